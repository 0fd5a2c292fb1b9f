"""Which SVG may be a logo."""

from __future__ import annotations

import base64

import pytest
from lxml import etree
from pydantic import ValidationError

from core.configuration.logos import MAX_ICON_BYTES, clean, find_fault
from core.configuration.sections import BrandingSection
from tests.support.sections import png

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 8 8">'


def test_shapes_gradients_and_text_are_fine() -> None:
    body = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<!-- drawn on Monday --><rect fill="url(#g)" width="8" height="8"/><use xlink:href="#g"/><text>Caisse on</text>'
    )
    assert find_fault(f"{HEAD}{body}</svg>") is None


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        '<rect ONCLICK="alert(1)"/>',
        '<a xlink:href="https://example.com"><rect/></a>',
        '<use xlink:href="https://example.com/x.svg#a"/>',
        '<use href="data:image/svg+xml;base64,AAAA"/>',
        '<image href="https://example.com/x.png"/>',
        '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        "<style>@import url(https://example.com)</style>",
        '<rect style="fill:url(https://example.com/x)"/>',
        "<rect fill=\"url( 'https://example.com/x')\"/>",
        '<rect style="fill:u\\72l(x)"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        "<?php echo 1 ?>",
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>',
        "<style>rect { fill: url( https://example.com/x ) }</style>",
        "<style>rect { fill: \\75rl(x) }</style>",
        "<style><x/>@import 'x'</style>",
        "<style>/* <!-- --> */ rect { fill: image-set('https://example.com/x' 1x) }</style>",
        "<style>a<!-- x -->@import 'x'</style>",
        "<style><![CDATA[ @import 'x' ]]></style>",
    ],
)
def test_what_runs_loads_or_links_is_refused(body: str) -> None:
    assert find_fault(f"{HEAD}{body}</svg>") is not None


EDITORS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:k="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"'
    ' viewBox="0 0 8 8" k:docname="C:\\Users\\anne\\logo.svg"><!-- drawn by Anne -->'
    "<k:namedview zoom='4'/><metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>"
    "<style>.a { fill: #123456 }</style><text>Caisse<!-- x --> du Lac</text><rect class='a' width='8' height='8'/></svg>"
)


def test_what_drawing_programs_leave_behind_is_taken_out_and_the_drawing_stays() -> None:
    found = BrandingSection(logo_svg=EDITORS).logo_svg
    assert found.startswith("<svg")
    for gone in ("DOCTYPE", "anne", "Anne", "namedview", "metadata", "sodipodi", "RDF"):
        assert gone not in found
    assert '<style>.a { fill: #123456 }</style><text>Caisse du Lac</text><rect class="a"' in found
    assert clean(found) == found


def test_drawing_without_anything_to_take_out_stays_as_it_was_written() -> None:
    drawing = f"{HEAD}\n  <rect width='8'   height='8' />\n</svg>"
    assert clean(drawing) == drawing


@pytest.mark.parametrize("text", ["", "plain", "<svg>", "<html/>", "?", "\0"])
def test_what_is_no_drawing_is_left_to_be_refused(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "<svg>",
        "<html/>",
        "plain",
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + "&a;</svg>",
        HEAD + "x" * 70_000 + "</svg>",
        HEAD.replace("0 0 8 8", "0 0 8 50000") + "</svg>",
        HEAD.replace("<svg", '<svg width="50000px"') + "</svg>",
    ],
)
def test_what_is_no_svg_or_too_large_is_refused(text: str) -> None:
    assert find_fault(text) is not None


def test_icon_is_smaller_than_a_logo() -> None:
    drawing = f"{HEAD}{'<rect/>' * 3000}</svg>"
    assert find_fault(drawing) is None
    assert "16 KiB" in str(find_fault(drawing, most_bytes=MAX_ICON_BYTES))


def test_picture_is_accepted_by_its_header_and_drawn_on_papers() -> None:
    branding = BrandingSection(logo_png=png(40, 20))
    drawing = etree.fromstring(branding.logo_drawing.encode())
    assert drawing.get("viewBox") == "0 0 40 20"
    assert drawing[0].get("href") == f"data:image/png;base64,{png(40, 20)}"
    assert BrandingSection(logo_svg=f"{HEAD}</svg>", logo_png=png(4, 2)).logo_drawing == f"{HEAD}</svg>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (png(50_000, 50_000), "50000 by 50000 pixels; at most 2000"),
        (png(1, 2001), "1 by 2001 pixels"),
        (png(0, 4), "not a PNG"),
        ("A" * 200_000, "larger than 96 KiB"),
        ("not base64 !", "not a PNG"),
        (base64.b64encode(b"\xff\xd8\xff" + bytes(80)).decode(), "not a PNG"),
        (png(4, 2)[:24], "not a PNG"),
        (base64.b64encode(base64.b64decode(png(9, 9)).replace(b"\0\0\0\x09", b"\0\0\0\x08")).decode(), "not a PNG"),
    ],
)
def test_other_pictures_are_refused_before_they_are_opened(text: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        BrandingSection(logo_png=text)
