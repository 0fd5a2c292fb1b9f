"""The queue in a browser: cases are ticked and set aside, teams are made; in two languages, at both widths."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.kernel import clock
from infra.demo.cast import CAISSE_ADMIN, CLERK, PASSWORD


@pytest.mark.parametrize("language", ["fr", "de"])
def test_clerk_sets_ticked_cases_aside_and_finds_them_again(walk, language):
    clerk = walk(language)
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.look("queue")
    waiting = page.locator(".line").count()
    page.locator("input[name=case]").first.check()
    page.fill("#until", (clock.today("Europe/Zurich") + timedelta(days=5)).isoformat())
    page.locator("button[value=snooze]").click()
    page.wait_for_url("**/many/")
    clerk.look("many")
    clerk.go("/clerk/")
    assert page.locator(".line").count() == waiting - 1
    clerk.go("/clerk/?state=snoozed")
    clerk.look("snoozed")
    page.locator(".line").first.click()
    page.wait_for_selector("form[action$='/wake/']")
    clerk.look("case-snoozed")
    clerk.submit("/wake/")
    page.wait_for_selector("form[action$='/snooze/']")
    assert clerk.faults == []


def test_administrator_makes_a_team_whose_queue_the_clerk_opens(walk):
    gilles, clerk = walk("de"), walk("fr")
    gilles.sign_in(CAISSE_ADMIN.email, PASSWORD)
    gilles.go("/clerk/teams/")
    gilles.page.fill("#name-new", "Guichet Morat")
    gilles.page.locator("input[name=member]").first.check()
    gilles.page.locator("#main form[action$='/teams/save/'] button").last.click()
    gilles.page.wait_for_selector("details summary:has-text('Guichet Morat')")
    gilles.look("teams")
    assert gilles.faults == []
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/teams/")
    clerk.look("teams-of-clerk")
    clerk.page.locator("main a[href*='whose=']").click()
    clerk.page.wait_for_selector(".line")
    assert clerk.faults == []
