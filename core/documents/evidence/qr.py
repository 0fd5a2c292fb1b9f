"""QR codes as small SVG texts."""

from __future__ import annotations

import re

import segno

_DARK = re.compile(b"\x01+")
# Readers accept each of the eight masks; weighing them all would cost more than setting the page.
_MASK = 2


def to_svg(text: str) -> str:
    """Return an SVG of one path, without a quiet zone; the same text gives the same bytes."""
    matrix = segno.make(text, error="l", boost_error=False, mask=_MASK, micro=False).matrix
    # Each dark run is a stroke along the middle of its row, one module thick.
    runs = [f"M{run.start()} {y}H{run.end()}" for y, row in enumerate(matrix) for run in _DARK.finditer(row)]
    side = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -.5 {side} {side}">'
        f'<path d="{"".join(runs)}" fill="none" stroke="#000"/></svg>'
    )
