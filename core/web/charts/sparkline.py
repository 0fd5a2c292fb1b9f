"""Small charts: bars along time, each with its value in words, as accessible SVG without script or inline style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

LEVELS = ("ok", "warn", "stop")


@dataclass(frozen=True, slots=True)
class Point:
    """One bar: its height as a value, None for a gap, its level, and what it says in words."""

    value: float | None
    words: str
    level: str = "ok"


def draw_bars(
    points: Sequence[Point], *, title: str, width: int = 192, height: int = 28, top: float | None = None
) -> SafeString:
    """Return one SVG; its ``title`` says in words what the bars show. The highest value, or ``top``, fills it.

    Colours come from the page's style sheet (``.spark``), never alone: height and words say the same.
    """
    highest = top if top is not None else max((one.value or 0 for one in points), default=0)
    step = width / max(len(points), 1)
    bars = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        (_bar(one, number, step, height, highest) for number, one in enumerate(points)),
    )  # fmt: skip
    return format_html(
        '<svg class="spark" role="img" viewBox="0 0 {} {}" width="{}" height="{}" preserveAspectRatio="none" '
        'aria-label="{}" focusable="false">{}</svg>',
        width, height, width, height, title, bars,
    )  # fmt: skip


def _bar(point: Point, number: int, step: float, height: int, highest: float) -> tuple[str, str, str, str, str, str]:
    """Return class, place and words of a bar; a gap is a low mark of its own kind, nothing a line at the foot."""
    left, wide = number * step, max(step - 1, 0.5)
    if point.value is None:
        return "gap", _figure(left), _figure(height - 1), _figure(wide), "1", point.words
    tall = max(2.0, height * min(point.value / highest, 1.0)) if highest and point.value else 2.0
    return point.level, _figure(left), _figure(height - tall), _figure(wide), _figure(tall), point.words


def _figure(value: float) -> str:
    """Return a coordinate as SVG writes it, whatever the reader's language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
