"""A clerk for some themes meets nothing of the others: queue, lists, party, search, exports, REST, handing over."""

from __future__ import annotations

import io

import openpyxl
import pytest

from core.kernel.identifiers import group_code
from core.messaging import desk
from core.messaging.errors import ColleagueOtherThemes
from tenants.scope import tenant_transaction
from tests.support.mailbox import ENTRY, SALARY, draft, fill_salary, send, sent
from tests.support.rest import program


@pytest.fixture
def cases(office):
    """An entry, which Felix treats, and a salary declaration, which he does not."""
    anne = office.actor()
    with tenant_transaction(office.caisse):
        own = sent(anne, ENTRY)
        other = draft(anne, SALARY)
    other = fill_salary(office, anne, other)
    with tenant_transaction(office.caisse):
        send(anne, other)
    return own, other


def pages_of(office, client):
    """Return what a clerk reads, by place, as text."""
    party = office.parties["factory"].id
    found = {
        path: client.get(path).content.decode()
        for path in ("/clerk/", "/clerk/?state=sent", f"/clerk/parties/{party}/")
    }
    found["search"] = client.post("/clerk/search/", {"q": "factory", "text": "factory"}).content.decode()
    for path in ("/clerk/export.xlsx", f"/clerk/parties/{party}/messages.xlsx"):
        answer = client.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        book = openpyxl.load_workbook(io.BytesIO(content))
        found[path] = str([[cell.value for cell in row] for row in book.active.iter_rows()])
    return found


def test_pages_and_exports_hold_own_themes_only(office, cases):
    own, other = (group_code(one.reference) for one in cases)
    everything, felix = (pages_of(office, office.browser(name)) for name in ("elena", "felix"))
    for place, text in felix.items():
        assert other not in text, place
        assert own in text or place == "search", place
    assert all(other in text for place, text in everything.items() if place != "search")


def test_rest_holds_own_themes_only(office, cases):
    own, other = cases
    felix = program(office, office.clerk("felix"))
    assert [one["id"] for one in felix.get("desk/queue/").json()["messages"]] == [str(own.id)]
    assert felix.get(f"desk/messages/{other.id}/").status_code == 404


def test_case_is_handed_only_to_who_treats_its_theme(office, cases):
    own, other = cases
    elena, felix, gilles = (office.clerk(name) for name in ("elena", "felix", "gilles"))
    with tenant_transaction(office.caisse):
        desk.assign_message(actor=elena, message=own, user_id=felix.user_id, name=felix.name)
        for colleague in (felix, gilles):
            with pytest.raises(ColleagueOtherThemes):
                desk.assign_message(actor=elena, message=other, user_id=colleague.user_id, name=colleague.name)
