"""Four eyes on the case's page and by REST: who sees which buttons, and what the second person lets happen."""

from __future__ import annotations

import pytest

from core.configuration import services as configuring
from core.messaging import desk
from core.messaging.desk_settings import DeskSection
from core.messaging.models import Proposal
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import current
from tests.support.rest import program

WISH = {"outcome": "close", "title": "Décision", "text": "Nous acceptons.", "note": "Merci"}


@pytest.fixture
def case(office):
    with tenant_transaction(office.caisse):
        configuring.change_sections(actor=office.clerk("gilles"), sections=[DeskSection(four_eyes=True)])
    with tenant_transaction(office.caisse):
        return desk.take_message(actor=office.clerk(), message=mailbox.sent(office.actor()))


def actions(browser, case):
    page = browser.get(f"/clerk/m/{case.id}/").content.decode()
    names = ("propose", "confirm", "send-back", "take-back", "decide", "close", "refuse")
    return {name for name in names if f"/{case.id}/{name}/" in page}


def test_each_sees_her_own_buttons_and_the_second_lets_it_happen(office, case):
    elena, felix = office.browser("elena"), office.browser("felix")
    assert actions(elena, case) == {"propose"}
    assert elena.post(f"/clerk/m/{case.id}/close/").status_code == 409
    refused = elena.post(f"/clerk/m/{case.id}/propose/", WISH | {"text": ""})
    assert (refused.status_code, refused.context["typed"]["note"]) == (422, "Merci")
    assert elena.post(f"/clerk/m/{case.id}/propose/", WISH).status_code == 302
    assert (actions(elena, case), actions(felix, case)) == ({"take-back"}, {"confirm", "send-back"})
    assert actions(office.browser("greta"), case) == set()
    assert elena.get(f"/clerk/m/{case.id}/proposal.pdf").content.startswith(b"%PDF-")
    assert elena.post(f"/clerk/m/{case.id}/confirm/").status_code == 403
    assert case.id in [one["message"].id for one in felix.get("/clerk/?state=confirm").context["listed"]]
    assert felix.post(f"/clerk/m/{case.id}/send-back/").status_code == 422
    assert felix.post(f"/clerk/m/{case.id}/send-back/", {"reason": "Trop court"}).status_code == 302
    page = elena.get(f"/clerk/m/{case.id}/").content.decode()
    assert "Trop court" in page
    assert "Nous acceptons." in page  # what was proposed need not be written again
    elena.post(f"/clerk/m/{case.id}/propose/", WISH)
    assert felix.post(f"/clerk/m/{case.id}/confirm/").status_code == 302
    assert "Nous acceptons." not in office.browser("anne").get(office.url(f"m/{case.id}/")).content.decode()
    with tenant_transaction(office.caisse):
        assert current(case).state == "done"
        assert list(Proposal.objects.order_by("proposed_at").values_list("state", flat=True)) == [
            "returned", "confirmed",
        ]  # fmt: skip


def test_rest_goes_the_same_way(office, case):
    elena, felix = (program(office, office.clerk(name)) for name in ("elena", "felix"))
    place = f"desk/messages/{case.id}/proposal/"
    for path, body in (("close/", {}), ("refuse/", {"note": "Non"}), ("decision/", {"title": "x", "text": "y"})):
        answer = elena.post(f"desk/messages/{case.id}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "four_eyes_needed"), path
    assert elena.get(place).status_code == 404
    assert elena.post(place, {"outcome": "publish"}).json()["code"] == "proposal_incomplete"
    made, again = elena.post(place, WISH, key="a"), elena.post(place, WISH, key="a")
    assert (made.status_code, made.json()) == (201, again.json())
    assert felix.get(place).json() == made.json()
    assert elena.post(f"{place}confirm/").json()["code"] == "own_proposal"
    assert felix.post(f"{place}take-back/").status_code == 403
    assert felix.post(f"{place}send-back/", {"note": "Trop court"}).json()["state"] == "in_treatment"
    elena.post(place, WISH | {"outcome": "publish"})
    assert elena.post(f"{place}take-back/").status_code == 200
    elena.post(place, WISH)
    done, repeated = felix.post(f"{place}confirm/", key="b"), felix.post(f"{place}confirm/", key="b")
    assert (done.json()["state"], repeated.json()) == ("done", done.json())
    assert felix.post(f"{place}confirm/").json()["code"] == "transition_not_allowed"
