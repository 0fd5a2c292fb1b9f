"""A theme switched off while messages are open: these can be finished, nothing new begins; in the portal and by REST."""

from __future__ import annotations

import pytest

from core.configuration.sections import ThemeOffer, ThemesSection
from core.configuration.services import change_sections
from core.messaging import jobs
from core.messaging.states import State
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import ENTRY, current, draft
from tests.support.rest import program


@pytest.fixture
def begun(office):
    """A draft that was begun while the theme was on, ready to be sent."""
    anne = office.actor()
    with tenant_transaction(office.caisse):
        message = draft(anne)
        mailbox.justify_all(anne, jobs.check_now(actor=anne, message=message))
    offers = (ThemeOffer(slug="salary_declaration"), ThemeOffer(slug="employees", on=False))
    with tenant_transaction(office.caisse):
        change_sections(actor=office.clerk("gilles"), sections=[ThemesSection(offers=offers)])
    with tenant_transaction(office.caisse):
        return current(message)


def state_of(office, message):
    with tenant_transaction(office.caisse):
        return current(message).state


def test_in_the_portal(office, begun):
    anne, message = office.browser("anne"), begun
    home = anne.get(office.url()).content.decode()
    assert f"/new/employees/{ENTRY}/" not in home
    assert anne.post(office.url(f"new/employees/{ENTRY}/")).status_code == 404
    assert ENTRY not in anne.get(office.url("new/")).content.decode()
    path = office.url(f"m/{message.id}/")
    assert anne.get(f"{path}edit/").status_code == 200
    assert anne.get(f"{path}review/").status_code == 200
    answer = anne.post(f"{path}send/", {"revision": message.revision, "confirmed": "on"})
    assert answer.status_code == 302
    assert state_of(office, message) == State.SENT


def test_by_rest(office, begun):
    payroll, message = program(office, office.actor()), begun
    refused = payroll.post("messages/", {"type": ENTRY, "payload": {}}, key="new")
    assert refused.status_code == 404
    assert payroll.get(f"messages/{message.id}/").status_code == 200
    sent = payroll.post(f"messages/{message.id}/send/", {"revision": message.revision, "confirmed": True}, key="send")
    assert sent.status_code in {200, 201}, sent.content
    assert state_of(office, message) == State.SENT


def test_the_desk_still_treats_it(office, begun):
    message = begun
    office.browser("anne").post(office.url(f"m/{message.id}/send/"), {"revision": message.revision, "confirmed": "on"})
    elena = office.browser("elena")
    assert elena.post(f"/clerk/m/{message.id}/take/").status_code == 302
    assert state_of(office, message) == State.IN_TREATMENT
