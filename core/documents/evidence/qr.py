"""QR codes as small SVG texts."""

from __future__ import annotations

import re

import segno

_DARK = re.compile(b"\x01+")
# Readers accept each of the eight masks; weighing them all would cost more than setting the page.
_MASK = 2


def to_svg(text: str) -> str:
    """Return an SVG of one path, without a quiet zone; the same text gives the same bytes."""
    matrix = segno.make(text, error="l", mask=_MASK, micro=False).matrix
    path = "".join(_bars(y, bytes(row)) for y, row in enumerate(matrix))
    side = len(matrix)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>'


def _bars(y: int, row: bytes) -> str:
    return "".join(_bar(y, *run.span()) for run in _DARK.finditer(row))


def _bar(y: int, start: int, end: int) -> str:
    return f"M{start} {y}h{end - start}v1H{start}z"
