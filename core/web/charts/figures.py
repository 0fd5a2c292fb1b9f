"""Charts of a page: columns over time, and bars of one kind each, with their table, legend and summary in words.

Colour is never alone: each series has a pattern of its own, a name in the legend and its values in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 720, 260
LEFT, FOOT, HEAD = 48, 36, 12
LINE, NAME, BAR = 46, 15, 16  # a line of bars: its height, where its name stands, how tall the bar below is
MOST_SERIES = 6
STEPS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """One coloured rectangle: place and size in the drawing's units or in percent, which pattern, and what it says."""

    x: str
    y: str
    width: str
    height: str
    pattern: int
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """One short text of the drawing."""

    x: str
    y: str
    text: str
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thin line of the scale."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and all that says the same: title, summary, legend (pattern and name), heads and rows of its table.

    One with a ``width`` is scaled as a whole; one without is as wide as its place, and its texts keep their size.
    """

    key: str
    title: str
    summary: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[int, str], ...] = ()
    width: int | None = None
    height: int = HEIGHT
    boxes: tuple[Box, ...] = ()
    labels: tuple[Label, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def patterns(self) -> tuple[int, ...]:
        """The patterns that drawing and legend use."""
        return tuple(sorted({box.pattern for box in self.boxes} | {pattern for pattern, _name in self.legend}))


def draw_columns(
    *, key: str, title: str, summary: str, over: str, names: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]
) -> Chart:
    """Return columns over ``names``, each stacked from the series' values at that place."""
    totals = [sum(values[place] for _name, values in series) for place in range(len(names))]
    top = nice_top(max(totals, default=0))
    step = (WIDTH - LEFT) / max(len(names), 1)
    room = HEIGHT - FOOT - HEAD
    boxes = []
    for place, name in enumerate(names):
        base = float(HEIGHT - FOOT)
        for number, (label, values) in enumerate(series):
            tall = room * values[place] / top
            base -= tall
            if values[place]:
                words = f"{name}, {label}: {values[place]}"
                left, wide = LEFT + place * step + step * 0.1, step * 0.8
                boxes.append(Box(show(left), show(base), show(wide), show(tall), number, words))
    every = -(-len(names) * 56 // (WIDTH - LEFT))  # as many names as have room
    below = [
        Label(show(LEFT + (place + 0.5) * step), show(HEIGHT - FOOT + 20), name, "middle")
        for place, name in enumerate(names)
        if place % max(every, 1) == 0
    ]
    rows = [
        (name, *(str(values[place]) for _label, values in series), *([str(totals[place])] if len(series) > 1 else []))
        for place, name in enumerate(names)
    ]
    scale, lines = _scale(top, room)
    return Chart(
        key=key,
        title=title,
        summary=summary,
        heads=(over, *(label for label, _values in series), *(["Σ"] if len(series) > 1 else [])),
        rows=tuple(rows),
        legend=tuple((number, label) for number, (label, _values) in enumerate(series)),
        width=WIDTH,
        boxes=tuple(boxes),
        labels=(*scale, *below),
        rules=lines,
    )


def _scale(top: int, room: int) -> tuple[tuple[Label, ...], tuple[Rule, ...]]:
    labels, lines = [], []
    for part in range(STEPS + 1):
        value, y = top * part / STEPS, HEIGHT - FOOT - room * part / STEPS
        lines.append(Rule(show(LEFT), show(y), show(WIDTH), show(y)))
        if value == int(value):
            labels.append(Label(show(LEFT - 8), show(y + 4), str(int(value))))
    return tuple(labels), tuple(lines)


def draw_bars(
    *,
    key: str,
    title: str,
    summary: str,
    heads: Sequence[str],
    lines: Sequence[tuple[str, Sequence[tuple[int, float]], str]],
    legend: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
) -> Chart:
    """Return for each thing a line with its name and its end, and below it its stacked values (pattern, value).

    Names stand above their bars, so that all bars have the whole width on a telephone too.
    """
    top = max((sum(value for _pattern, value in parts) for _name, parts, _end in lines), default=0) or 1
    boxes: list[Box] = []
    labels: list[Label] = []
    for place, (name, parts, end) in enumerate(lines):
        y, x = place * LINE + NAME, 0.0
        labels += [Label("0", str(y), shorten(name), "start"), Label("100%", str(y), end)]
        for pattern, value in parts:
            wide = 100 * value / top
            if wide > 0:
                boxes.append(Box(f"{show(x)}%", str(y + 7), f"{show(wide)}%", str(BAR), pattern, f"{name}: {end}"))
            x += wide
    return Chart(
        key=key,
        title=title,
        summary=summary,
        heads=tuple(heads),
        rows=tuple(tuple(row) for row in rows),
        legend=tuple(enumerate(legend)),
        height=max(len(lines), 1) * LINE,
        boxes=tuple(boxes),
        labels=tuple(labels),
    )


def gather(series: Sequence[tuple[str, Sequence[int]]], rest: str) -> list[tuple[str, list[int]]]:
    """Return at most six series, the largest first; the small ones are added up under ``rest``."""
    ordered = sorted(series, key=lambda one: -sum(one[1]))
    if len(ordered) <= MOST_SERIES:
        return [(name, list(values)) for name, values in ordered]
    kept, small = ordered[: MOST_SERIES - 1], ordered[MOST_SERIES - 1 :]
    added = [sum(values) for values in zip(*(values for _name, values in small), strict=True)]
    return [*((name, list(values)) for name, values in kept), (rest, added)]


def nice_top(highest: int) -> int:
    """Return where a scale ends: a round figure in four whole steps where there is room for them."""
    size = 1
    while True:
        for factor in (1, 2, 4, 8):
            if factor * size >= highest and factor * size >= STEPS:
                return factor * size
        size *= 10


def shorten(name: str, longest: int = 34) -> str:
    """Return a name that fits beside its bar; the table has it in full."""
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def show(value: float) -> str:
    """Return a coordinate as SVG writes it, whatever the reader's language."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
