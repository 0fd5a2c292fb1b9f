"""The caisse invites companies: one, many at once, a new code; whoever has an access is not invited again."""

from __future__ import annotations

import pytest

from core.accounts.models import Mandate, Membership
from tenants.scope import tenant_transaction
from tests.support import enrolment as support
from tests.support.invitations import CODE

ADDRESS = {"street": "Quai 1", "postcode": "1700", "town": "Fribourg", "country": "CH"}
PERSON = {"given_name": "Luc", "family_name": "Neuf", "email": "luc@neuf.example", "language": "fr", "by": "mail"}


@pytest.fixture
def inviting(office):
    support.set_enrolment(office.caisse, ways=["invitation"])
    with tenant_transaction(office.caisse):
        office.parties["neuf"] = support.make_company("100-9001.1", name="Neuf SA", **ADDRESS)
    return office


def test_company_is_invited_and_its_administrator_waits(inviting):
    party = inviting.parties["neuf"]
    page = inviting.browser("elena").post(f"/clerk/applications/invite/{party.id}/", PERSON)
    assert page.status_code == 302
    made = support.newest(inviting.caisse)
    assert (made.way, made.state, made.party_id) == ("invitation", "approved", party.id)
    with tenant_transaction(inviting.caisse):
        member = Membership.objects.select_related("user").get(party=party)
        assert (member.role, member.user.state) == ("administrator", "invited")
        assert Mandate.objects.filter(for_party=party, basis="self", state="accepted").exists()
    mail = support.read_texts(inviting.caisse)[-1]
    assert CODE.search(mail["text"])
    again = inviting.browser("elena").post(f"/clerk/applications/invite/{party.id}/", PERSON)
    assert again.status_code == 409


def test_new_code_goes_by_the_way_of_the_first(inviting):
    inviting.browser("elena").post(f"/clerk/applications/invite/{inviting.parties['neuf'].id}/", PERSON)
    first = CODE.search(support.read_texts(inviting.caisse)[-1]["text"])[0]
    made = support.newest(inviting.caisse)
    assert inviting.browser("elena").post(f"/clerk/applications/{made.id}/remind/").status_code == 302
    assert CODE.search(support.read_texts(inviting.caisse)[-1]["text"])[0] != first


def test_many_at_once_by_mail_or_letter_and_who_cannot_be_is_named(inviting):
    with tenant_transaction(inviting.caisse):
        mailed = support.make_company("100-9002.1", name="Courriel SA", contact_email="bureau@courriel.example")
        nowhere = support.make_company("100-9003.1", name="Introuvable SA")
    chosen = [str(one.id) for one in (inviting.parties["neuf"], mailed, nowhere, inviting.parties["factory"])]
    clerk = inviting.browser("elena")
    assert "Courriel SA" in clerk.post("/clerk/applications/invite/", {"q": ""}).content.decode()
    page = clerk.post("/clerk/applications/invite/", {"invite": "1", "party": chosen}, follow=True).content.decode()
    assert "Introuvable SA" in page
    assert len(support.read_texts(inviting.caisse)) == 1
    assert len(support.read_texts(inviting.caisse, "letter")) == 1
    with tenant_transaction(inviting.caisse):
        assert not Membership.objects.filter(party=nowhere).exists()
        assert Membership.objects.filter(party=inviting.parties["factory"]).count() == 2


@pytest.mark.parametrize("name", ["greta", "gilles"])
def test_auditor_invites_nobody_administrator_does(inviting, name):
    page = inviting.browser(name).post(f"/clerk/applications/invite/{inviting.parties['neuf'].id}/", PERSON)
    assert page.status_code == (302 if name == "gilles" else 403)


def test_person_that_is_incomplete_stays_on_the_page(inviting):
    url = f"/clerk/applications/invite/{inviting.parties['neuf'].id}/"
    assert inviting.browser("elena").post(url, PERSON | {"email": "luc"}).status_code == 422
    assert inviting.browser("elena").get(url).status_code == 200
    support.set_enrolment(inviting.caisse, ways=["form"])
    assert inviting.browser("elena").get(url).status_code == 404
