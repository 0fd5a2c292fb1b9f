"""Charts: scales, places and what is gathered; the drawing itself is looked at in a browser."""

from __future__ import annotations

import pytest

from core.web.charts.figures import draw_bars, draw_columns, gather, nice_top, shorten


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (3, 4), (5, 8), (9, 10), (10, 10), (11, 20), (99, 100), (301, 400)]
)
def test_scale_ends_at_a_round_figure(highest, top):
    assert nice_top(highest) == top


def test_columns_are_stacked_from_the_foot_without_gap():
    chart = draw_columns(
        key="k", title="t", summary="s", over="Month", names=["a", "b"], series=[("x", [1, 0]), ("y", [3, 0])]
    )
    low, high = chart.boxes
    assert float(high.y) + float(high.height) == float(low.y)
    assert float(low.y) + float(low.height) == chart.height - 36
    assert (low.words, high.pattern) == ("a, x: 1", 1)
    assert chart.rows == (("a", "1", "3", "4"), ("b", "0", "0", "0"))
    assert chart.heads == ("Month", "x", "y", "Σ")


@pytest.mark.parametrize(("columns", "wide", "narrow"), [(1, 1, 1), (4, 4, 2), (13, 7, 3), (105, 9, 3)])
def test_newest_column_is_named_wherever_there_is_room_for_few(columns, wide, narrow):
    names = [str(n) for n in range(columns)]
    chart = draw_columns(key="k", title="t", summary="s", over="o", names=names, series=[("x", [1] * columns)])
    named = [one for one in chart.labels if float(one.y) > chart.height - 36 + 4]
    always = [one for one in named if not one.spare]
    assert (len(named), len(always)) == (wide, narrow)
    assert (always[0].text, always[0].x, always[0].anchor) == (names[-1], "100%", "end")
    assert all(float(one.x.removesuffix("%")) > 10 for one in named)


def test_bars_share_one_scale():
    chart = draw_bars(
        key="k",
        title="t",
        summary="s",
        heads=("a",),
        lines=[("one", [(0, 4.0)], "4"), ("two", [(0, 1.0), (1, 1.0)], "2")],
    )
    widths = [float(box.width.removesuffix("%")) for box in chart.boxes]
    assert widths[0] == 100  # as wide as its place, on a telephone too
    assert widths[0] == pytest.approx(2 * (widths[1] + widths[2]), abs=0.2)
    assert draw_bars(key="k", title="t", summary="s", heads=(), lines=[("none", [(0, 0.0)], "0")]).boxes == ()


def test_small_series_are_added_up():
    series = [(str(n), [n, n]) for n in range(9)]
    found = gather(series, "rest")
    assert [name for name, _values in found] == ["8", "7", "6", "5", "4", "rest"]
    assert found[-1][1] == [6, 6]
    assert gather(series[:2], "rest") == [("1", [1, 1]), ("0", [0, 0])]


def test_long_names_are_cut_beside_a_bar():
    assert shorten("x" * 40) == "x" * 33 + "…"
    assert shorten("short") == "short"
