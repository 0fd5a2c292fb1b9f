"""Undoing in the console: one click after saving and in the history, never over somebody else's change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.configuration import configuration, services
from core.configuration.sections import DeadlinesSection
from core.kernel import clock
from tenants.scope import tenant_transaction

HISTORY, UNDO = "/console/deadlines/history/", "/console/deadlines/undo/"


@pytest.fixture
def browser(office):
    return office.browser("gilles")


def change(office, days, *, later=None):
    with tenant_transaction(office.caisse):
        services.change_sections(
            actor=office.clerk("gilles"),
            sections=[DeadlinesSection(answer_days=days)],
            effective_from=clock.now() + later if later else None,
        )


def days_of(office):
    return configuration.get(office.caisse, DeadlinesSection).answer_days


def states_of(browser):
    return [line["state"] for line in browser.get(HISTORY).context["lines"]]


def test_what_was_just_saved_is_undone_with_one_click(office, browser):
    change(office, 20)
    change(office, 25)
    saved = browser.get(f"{HISTORY}?saved").context["just_saved"].version.version
    assert browser.post(UNDO, {"version": saved}, headers={"accept-language": "en"})["Location"] == HISTORY
    assert days_of(office) == 20
    assert "Undone" in browser.get(HISTORY, headers={"accept-language": "en"}).content.decode()


def test_undoing_leads_back_to_the_preset(office, browser):
    change(office, 20)
    browser.post(UNDO, {"version": "2"})
    assert days_of(office) == DeadlinesSection().answer_days
    assert browser.get(HISTORY).context["just_saved"] is None


def test_very_first_version_offers_nothing_to_undo(browser):
    assert 'action="/console/deadlines/undo/"' not in browser.get(HISTORY).content.decode()


def test_change_that_is_still_to_come_never_begins(office, browser):
    change(office, 20, later=timedelta(days=3))
    browser.post(UNDO, {"version": "2"})
    assert states_of(browser) == ["cancelled", "in_force"]
    assert days_of(office) == DeadlinesSection().answer_days


def test_newer_change_of_somebody_else_is_not_undone(office, browser):
    change(office, 20)
    change(office, 25)
    browser.post(UNDO, {"version": "2"})
    assert days_of(office) == 25
    assert states_of(browser) == ["in_force", "past", "past"]


@pytest.mark.parametrize("version", ["", "x", "9" * 12])
def test_version_that_is_none_is_not_found(browser, version):
    assert browser.post(UNDO, {"version": version}).status_code == 404


def test_auditor_undoes_nothing(office):
    change(office, 20)
    greta = office.browser("greta")
    assert greta.post(UNDO, {"version": "2"}).status_code == 404
    assert greta.get(f"{HISTORY}?saved").context["just_saved"] is None
    assert days_of(office) == 20
