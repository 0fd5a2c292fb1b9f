"""The clerk's side: comparing, approving, refusing, the counter, letters, slips and new codes."""

from __future__ import annotations

import base64
import io
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from core.accounts.models import Mandate, Membership, Party, User
from core.accounts.policy import caisse_today
from core.enrolment import deciding
from core.enrolment.errors import ApplicationDecided
from core.enrolment.models import Application
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.terms.models import Answer
from tenants.scope import tenant_transaction
from tests.support import enrolment as support
from tests.support.people import give_password
from tests.support.racing import race
from tests.support.terms import publish

PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def desk(office):
    support.set_enrolment(
        office.caisse, jurisdiction="fr", ways=["form", "counter"], hand_over=["letter", "slip", "sms"],
        kinds=["employer", "insured"],
    )  # fmt: skip
    with clock.travel(clock.now() - timedelta(days=3)):
        publish(office, caisse_today(office.caisse))
        publish(office, caisse_today(office.caisse), audience="insured")
    with tenant_transaction(office.caisse):
        office.parties["port"] = support.make_company(town="Toulon")
    return office


def approve(desk, way="letter", **more):
    found = support.newest(desk.caisse)
    return desk.browser("elena").post(f"/clerk/applications/{found.id}/approve/", {"way": way, **more})


def login_and_password(text):
    return re.search(r"Identifiant.*?: (\S+)", text)[1], re.search(r"[Mm]ot de passe provisoire.*?: (\S+)", text)[1]


def test_page_compares_with_what_the_caisse_knows(desk):
    support.apply(desk.caisse, desk.browser())
    found = support.newest(desk.caisse)
    page = desk.browser("elena").get(f"/clerk/applications/{found.id}/").content.decode()
    assert "Toulon" in page
    assert "Marseille" in page
    assert 'chip warn">' in page
    assert "Karim Paie" in page


def test_approval_lets_each_delegate_in_and_tells_the_representative_without_password(desk):
    support.apply(desk.caisse, desk.browser())
    assert approve(desk).status_code == 302
    found = support.newest(desk.caisse)
    assert (found.state, found.hand_over, found.party.id) == ("approved", "letter", desk.parties["port"].id)
    assert found.accepted_at < found.codes_sent_at
    with tenant_transaction(desk.caisse):
        members = list(Membership.objects.filter(party=found.party).select_related("user").order_by("created_at"))
        assert [(one.role, one.user.name) for one in members] == [
            ("administrator", "Karim Paie"), ("member", "Lucie Compta"),
        ]  # fmt: skip
        assert [one.user.sign_in_name for one in members] == ["73282932000074/paie", "73282932000074/compta"]
        assert all(one.user.password_must_change and one.user.mobile for one in members)
        assert Mandate.objects.filter(for_party=found.party, basis="self", state="accepted").count() == 1
        given = Answer.objects.get(party=found.party)
        assert (given.kind, given.user_name, given.sha256) == ("accepted", "Jeanne Patronne", found.charter_sha256)
        assert given.at == found.accepted_at
    letters = support.read_texts(desk.caisse, "letter")
    assert len(letters) == 3
    passwords = [login_and_password(one["text"])[1] for one in letters if "Jeanne Patronne" not in one["text"]]
    copy = next(one for one in letters if "Jeanne Patronne" in one["text"])
    assert "73282932000074/paie" in copy["text"]
    assert not any(password in copy["text"] for password in passwords)


def test_provisional_password_opens_only_its_own_change_and_runs_out(desk):
    support.apply(desk.caisse, desk.browser())
    approve(desk)
    letter = next(one for one in support.read_texts(desk.caisse, "letter") if "Karim" in one["text"])
    login, password = login_and_password(letter["text"])
    client = desk.browser()
    assert give_password(client, login, password).status_code == 302
    with clock.travel(clock.now() + timedelta(days=31)):
        assert give_password(desk.browser(), login, password).status_code == 403
    found = support.newest(desk.caisse)
    with tenant_transaction(desk.caisse):
        karim = User.objects.get(sign_in_name=login)
    before = karim.password
    page = desk.browser("elena").post(f"/clerk/applications/{found.id}/codes/{karim.id}/", {"way": "letter"})
    assert page.status_code == 302
    with tenant_transaction(desk.caisse):
        assert User.objects.get(id=karim.id).password != before


@pytest.mark.parametrize(
    ("accepted", "today", "following"),
    [
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), date(2026, 11, 22), date(2027, 8, 1)),  # the first where they are
        (datetime(2026, 7, 31, 12, tzinfo=UTC), date(2027, 7, 31), date(2028, 7, 31)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), date(2025, 2, 27), date(2025, 2, 28)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), date(2025, 2, 28), date(2026, 2, 28)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_year_counts_from_the_acceptance(desk, accepted, today, following):
    noon = datetime.combine(today, time(12), UTC)
    with clock.travel(noon), tenant_transaction(desk.caisse):
        assert deciding.renews_on(Application(accepted_at=accepted)) == following


def test_refusal_needs_a_reason_that_the_applicant_reads(desk):
    support.apply(desk.caisse, desk.browser())
    found = support.newest(desk.caisse)
    clerk = desk.browser("elena")
    assert clerk.post(f"/clerk/applications/{found.id}/refuse/", {"reason": " "}).status_code == 422
    assert clerk.post(f"/clerk/applications/{found.id}/refuse/", {"reason": "Radiée en mars."}).status_code == 302
    assert "Radiée en mars." in support.read_texts(desk.caisse)[-1]["text"]
    assert clerk.post(f"/clerk/applications/{found.id}/approve/", {"way": "letter"}).status_code == 409


