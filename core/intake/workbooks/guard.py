"""Text that a spreadsheet must not run: cells that look like formulas, and what XML cannot carry."""

from __future__ import annotations

import re

# What makes a spreadsheet program calculate when it opens plain text, full-width forms included.
_DANGEROUS = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_FIGURE = re.compile(r"[+-]?[0-9][0-9 '’.,]*")
_GUARDED = re.compile(r"'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_LIMIT = 32_767


def guard_text(text: str) -> str:
    """Return text for a CSV cell: an apostrophe goes before what could run; figures stay as they are."""
    if _DANGEROUS.match(text) and not _FIGURE.fullmatch(text):
        return f"'{text}"
    return text


def unguard_text(text: str) -> str:
    """Return the text that :func:`guard_text` was given."""
    return text[1:] if _GUARDED.match(text) else text


def writable(text: str) -> str:
    """Return text as a workbook's cell can hold it: no control characters, at most 32,767 long."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:CELL_LIMIT]
