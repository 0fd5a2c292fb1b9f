"""Small charts: well-formed, escaped, without script or style, and true to their values."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from core.web.charts.sparkline import Point, draw_bars


def bars(points, **values):
    svg = ET.fromstring(draw_bars(points, title='Last "48" <hours>', **values))
    return svg, [(one.get("class"), float(one.get("y")), float(one.get("height"))) for one in svg]


def test_highest_value_fills_the_height_and_the_rest_stands_in_proportion():
    _svg, drawn = bars([Point(10, "a"), Point(5, "b"), Point(0, "c")], height=40)
    assert drawn == [("ok", 0, 40), ("ok", 20, 20), ("ok", 38, 2)]


def test_given_top_holds_whatever_the_values_are():
    _svg, drawn = bars([Point(1, "a", "ok"), Point(9, "b", "stop")], height=30, top=3)
    assert drawn == [("ok", 20, 10), ("stop", 0, 30)]


def test_gap_is_told_apart_from_nothing():
    _svg, drawn = bars([Point(None, "a"), Point(0, "b")], height=30)
    assert [kind for kind, _y, _height in drawn] == ["gap", "ok"]


def test_words_are_escaped_and_reach_who_does_not_see():
    svg, _drawn = bars([Point(1, "<b>1</b>")])
    assert svg.get("aria-label") == 'Last "48" <hours>'
    assert (svg.get("role"), svg[0][0].text) == ("img", "<b>1</b>")


def test_nothing_of_it_needs_more_than_the_style_sheet():
    drawn = draw_bars([Point(1, "a")] * 48, title="x")
    for forbidden in ("style=", "<script", "onload", "fill="):
        assert forbidden not in drawn


def test_no_points_make_an_empty_drawing():
    svg, drawn = bars([])
    assert (svg.tag, drawn) == ("svg", [])
