"""Reads delimited text: finds its encoding and separator, loses no cell, says where it is broken."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

import polars as pl

from core.declare.texts import BLANKS
from core.intake import refusals
from core.intake.sniff import BYTE_ORDER_MARKS, wide_encoding
from core.intake.tables import ROW, RawTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.intake.limits import Limits

SEPARATORS = (";", "\t", ",", "|")
SAMPLE_LINES = 50
CHUNK_ROWS = 10_000
CELL_CHARACTERS = 32_767
# C1 control characters: text in cp1252 that was taken for Latin-1, or no text at all.
CONTROLS = frozenset(chr(code) for code in range(0x80, 0xA0))


def read_text_table(path: Path, limits: Limits) -> RawTable:
    """Return the file as one table; ``facts`` name the encoding and the separator found."""
    text, encoding = decode(path.read_bytes())
    separator = find_separator(text)
    frame = pl.concat(list(_frames(text, separator, limits)), how="diagonal")
    ordered = [ROW, *sorted((name for name in frame.columns if name != ROW), key=int)]
    return RawTable(frame.select(ordered), {"encoding": encoding, "separator": separator})


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: marks first, then UTF-8, then what Windows writes."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding), encoding
    if wide := wide_encoding(content):
        return _strict(content, wide), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_western(content)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count("\n".encode(encoding)) + 1
        raise refusals.UnreadableText(line=line) from error


def _decode_western(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("cp1252"), "windows-1252"
    except UnicodeDecodeError as error:
        text = content.decode("latin-1")
        if CONTROLS.intersection(text):
            raise refusals.UnreadableText(line=content[: error.start].count(b"\n") + 1) from error
        return text, "iso-8859-1"


def find_separator(text: str) -> str:
    """Return the separator that cuts most of the first lines into the same number of cells, at least two."""
    declared = text[:6].lower()
    if declared.startswith("sep=") and text[4:5] in SEPARATORS:
        return text[4]
    lines = [line for line in islice(io.StringIO(text, newline=None), SAMPLE_LINES) if line.strip()]
    return max(SEPARATORS, key=lambda separator: _evenness(lines, separator))


def _evenness(lines: list[str], separator: str) -> tuple[int, int]:
    widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if len(cells) > 1)
    if not widths:
        return (0, 0)
    width, times = widths.most_common(1)[0]
    return (times, width)


def _frames(text: str, separator: str, limits: Limits) -> Iterator[pl.DataFrame]:
    first = 1
    for records in _batches(_records(text, separator)):
        width = max(map(len, records))
        if width > limits.columns:
            raise refusals.TooManyColumns(columns=width, limit=limits.columns)
        if first + len(records) > limits.rows + SAMPLE_LINES:
            raise refusals.TooManyRows(limit=limits.rows)
        columns = {str(index): list(column) for index, column in enumerate(zip_longest(*records))}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        empty_is_null = pl.when(pl.all().str.strip_chars(BLANKS).str.len_bytes() > 0).then(pl.all())
        numbers = pl.Series(ROW, range(first, first + len(records)), dtype=pl.Int64)
        yield frame.select(empty_is_null).insert_column(0, numbers)
        first += len(records)


def _batches(records: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(islice(records, CHUNK_ROWS)):
        yield batch


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Yield one list per record; a spreadsheet numbers records, so a blank line counts as one."""
    csv.field_size_limit(CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    started = 1
    try:
        for record in reader:
            yield record or [""]
            started = reader.line_num + 1
    except csv.Error as error:
        raise refusals.BrokenQuotes(line=started) from error
