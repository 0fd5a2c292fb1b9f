"""A caisse's stylesheet: text in its colour can be read on each ground, in light and in dark, whatever it chose."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from core.configuration.colours import READABLE, contrast, nearest_readable
from core.configuration.sections import BrandingSection
from core.web.branding import DARK_PAPER, GROUND, stylesheet

accepted = st.integers(0, 0xFFFFFF).map("#{:06x}".format).map(nearest_readable)


@given(accepted)
def test_text_in_the_caisses_colour_is_readable_everywhere(accent):
    light, dark = stylesheet(BrandingSection(accent=accent)).split("@media")
    values = [dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", part)) for part in (light, dark)]
    assert values[0]["accent"] == accent, "buttons keep the colour itself"
    for ground in (GROUND, "#ffffff", values[0]["accent-soft"]):
        assert contrast(values[0]["accent-text"], ground) >= READABLE
    for ground in (DARK_PAPER, values[1]["accent-soft"]):
        assert contrast(values[1]["accent-text"], ground) >= READABLE
