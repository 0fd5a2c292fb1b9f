"""Who sees a foreign sign-in ends it and blocks herself; who lost her phone blocks from outside; the counter lets her back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from infra.demo.cast import CLERK, COLLEAGUE, EMPLOYER_ADMIN, PASSWORD, SECOND_CLERK, SECOND_COLLEAGUE
from tests.journeys.test_own_account import read_mail

BLOCKED = {"fr": "Votre accès est bloqué", "de": "Ihr Zugang ist gesperrt"}


@pytest.mark.parametrize(
    ("language", "person", "clerk"), [("fr", EMPLOYER_ADMIN, CLERK), ("de", COLLEAGUE, SECOND_CLERK)]
)
def test_foreign_act_is_reported_and_the_counter_lets_her_back(walk, language, person, clerk):
    walker, other, desk = walk(language), walk(language), walk(language)
    other.sign_in(person.email, PASSWORD)
    walker.sign_in(person.email, PASSWORD)
    page = walker.page
    end_the_others(walker, other)
    walker.go("/me/history/")
    walker.look("me-history")
    page.locator("main p a[href$='/me/security/']").click()
    walker.look("me-security")
    page.check("#kind-not_me")
    page.fill("#note", "…")
    page.locator("main .btn-danger").click()
    expect(page.locator("h1")).to_have_text(BLOCKED[language])
    walker.look("help-receipt")
    walker.go("/me/")
    page.wait_for_url("**/sign-in/**")
    code = hand_over_at_the_counter(desk, clerk, person)
    walker.go("/activate/")
    page.fill("#code", code)
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("#email, #again")
    assert [*walker.faults, *other.faults, *desk.faults] == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_lost_phone_is_blocked_from_the_sign_in_page_by_a_code_to_the_mail(walk, language):
    walker = walk(language)
    page = walker.page
    walker.go("/sign-in/")
    page.click("main a[href$='/help/']")
    walker.look("help")
    page.check("#kind-lost_phone")
    page.fill("#name", SECOND_COLLEAGUE.email)
    page.locator("main .btn-primary").click()
    page.wait_for_selector("#code")
    walker.look("help-code")
    page.fill("#code", "000000")
    page.locator("main .btn-danger").click()
    expect(page.locator("#refusal")).to_be_visible()
    page.fill("#code", read_mail(walker, SECOND_COLLEAGUE.email))
    page.locator("main .btn-danger").click()
    expect(page.locator("h1")).to_have_text(BLOCKED[language])
    with page.expect_download() as receipt:
        page.locator("main .btn-primary").click()
    assert receipt.value.suggested_filename.endswith(".pdf")
    assert walker.faults == []


def end_the_others(walker, other):
    """See both sign-ins, end the other one, and find it ended there."""
    page = walker.page
    walker.go("/me/sessions/")
    expect(page.locator("main section")).to_have_count(2)
    walker.look("me-sessions")
    page.locator("form[action$='/others/end/'] button").click()
    expect(page.locator("main section")).to_have_count(1)
    other.go("/me/")
    other.page.wait_for_url("**/sign-in/**")


def hand_over_at_the_counter(desk, clerk, person):
    """Take the report up at the desk, note the proof, and return the code that is shown once."""
    desk.sign_in(clerk.email, PASSWORD)
    desk.go("/clerk/incidents/")
    desk.look("desk-incidents")
    page = desk.page
    page.locator("main li a", has_text=person.family_name).click()
    desk.look("desk-incident")
    page.fill("#proof", "…")
    page.locator("main button[name=counter]").click()
    page.wait_for_selector("p.code")
    desk.look("desk-incident-slip")
    return page.locator("p.code").inner_text()
