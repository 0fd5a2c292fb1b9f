"""What saving would change, in words."""

from __future__ import annotations

from django.utils import translation

from core.configuration.sections import BrandingSection
from core.web.console.changes import list_changes
from tests.support.sections import png

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="{}"/></svg>'


def test_logo_is_named_as_an_image_and_never_shown_as_its_source():
    before, after = (BrandingSection(name="Lac", logo_svg=SVG.format(height)) for height in (3, 4))
    with translation.override("en"):
        changes = list_changes(before, after)
    assert [(one.before, one.after) for one in changes] == [("an image of 1 KB",) * 2]


def test_picture_is_named_as_an_image_too():
    with translation.override("en"):
        changes = list_changes(BrandingSection(), BrandingSection(logo_png=png(4, 2)))
    assert [(one.before, one.after) for one in changes] == [("", "an image of 1 KB")]
