"""Trying a look: real pages under unsaved colours and logo, in a frame that can do nothing, with nothing kept."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.configuration.models import SectionVersion
from core.web.console.branding.samples import SAMPLES
from tenants.scope import tenant_transaction

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#123456"/></svg>'
ENTERED = {"name": "Caisse d'essai", "short_name": "Essai", "accent": "#7a1f5c", "logo_svg": LOGO}


@pytest.fixture
def browser(office):
    return office.browser("gilles")


def try_look(browser, **changed):
    return browser.post("/console/branding/preview/", ENTERED | changed)


@pytest.mark.parametrize("page", list(SAMPLES))
def test_each_page_is_shown_under_the_draft_and_can_do_nothing(office, browser, page):
    answer = try_look(browser, preview_page=page)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Essai" in body
    assert "data:image/svg+xml;base64," in body
    assert "<script" not in body
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    with tenant_transaction(office.caisse):
        assert not SectionVersion.objects.filter(section="branding", value__name="Caisse d'essai").exists()


def test_stylesheet_of_the_draft_needs_no_cookie_and_cannot_be_made_up(office, browser):
    address = re.search(r'/branding/draft/[^"]+\.css', try_look(browser).content.decode())[0]
    visitor = office.browser()
    answer = visitor.get(address)
    assert "--accent:#7a1f5c" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert visitor.get(address.replace("/draft/", "/draft/x")).status_code == 404


@pytest.mark.parametrize(
    ("entry", "value"), [("accent", "#ffcc00"), ("logo_svg", "<svg><script/></svg>"), ("name", "")]
)
def test_what_cannot_be_saved_is_not_shown_but_explained(browser, entry, value):
    answer = try_look(browser, **{entry: value})
    assert answer.status_code == 422
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<script/>" not in answer.content.decode()


def test_contrast_is_told_with_the_nearest_colour_that_can_be_read(browser):
    bad = browser.get("/console/branding/contrast/", {"accent": "#ffcc00"}, headers={"accept-language": "en"})
    assert "1.5 : 1" in bad.content.decode()
    nearest = bad.context["nearest"]
    good = browser.get("/console/branding/contrast/", {"accent": nearest})
    assert good.context["nearest"] == ""
    assert float(good.context["ratio"]) >= 4.5
    assert browser.get("/console/branding/contrast/", {"accent": "red"}).content == b""


def test_colour_without_contrast_is_refused_with_the_suggestion(browser):
    answer = browser.post("/console/branding/", ENTERED | {"accent": "#ffcc00"})
    assert answer.status_code == 422
    assert re.search(r"#[0-9a-f]{6} (would do|conviendrait)", answer.content.decode())


def test_only_the_console_tries_a_look(office):
    assert office.browser("elena").post("/console/branding/preview/", ENTERED).status_code == 404


def test_file_that_was_chosen_is_tried_too(browser):
    answer = try_look(browser, logo_svg="", **{"logo_svg.__file": SimpleUploadedFile("logo.svg", LOGO.encode())})
    assert "data:image/svg+xml;base64," in answer.content.decode()
