"""Who sees a foreign sign-in or lost her phone blocks her access; counter, company's administrator or letter lead back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from infra.demo.cast import CLERK, COLLEAGUE, EMPLOYER_ADMIN, FIDUCIARY_AIDE, PASSWORD, SECOND_CLERK, SECOND_COLLEAGUE
from tests.journeys.test_own_account import read_mail
from tests.support.invitations import CODE

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
def test_lost_phone_is_blocked_from_the_sign_in_page_and_company_and_letter_lead_back(walk, language):
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
    company, desk = walk(language), walk(language)
    company.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    let_in_by_the_company(company, SECOND_COLLEAGUE)
    begins_anew(walker, read_activation_code(walker, "mail", SECOND_COLLEAGUE.email))
    desk.sign_in(CLERK.email, PASSWORD)
    let_in_by_letter(desk, FIDUCIARY_AIDE)
    begins_anew(walker, read_activation_code(walker, "letter", FIDUCIARY_AIDE.family_name))
    assert [*walker.faults, *company.faults, *desk.faults] == []


def let_in_by_the_company(administrator, person):
    """See the report among the company's, and send her a new code by mail."""
    home = re.search(r"/p/[0-9a-f-]+", administrator.page.url)[0]
    administrator.go(f"{home}/company/incidents/")
    administrator.look("company-incidents")
    report = administrator.page.locator("main section", has_text=person.family_name)
    report.locator("button[name=mail]").click()
    expect(report.locator("button[name=mail]")).to_have_count(0)


def let_in_by_letter(desk, person):
    """Block somebody's access who calls, and send her a new code by post."""
    desk.go("/clerk/incidents/new/")
    desk.look("desk-incident-report")
    page = desk.page
    page.fill("#name", person.email)
    page.check("#kind-lost_phone")
    page.locator("main form .btn-danger").click()
    page.wait_for_selector("#address")
    page.fill("#proof", "Rappel au numéro connu")
    page.fill("#address", "Rue du Lac 3\n1700 Fribourg")
    page.locator("main button[name=letter]").click()
    expect(page.locator("#address")).to_have_count(0)


def read_activation_code(walker, kind, whose):
    """Wait for a mail or letter to somebody with an activation code, and return that."""
    for _ in range(200):
        kept = [json.loads(file.read_text()) for file in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
        found = [one for one in kept if one["kind"] == kind and whose in one["to"]]
        for one in sorted(found, key=lambda one: one["at"], reverse=True):
            if code := CODE.search(one["text"]):
                return code[0]
        walker.page.wait_for_timeout(100)
    message = f"no code arrived by {kind}"
    raise AssertionError(message)


def begins_anew(walker, code):
    """Type the code, and stand at the first step of a new enrolment."""
    walker.page.context.clear_cookies()
    walker.go("/activate/")
    walker.page.fill("#code", code)
    walker.page.locator("main form .btn-primary").click()
    walker.page.wait_for_selector("#email, #again, #given")


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
