"""Logo and icon of a caisse: served under an address that changes with them, as images that can do nothing else."""

from __future__ import annotations

import base64
import re

import pytest

from core.configuration.sections import BrandingSection
from core.configuration.services import change_sections
from core.documents.evidence import signing
from core.documents.evidence.notices import Letter, render_notice_pdf
from core.kernel import clock
from core.kernel.actors import Actor
from core.messaging.papers import paper_branding
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.sections import png

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>'


def brand(caisse, **values):
    with tenant_transaction(caisse):
        change_sections(actor=Actor.system("test"), sections=[BrandingSection(name="Lac", **values)])


def addresses(caisse):
    page = Browser(HTTP_HOST=f"{caisse.slug}.localhost").get("/sign-in/").content.decode()
    return re.search(r'rel="icon" href="([^"]+)"', page)[1], re.search(
        r'class="brand"[^>]*>\s*<img src="([^"]+)"', page
    )


@pytest.mark.parametrize(
    ("values", "name", "kind", "content"),
    [
        ({"favicon_svg": SVG}, "favicon.svg", "image/svg+xml", SVG.encode()),
        ({"logo_svg": SVG}, "logo.svg", "image/svg+xml", SVG.encode()),
        ({"logo_png": png(8, 4)}, "logo.png", "image/png", base64.b64decode(png(8, 4))),
    ],
)
def test_image_is_served_for_good_under_its_version(caisse, values, name, kind, content):
    brand(caisse, **values)
    icon, logo = addresses(caisse)
    address = icon if name == "favicon.svg" else logo[1]
    assert address.endswith(name)
    answer = Browser(HTTP_HOST=f"{caisse.slug}.localhost").get(address)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, kind, content)
    assert "immutable" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    brand(caisse, **values, short_name="Neu")
    assert address not in addresses(caisse)[0] + str(addresses(caisse)[1])


@pytest.mark.parametrize("name", ["logo.svg", "logo.png", "favicon.svg", "other.svg"])
def test_what_is_not_set_is_not_there(caisse, name):
    brand(caisse)
    assert Browser(HTTP_HOST=f"{caisse.slug}.localhost").get(f"/branding/0/{name}").status_code == 404
    icon, logo = addresses(caisse)
    assert (logo, "branding" in icon) == (None, False)


def test_picture_is_drawn_on_papers(caisse):
    letter = Letter(title="Avis", paragraphs=("Texte",), language="fr", at=clock.now())
    pages = []
    for values in ({}, {"logo_png": png(8, 4)}):
        brand(caisse, **values)
        key = signing.get_keyring().active
        pages.append(render_notice_pdf(letter, branding=paper_branding(caisse), key=key))
    assert b"/Subtype/Image" in pages[1].replace(b" ", b"") or len(pages[1]) != len(pages[0])
