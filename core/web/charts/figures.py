"""Charts of a page: columns over time, and bars of one kind each, with their table, legend and summary in words.

Colour is never alone: each series has a pattern of its own, a name in the legend and its values in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Drawings are as wide as their place: across they are measured in percent of it, downwards in pixels.
LEFT = 10.0
HEIGHT, FOOT, HEAD = 260, 36, 12
# As many names have room below columns on a desk's screen, and on a telephone.
NAMES_WIDE, NAMES_NARROW = 9, 3
LINE, NAME, BAR = 46, 15, 16  # a line of bars: its height, where its name stands, how tall the bar below is
MOST_SERIES = 6
STEPS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """One coloured rectangle: place and size, which pattern, and what it says."""

    x: str
    y: str
    width: str
    height: str
    pattern: int
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """One short text of the drawing; a ``spare`` one is left out where there is little room."""

    x: str
    y: str
    text: str
    anchor: str = "end"
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One thin line of the scale."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and all that says the same: title, summary, legend (pattern and name), heads and rows of its table."""

    key: str
    title: str
    summary: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[int, str], ...] = ()
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
    step = (100 - LEFT) / max(len(names), 1)
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
                boxes.append(Box(share(left), show(base), share(wide), show(tall), number, words))
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
        boxes=tuple(boxes),
        labels=(*scale, *_name_columns(names, step)),
        rules=lines,
    )


def _name_columns(names: Sequence[str], step: float) -> list[Label]:
    """Return the names below columns, counted from the last, which is the newest: as many as have room."""
    labels = []
    every, far = (max(-(-len(names) // most), 1) for most in (NAMES_WIDE, NAMES_NARROW))
    far = -(-far // every) * every
    for back, name in enumerate(reversed(names)):
        if back % every == 0:
            x, anchor = (100 - (back + 0.5) * step, "middle") if back else (100.0, "end")
            labels.append(Label(share(x), show(HEIGHT - FOOT + 20), name, anchor, spare=back % far != 0))
    return labels


def _scale(top: int, room: int) -> tuple[tuple[Label, ...], tuple[Rule, ...]]:
    labels, lines = [], []
    for part in range(STEPS + 1):
        value, y = top * part / STEPS, HEIGHT - FOOT - room * part / STEPS
        lines.append(Rule(share(LEFT), show(y), share(100), show(y)))
        if value == int(value):
            labels.append(Label(share(LEFT - 1), show(y + 4), str(int(value))))
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
        labels += [Label("0", str(y), shorten(name), "start"), Label(share(100), str(y), end)]
        for pattern, value in parts:
            wide = 100 * value / top
            if wide > 0:
                boxes.append(Box(share(x), str(y + 7), share(wide), str(BAR), pattern, f"{name}: {end}"))
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
    return f"{value:.2f}".rstrip("0").rstrip(".")


def share(percent: float) -> str:
    """Return a place or a width in percent of the drawing."""
    return f"{show(percent)}%"