def test_two_clerks_decide_once(desk):
    support.apply(desk.caisse, desk.browser())
    found = support.newest(desk.caisse)
    elena, felix = desk.clerk("elena"), desk.clerk("felix")

    def decide(actor):
        with tenant_transaction(desk.caisse):
            deciding.approve_application(actor=actor, application_id=found.id, way="letter")

    outcome = race(desk.caisse, lambda: decide(elena), lambda: decide(felix))
    assert sum(isinstance(one, ApplicationDecided) for one in outcome) == 1
    with tenant_transaction(desk.caisse):
        assert Membership.objects.filter(party=desk.parties["port"]).count() == 2


def test_auditor_reads_and_decides_nothing_and_drafts_are_the_applicants(desk):
    client = desk.browser()
    support.walk_to_code(client)
    draft = support.newest(desk.caisse)
    assert desk.browser("elena").get(f"/clerk/applications/{draft.id}/").status_code == 404
    client.post("/join/confirm/", {"code": support.read_code(desk.caisse)})
    auditor = desk.browser("greta")
    assert auditor.get(f"/clerk/applications/{draft.id}/").status_code == 200
    assert auditor.post(f"/clerk/applications/{draft.id}/approve/", {"way": "letter"}).status_code == 403
    with pytest.raises(NotPermitted), tenant_transaction(desk.caisse):
        deciding.refuse_application(actor=desk.clerk("greta"), application_id=draft.id, reason="x")


def test_unknown_company_is_made_only_where_the_caisse_wants_it(desk):
    support.set_enrolment(desk.caisse, ways=["form"], must_be_known=False)
    support.apply(desk.caisse, desk.browser(), support.OTHER_SIRET)
    assert approve(desk).status_code == 422
    assert approve(desk, party="new").status_code == 302
    with tenant_transaction(desk.caisse):
        assert Party.objects.get(number="55210055400013").name == "Ateliers du Port"


def counter_entries(**more):
    person = {
        "given_name": "Aïcha", "family_name": "Assurée", "birth_date": "04.05.1990", "street": "Rue 2",
        "town": "Djibouti", "email": "aicha@example.dj", "mobile": "+33612345678",
    }  # fmt: skip
    return {"kind": "insured", "number": "295109912611193", "signed_on": "", "language": "fr", **person, **more}


@pytest.fixture
def person(desk):
    with tenant_transaction(desk.caisse):
        return support.make_person(number="295109912611193", name="Aïcha Assurée")


def test_counter_keeps_the_signed_paper_and_prints_a_slip(desk, person):
    clerk = desk.browser("elena")
    day = caisse_today(desk.caisse).isoformat()
    entries = counter_entries(signed_on=day, paper=SimpleUploadedFile("charte.pdf", PAPER, "application/pdf"))
    page = clerk.post("/clerk/applications/new/", entries)
    assert page.status_code == 302, page.content.decode()
    found = support.newest(desk.caisse)
    assert (found.way, found.state, found.party.id) == ("counter", "open", person.id)
    assert clerk.get(f"/clerk/applications/{found.id}/paper/").status_code in {200, 409}
    page = approve(desk, "slip")
    assert page["Cache-Control"] == "no-store"
    pdf = base64.b64decode(re.search(r"base64,([^\"]+)", page.content.decode())[1])
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "aicha@example.dj" in text
    with tenant_transaction(desk.caisse):
        given = Answer.objects.get(party=person)
        assert (given.channel, given.recorded_by_name) == ("counter", "Elena Exemple")


def test_counter_refuses_what_cannot_be(desk, person):
    clerk = desk.browser("elena")
    day = caisse_today(desk.caisse)
    ahead = (day + timedelta(days=1)).isoformat()
    assert clerk.post("/clerk/applications/new/", counter_entries(signed_on=ahead)).status_code == 422
    wrong = counter_entries(number="295109912611194", signed_on=day.isoformat())
    assert clerk.post("/clerk/applications/new/", wrong).status_code == 422
    with tenant_transaction(desk.caisse):
        person.delete()
    unknown = clerk.post("/clerk/applications/new/", counter_entries(signed_on=day.isoformat()))
    assert unknown.status_code == 422
    assert desk.browser("greta").get("/clerk/applications/new/").status_code == 403


def test_codes_by_sms_go_to_the_mobile(desk, person):
    clerk = desk.browser("elena")
    clerk.post("/clerk/applications/new/", counter_entries(signed_on=caisse_today(desk.caisse).isoformat()))
    page = approve(desk, "sms")
    assert page.status_code in {302, 422}
    if page.status_code == 302:
        assert "aicha@example.dj" in support.read_texts(desk.caisse, "sms")[-1]["text"]


def test_list_counts_searches_and_exports(desk):
    support.apply(desk.caisse, desk.browser())
    clerk = desk.browser("elena")
    page = clerk.post("/clerk/applications/", {"q": "ateliers"}).content.decode()
    assert "Ateliers du Port" in page
    assert "Ateliers du Port" not in clerk.post("/clerk/applications/", {"q": "boulangerie"}).content.decode()
    assert "Ateliers du Port" not in clerk.post("/clerk/applications/", {"state": "refused"}).content.decode()
    assert clerk.post("/clerk/applications/applications.xlsx").content[:2] == b"PK"
