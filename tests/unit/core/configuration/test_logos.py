"""Which SVG may be a logo."""

from __future__ import annotations

import pytest

from core.configuration.logos import find_fault

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
    ],
)
def test_what_runs_loads_or_links_is_refused(body: str) -> None:
    assert find_fault(f"{HEAD}{body}</svg>") is not None


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
