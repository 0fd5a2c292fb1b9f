"""XML of strangers: nothing is fetched, expanded or built beyond bounds, and every fault names its line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from core.intake import refusals
from core.intake.hardened_xml import check_prologue, parse_small, stream_elements

if TYPE_CHECKING:
    from pathlib import Path

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "external_entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "external_subset": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd"><a/>',
    "parameter_entity": '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]><a/>',
    "billion_laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>',
    "quadratic_blow_up": f'<!DOCTYPE a [<!ENTITY q "{"x" * 50_000}">]><a b="{"&q;" * 1000}">{"&q;" * 5000}</a>',
    "harmless": "<!DOCTYPE a><a/>",
}


def prologue_then_stream(content: bytes) -> list[str]:
    file = io.BytesIO(content)
    check_prologue(file)
    return [element.tag for element in stream_elements(file, ("a",))]


@pytest.mark.parametrize("name", DOCTYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_type_refused_before_it_is_read(name: str, encoding: str) -> None:
    with pytest.raises(refusals.XmlWithDoctype):
        prologue_then_stream(DOCTYPES[name].encode(encoding))


@pytest.mark.parametrize("name", DOCTYPES)
def test_small_parts_refuse_a_document_type_too(name: str) -> None:
    with pytest.raises(refusals.FileRefused):
        parse_small(DOCTYPES[name].encode())


@pytest.mark.parametrize("encoding", ["EUC-JP", "no-such-encoding"])
def test_encoding_that_the_gate_cannot_read_is_refused(encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>{DOCTYPES["billion_laughs"]}'.encode()
    with pytest.raises(refusals.XmlEncoding):
        prologue_then_stream(content)


BROKEN = {
    "truncated": (b"<a>\n<b>\n<c>", refusals.TruncatedXml, {"line": 3}),
    "wrongly_nested": (b"<a>\n<b>\n</a>", refusals.MalformedXml, {"line": 3}),
    "bare_ampersand": (b"<a>\nHuber & Co</a>", refusals.MalformedXml, {"line": 2}),
    "latin_1_called_utf_8": ("<?xml version='1.0' encoding='UTF-8'?>\n<a>\nZoé</a>".encode("latin-1"), refusals.XmlEncoding, {"line": 3}),
    "too_deep": (b"<a>" * 300 + b"</a>" * 300, refusals.XmlTooDeep, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_says_where(name: str) -> None:
    content, refusal, params = BROKEN[name]
    with pytest.raises(refusals.FileRefused) as raised:
        prologue_then_stream(content)
    assert type(raised.value) is refusal
    assert params.items() <= raised.value.params.items()


def test_root_is_named_and_file_rewound() -> None:
    file = io.BytesIO(b'<x:a xmlns:x="urn:n"><x:b/></x:a>')
    assert check_prologue(file) == "urn:n a"
    assert file.tell() == 0


def test_elements_are_emptied_behind_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "many.xml"
    path.write_bytes(b"<r>" + b"<a><b/></a>" * 3 + b"</r>")
    seen = []
    with path.open("rb") as file:
        for element in stream_elements(file, ("a",)):
            assert len(element) == 1
            seen.append(element)
    assert [len(element) for element in seen] == [0, 0, 0]
