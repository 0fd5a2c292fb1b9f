"""Self-registration: number, birth date and code must fit; nothing else is told, and tries are counted."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from core.accounts.invitations.sending import create_activation
from core.accounts.models import Activation, Membership, User
from core.enrolment import limits, staff_codes
from core.enrolment.entries import Someone
from core.enrolment.models import Application
from core.enrolment.opening import let_in
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support import enrolment as support


@pytest.fixture
def private(office):
    support.set_enrolment(office.caisse, ways=["private"], private_codes=["letter", "employer"])
    with tenant_transaction(office.caisse):
        office.parties["nina"] = support.make_person()
        office.code = staff_codes.get_code(actor=office.clerk_actor, party_id=office.parties["factory"].id)
    return office


@pytest.fixture
def office(office):
    office.clerk_actor = office.clerk("elena")
    return office


def entries(office, **change):
    return {"number": support.AVS_SHOWN, "birth_date": support.BORN.isoformat(), "code": office.code, **change}


def test_employers_code_opens_the_activation_and_tells_the_person(private):
    client = private.browser()
    page = client.post("/private/", entries(private))
    assert (page.status_code, page["Location"]) == (302, "/activate/")
    assert client.get("/activate/").status_code == 200
    with tenant_transaction(private.caisse):
        user = Membership.objects.get(party=private.parties["nina"]).user
        assert user.state == "invited"
        assert Application.objects.get(way="private").party == private.parties["nina"]
    letter = support.read_texts(private.caisse, "letter")[-1]
    assert "Nina Exemple" in letter["text"]
    assert support.AVS not in letter["text"]


def test_second_time_goes_on_with_the_same_account(private):
    private.browser().post("/private/", entries(private))
    assert private.browser().post("/private/", entries(private)).status_code == 302
    with tenant_transaction(private.caisse):
        assert Membership.objects.filter(party=private.parties["nina"]).count() == 1


def test_code_of_the_letter_opens_that_letters_activation(private):
    actor = Actor.system("test")
    with tenant_transaction(private.caisse):
        who = Someone("person", "Nina", "Exemple")
        user = let_in(
            actor=actor, party=private.parties["nina"], who=who, language="fr", role="administrator", state="invited"
        )
        row, code = create_activation(actor=actor, user=user, kind="person", way="letter")
    assert private.browser().post("/private/", entries(private, code=code)).status_code == 302
    with tenant_transaction(private.caisse):
        assert Activation.objects.get(id=row.id).opened_at is not None
        assert not Application.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"number": "756.1234.5678.97"},
        {"number": "12"},
        {"birth_date": "1990-05-05"},
        {"birth_date": "gestern"},
        {"code": "AAAA AAAA"},
        {"code": ""},
    ],
)
def test_what_does_not_fit_is_answered_alike(private, change):
    one = private.browser().post("/private/", entries(private, **change))
    other = private.browser().post("/private/", entries(private, number="756.9999.9999.91"))
    assert one.status_code == other.status_code == 422
    assert said(one) == said(other)
    with tenant_transaction(private.caisse):
        assert not Membership.objects.filter(party=private.parties["nina"]).exists()


def said(page):
    return page.content.decode().split('id="refusal"')[1].split("</div>")[0]


def test_access_that_is_used_looks_like_no_match(private):
    private.browser().post("/private/", entries(private))
    with tenant_transaction(private.caisse):
        User.objects.filter(memberships__party=private.parties["nina"]).update(state="active")
    again = private.browser().post("/private/", entries(private))
    wrong = private.browser().post("/private/", entries(private, birth_date="1990-05-05"))
    assert again.status_code == 422
    assert said(again) == said(wrong)


def test_tries_for_one_number_are_limited_from_wherever_they_come(private):
    wrong = entries(private, birth_date="1980-01-01")
    for number in range(limits.PRIVATE_BY_NUMBER.allowed):
        assert private.browser(REMOTE_ADDR=f"10.0.0.{number}").post("/private/", wrong).status_code == 422
    assert private.browser(REMOTE_ADDR="10.0.1.1").post("/private/", entries(private)).status_code == 429


def test_code_of_a_kind_that_the_caisse_did_not_open_is_none(private):
    support.set_enrolment(private.caisse, ways=["private"], private_codes=["letter"])
    assert private.browser().post("/private/", entries(private)).status_code == 422
    page = private.browser("anne").get(private.url("company/staff/")).content.decode()
    assert private.code not in page


def test_companys_page_gives_code_and_leaflet_to_its_administrator(private):
    anne = private.browser("anne")
    assert private.code in anne.get(private.url("company/staff/")).content.decode()
    pdf = anne.post(private.url("company/staff/leaflet.pdf"), {"language": ["fr", "de"]})
    reader = PdfReader(io.BytesIO(pdf.content))
    assert len(reader.pages) == 2
    lines = reader.pages[0].extract_text().split("\n")
    assert any(private.code in line for line in lines)
    assert "Factory" in lines, "the company's name stands on a line of its own"
    assert private.browser("beat").get(private.url("company/staff/")).status_code == 403
    assert anne.post(private.url("company/staff/code/")).status_code == 302
    assert private.browser().post("/private/", entries(private)).status_code == 422


def test_leaflet_from_desk_and_console(private):
    one = private.browser("elena").post(f"/clerk/applications/leaflet/{private.parties['factory'].id}/")
    assert private.code in PdfReader(io.BytesIO(one.content)).pages[0].extract_text()
    general = private.browser("gilles").post("/console/leaflet/", {"language": "de"})
    text = PdfReader(io.BytesIO(general.content)).pages[0].extract_text()
    assert "/private" in text
    assert private.code not in text


def test_link_of_the_leaflet_fills_the_code_in(private):
    page = private.browser().get(f"/private/{private.code.replace(' ', '')}/").content.decode()
    assert f'value="{private.code.replace(" ", "")}"' in page
