"""Text tables in every encoding and with every separator; nothing of a cell is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake import refusals
from core.intake.delimited import decode, find_separator, read_text_table
from core.intake.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "AHVNr;Prénom\n756;Zoé\n"
ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "utf-16-le with mark": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "utf-16-be with mark": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16-le": TEXT.encode("utf-16-le"),
    "windows-1252": TEXT.encode("cp1252"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_encoding_found(name: str) -> None:
    text, encoding = decode(ENCODED[name])
    assert text == TEXT
    assert encoding == name.removesuffix(" with mark")


def test_typographic_characters_of_windows() -> None:
    assert decode("L’Été – 5 €".encode("cp1252")) == ("L’Été – 5 €", "windows-1252")


def test_characters_of_no_encoding_name_the_line() -> None:
    with pytest.raises(refusals.UnreadableText) as raised:
        decode(b"a;b\n\x81\x8d;\xff\n")
    assert raised.value.params == {"line": 2}


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator_found(separator: str) -> None:
    line = separator.join(["AHVNr", '"Nom, Prénom; dit | X"', "1234.50"])
    assert find_separator(f"{line}\n{line}\n") == separator


def test_separator_declared_by_excel() -> None:
    assert find_separator("sep=|\na;b|c;d\n") == "|"


def test_blank_and_uneven_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('a;b\n\n"1\n2";x;y;z\n;\n4;5\n', encoding="utf-8")
    frame = read_text_table(path, Limits()).frame
    assert frame.get_column("row").to_list() == [1, 2, 3, 4, 5]
    assert frame.get_column("0").to_list() == ["a", None, "1\n2", None, "4"]
    assert frame.get_column("3").to_list() == [None, None, "z", None, None]


@pytest.mark.parametrize("text", ['a;b\nc;d\n"open;e\nf;g\n', 'a;b\nc;d\n"half"way;e\n'])
def test_broken_quotes_name_the_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(refusals.BrokenQuotes) as raised:
        read_text_table(path, Limits())
    assert raised.value.params["line"] == 3


def test_too_many_rows_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a;b\n" * 200, encoding="utf-8")
    with pytest.raises(refusals.TooManyRows):
        read_text_table(path, Limits(rows=100))
    path.write_text(";".join("x" * 50) + "\n", encoding="utf-8")
    with pytest.raises(refusals.TooManyColumns):
        read_text_table(path, Limits(columns=49))


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]), max_size=8)


@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=20))
def test_every_cell_comes_back(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("text") / "list.csv"
    lines = ["a;b;c"] * 60 + [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    frame = read_text_table(path, Limits()).frame.tail(len(rows)).drop("row")
    assert [["" if cell is None else cell for cell in row] for row in frame.iter_rows()] == rows
