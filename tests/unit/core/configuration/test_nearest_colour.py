"""The nearest colour that can be read on a light ground."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.configuration.colours import READABLE, contrast, nearest_readable

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colours)
def test_suggestion_is_always_readable_and_what_is_readable_stays(colour):
    found = nearest_readable(colour)
    assert contrast(found, "#ffffff") >= READABLE
    assert (found == colour) == (contrast(colour, "#ffffff") >= READABLE)


def test_one_step_lighter_would_not_do():
    assert nearest_readable("#ffffff") == "#757575"
