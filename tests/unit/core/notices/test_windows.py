"""Where the address stands, against measures taken from the makers' tables by hand."""

from __future__ import annotations

import pytest

from core.notices import windows

# Left, upper, right and lower edge on the sheet of what shows however the sheet lies.
SHOWS = {
    ("ch", "right"): (122, 44, 193, 75),
    ("ch", "left"): (20, 48, 101, 84),
    ("fr", "right"): (110, 55, 195, 88),
    ("fr", "left"): (20, 50, 100, 84),
}


@pytest.mark.parametrize(("country", "side"), SHOWS)
def test_address_lies_in_what_always_shows(country, side):
    left, upper, right, lower = SHOWS[country, side]
    area = windows.find_window(country, side)
    assert left <= area.x < area.x + area.width <= right
    assert upper <= area.y < area.y + area.height <= lower
    assert area.width >= 65
    assert area.height >= 25


def test_djibouti_prints_for_the_long_envelope_and_an_unknown_country_for_the_swiss_one():
    assert windows.find_window("dj", "right") == windows.find_window("fr", "right")
    assert windows.find_window("zz", "left") == windows.find_window("ch", "left")
