"""The console: each section's form says what is in force, reads back what it says, and keeps its history."""

from __future__ import annotations

import re
from base64 import b64decode
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.audit.models import Entry
from core.configuration import configuration, registry, services
from core.configuration.registry import find_section
from core.configuration.sections import BrandingSection, CalendarSection, DeadlinesSection, OpenIdSection, SignInSection
from core.web.console.menu import list_shown
from tenants.scope import tenant_transaction
from tests.support.sections import entered_values, png

SECTIONS = [kind.key for kind in list_shown()]


class Inputs(HTMLParser):
    """What a browser would send of the page's form: the values of each name, in their order."""

    def __init__(self, text):
        super().__init__()
        self.found, self._area, self._select, self._option = {}, None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "input" and name and (given.get("type") not in {"checkbox", "radio", "file"} or "checked" in given):
            self._take(name, given.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self._take(name, "")
        elif tag == "select":
            self._select, self._option = name, None
        elif tag == "option" and ("selected" in given or self._option is None):
            self._option = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._take(self._select, self._option)

    def handle_data(self, data):
        if self._area:
            self.found[self._area][-1] += data

    def _take(self, name, value):
        self.found.setdefault(name, []).append(value)


def form_of(answer):
    body = answer.content.decode()
    main = body[body.index('<main id="main"') :]
    # Django leaves out the first line break within a textarea, as browsers do.
    found = {name: values for name, values in Inputs(main).found.items() if name not in {"csrfmiddlewaretoken", "q"}}
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


@pytest.fixture
def browser(office):
    return office.browser("gilles")


@pytest.mark.parametrize("key", SECTIONS)
def test_form_reads_back_what_it_says(browser, key):
    page = browser.get(f"/console/{key}/")
    assert page.status_code == 200
    answer = browser.post(f"/console/{key}/", form_of(page))
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/console/{key}/")


@pytest.mark.parametrize("key", SECTIONS)
def test_form_reads_back_every_entry_that_is_set(office, browser, key):
    kind = find_section(key)
    wanted = kind.model_validate(entered_values(kind))
    with tenant_transaction(office.caisse):
        services.change_sections(actor=office.clerk("gilles"), sections=[wanted])
    answer = browser.post(f"/console/{key}/", form_of(browser.get(f"/console/{key}/")))
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/console/{key}/"), answer.context
    assert configuration.get(office.caisse, kind) == wanted


@pytest.mark.parametrize("key", SECTIONS)
def test_every_field_has_a_label_and_faults_are_told_beside_it(browser, key):
    body = browser.get(f"/console/{key}/").content.decode()
    shown = Inputs(body[body.index('<main id="main"') :]).found
    assert all(f'name="{name}"' in body for name in shown)


def test_change_is_shown_confirmed_kept_and_undone(office, browser):
    entered = form_of(browser.get("/console/deadlines/")) | {"answer_days": "20"}
    preview = browser.post("/console/deadlines/", entered)
    assert "What would change" in preview.content.decode() or preview.context["changes"]
    assert _answer_days(office) == 30
    confirmed = form_of(preview) | {"reason": "Shorter", "confirmed": "1"}
    assert browser.post("/console/deadlines/", confirmed)["Location"] == "/console/deadlines/history/?saved"
    assert _answer_days(office) == 20
    with tenant_transaction(office.caisse):
        assert Entry.objects.filter(action="configuration_changed", user_id=office.users["gilles"].id).count() == 1
    history = browser.get("/console/deadlines/history/")
    assert "Shorter" in history.content.decode()
    older = history.context["lines"][1]
    again = browser.post("/console/deadlines/", {"value": older["value"], "version": "2"})
    browser.post("/console/deadlines/", form_of(again) | {"confirmed": "1"})
    assert _answer_days(office) == 30


def test_change_of_somebody_else_is_not_overwritten(office, browser):
    entered = form_of(browser.get("/console/deadlines/")) | {"answer_days": "20"}
    preview = browser.post("/console/deadlines/", entered)
    with tenant_transaction(office.caisse):
        services.change_sections(actor=office.clerk("gilles"), sections=[DeadlinesSection(answer_days=25)])
    refused = browser.post("/console/deadlines/", form_of(preview) | {"confirmed": "1"})
    assert refused.status_code == 409
    assert _answer_days(office) == 25
    assert browser.post("/console/deadlines/", form_of(refused) | {"confirmed": "1"}).status_code == 302
    assert _answer_days(office) == 20


def test_what_cannot_stand_together_is_told_and_nothing_is_lost(office, browser, monkeypatch):
    """Another process may change a second section between the preview and the saving."""
    preview = browser.post("/console/deadlines/", form_of(browser.get("/console/deadlines/")) | {"answer_days": "20"})
    refuse = registry.add_check_across
    monkeypatch.setattr(registry, "_across", [])
    refuse([DeadlinesSection], lambda _sections: ["[deadlines] answer_days: not beside the other"])
    monkeypatch.setattr("core.web.console.views.list_faults_across", lambda *_: [])
    answer = browser.post("/console/deadlines/", form_of(preview) | {"confirmed": "1", "reason": "Why not"})
    assert answer.status_code == 409
    assert "not beside the other" in answer.context["refusal"]
    assert "Why not" in answer.content.decode()
    assert _answer_days(office) == 30


def test_change_may_hold_from_a_later_day(office, browser):
    preview = browser.post("/console/deadlines/", form_of(browser.get("/console/deadlines/")) | {"answer_days": "20"})
    browser.post("/console/deadlines/", form_of(preview) | {"confirmed": "1", "from": "2999-01-01"})
    assert _answer_days(office) == 30
    assert browser.get("/console/deadlines/history/").context["lines"][0]["state"] == "pending"


def test_faulty_entry_is_kept_and_named(office, browser):
    answer = browser.post("/console/deadlines/", form_of(browser.get("/console/deadlines/")) | {"answer_days": "900"})
    assert answer.status_code == 422
    assert 'value="900"' in answer.content.decode()
    assert [one.path for one in answer.context["faulty"]] == ["answer_days"]
    assert _answer_days(office) == 30


def test_auditor_reads_and_changes_nothing(office):
    browser = office.browser("greta")
    page = browser.get("/console/deadlines/")
    assert (page.status_code, page.context["may_change"]) == (200, False)
    assert browser.post("/console/deadlines/", form_of(page) | {"answer_days": "20"}).status_code == 404


def test_search_finds_a_setting_by_its_words(browser):
    hits = browser.get("/console/", {"q": "wage"}, headers={"accept-language": "en"}).context["hits"]
    assert {hit.url.partition("#")[2] for hit in hits} >= {"field-wage_change_percent", "field-wage_change_amount"}


def _answer_days(office):
    return configuration.load(office.caisse).sections["deadlines"].answer_days


def test_the_examination_comes_after_the_page_or_with_it(browser):
    page = browser.get("/console/doctor/").content.decode()
    assert 'hx-trigger="load"' in page
    assert "chip ok" not in page
    whole = browser.get("/console/doctor/?now").content.decode()
    part = browser.get("/console/doctor/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert whole.count("card-r") == part.count("card-r") > 10
    assert part.index("chip warn") < part.index("chip ok")


def test_a_clerk_examines_nothing(office):
    assert office.browser("elena").get("/console/doctor/?now").status_code == 404


LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>'


def upload(name, content):
    return SimpleUploadedFile(name, content)


def test_logo_is_chosen_as_a_file_shown_and_kept_until_it_is_removed(office, browser):
    page = form_of(browser.get("/console/branding/"))
    chosen = {
        "logo_svg.__file": upload("logo.svg", b"\xef\xbb\xbf<?xml version='1.0'?>" + LOGO.encode()),
        "logo_png.__file": upload("logo.png", b64decode(png(40, 20))),
    }
    preview = browser.post("/console/branding/", page | chosen)
    browser.post("/console/branding/", form_of(preview) | {"confirmed": "1"})
    kept = configuration.get(office.caisse, BrandingSection)
    assert (kept.logo_svg, kept.logo_png) == (LOGO, png(40, 20))
    page = browser.get("/console/branding/")
    assert page.content.decode().count('class="chosen-image"') == 2
    assert browser.post("/console/branding/", form_of(page)).status_code == 302  # nothing was changed
    preview = browser.post("/console/branding/", form_of(page) | {"logo_svg.__remove": "1"})
    browser.post("/console/branding/", form_of(preview) | {"confirmed": "1"})
    kept = configuration.get(office.caisse, BrandingSection)
    assert (kept.logo_svg, kept.logo_png) == ("", png(40, 20))


def test_logo_that_was_chosen_is_not_lost_when_another_entry_is_wrong(browser):
    page = form_of(browser.get("/console/branding/"))
    refused = browser.post(
        "/console/branding/", page | {"accent": "#ffcc00", "logo_svg.__file": upload("logo.svg", LOGO.encode())}
    )
    assert refused.status_code == 422
    assert form_of(refused)["logo_svg"] == LOGO
    assert "data:image/svg+xml;base64," in refused.content.decode()


@pytest.mark.parametrize(
    ("field", "content", "reason"),
    [
        ("logo_svg", LOGO.replace("<rect", "<script/><rect").encode(), "script"),
        ("logo_svg", b"\xff\xd8\xff", "SVG"),
        ("logo_svg", b"<svg>" + b"x" * 3_000_000, "64"),
        ("logo_png", b"\xff\xd8\xff" + bytes(80), "PNG"),
        ("logo_png", b64decode(png(50_000, 50_000)), "50000"),
        ("favicon_svg", LOGO.replace("8", "50000").encode(), "10000"),
    ],
)
def test_file_that_cannot_be_a_logo_is_refused_with_the_reason(browser, field, content, reason):
    page = form_of(browser.get("/console/branding/"))
    answer = browser.post("/console/branding/", page | {f"{field}.__file": upload("a", content)})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert reason in body[body.index(f'id="field-{field}-fault"') :][:300]
    assert len(body) < 600_000


def test_what_is_offered_is_picked_in_words_and_keeps_its_order(office, browser):
    page = browser.get("/console/sign_in/", headers={"accept-language": "en"})
    assert form_of(page)["factors"][:3] == ["passkey", "totp", "sms"]
    assert "Code by SMS" in page.content.decode()
    wanted = form_of(page) | {"factors": ["sms", "", "passkey", "passkey"]}
    preview = browser.post("/console/sign_in/", wanted, headers={"accept-language": "en"})
    assert "Code by SMS, Passkey" in preview.content.decode()
    browser.post("/console/sign_in/", form_of(preview) | {"confirmed": "1"})
    assert configuration.get(office.caisse, SignInSection).factors == ("sms", "passkey")
    assert form_of(browser.get("/console/sign_in/"))["factors"] == ["sms", "passkey", "", ""]


def test_days_are_ticked(office, browser):
    page = browser.get("/console/calendar/")
    assert form_of(page)["rest_days"] == ["sat", "sun"]
    preview = browser.post("/console/calendar/", form_of(page) | {"rest_days": ["fri", "sat"]})
    browser.post("/console/calendar/", form_of(preview) | {"confirmed": "1"})
    assert configuration.get(office.caisse, CalendarSection).rest_days == ("fri", "sat")


def test_theme_that_is_gone_stays_picked_and_is_refused_by_name(office, browser):
    page = browser.get("/console/desk/")
    refused = browser.post("/console/desk/", form_of(page) | {"four_eyes_themes": ["salary_declaration", "gone"]})
    assert refused.status_code == 422
    assert "gone" in refused.content.decode().split('id="field-four_eyes_themes-fault"')[1][:200]
    assert form_of(refused)["four_eyes_themes"] == ["salary_declaration", "gone"]


def test_wrong_line_of_a_list_is_named(browser):
    page = browser.get("/console/sms/")
    refused = browser.post("/console/sms/", form_of(page) | {"allowed_prefixes": "+41\n0041"})
    assert refused.status_code == 422
    assert "0041: " in refused.content.decode().split('id="field-allowed_prefixes-fault"')[1][:200]


def test_day_of_every_year_is_chosen_by_day_and_month(office, browser):
    page = browser.get("/console/deadlines/", headers={"accept-language": "en"})
    found = form_of(page)
    assert (found["protected_from.day"], found["protected_from.month"]) == ("1", "12")
    wanted = found | {"protected_from.day": "15", "protected_from.month": "11"}
    preview = browser.post("/console/deadlines/", wanted, headers={"accept-language": "en"})
    assert "15. November" in preview.content.decode()
    browser.post("/console/deadlines/", form_of(preview) | {"confirmed": "1"})
    assert configuration.get(office.caisse, DeadlinesSection).protected_from == "11-15"


@pytest.mark.parametrize(("day", "month"), [("30", "2"), ("", "2"), ("3", "")])
def test_day_that_no_year_has_is_refused_and_stays_as_it_was_chosen(browser, day, month):
    wanted = form_of(browser.get("/console/deadlines/")) | {"protected_from.day": day, "protected_from.month": month}
    refused = browser.post("/console/deadlines/", wanted)
    assert refused.status_code == 422
    assert 'id="field-protected_from-fault"' in refused.content.decode()
    found = form_of(refused)
    assert (found["protected_from.day"], found["protected_from.month"]) == (day, month)


def test_texts_of_several_paragraphs_have_room_for_them(browser):
    page = browser.get("/console/legal/").content.decode()
    assert re.search(r'<textarea[^>]*name="notice.fr"', page)
    assert re.search(r'<input[^>]*name="links.0.names.fr"', page)


def test_level_is_chosen_in_words_and_kept_as_a_number(office, browser):
    page = browser.get("/console/openid/", headers={"accept-language": "en"})
    assert "4, with a passkey or a certificate" in page.content.decode()
    row = {"levels.0.__shown": "new", "levels.0.claim": "acr", "levels.0.value": "strong", "levels.0.level": "4"}
    preview = browser.post("/console/openid/", form_of(page) | row, headers={"accept-language": "en"})
    assert "4, with a passkey or a certificate" in preview.content.decode()
    browser.post("/console/openid/", form_of(preview) | {"confirmed": "1"})
    assert [one.level for one in configuration.get(office.caisse, OpenIdSection).levels] == [4]
