"""Letters in the console and at the desk: chosen, looked at, made, fetched, followed, marked; new codes for one party."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from core.accounts.models import Activation, User
from core.audit.models import Entry
from core.configuration.sections import DeliverySection
from core.configuration.services import change_sections
from core.letters.models import Campaign, Letter
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import letters
from tests.support.invitations import read_code as read_letter_code
from tests.support.people import make_member, make_user

HOME = "/console/access-letters/"
CHOICE = {"who": "kinds", "kind": ["insured"], "name": "Rentiers 2026", "text": "by_kind", "size": "normal"}


@pytest.fixture
def browser(office):
    return office.browser("gilles")


@pytest.fixture
def people(office):
    with tenant_transaction(office.caisse):
        return letters.make_insured(3)


@pytest.fixture
def campaign(office, people):
    assert people
    return letters.make(office.caisse, office.clerk("gilles"))


def started():
    return Campaign.objects.get(name="Rentiers 2026")


@pytest.mark.usefixtures("people")
def test_chosen_counted_started_and_fetched(office, browser):
    assert browser.get(HOME).context["listed"] == []
    look = browser.post(f"{HOME}new/", CHOICE | {"look": "1"})
    assert len(look.context["chosen"].party_ids) == 3
    with tenant_transaction(office.caisse):
        assert not Campaign.objects.exists()
    answer = browser.post(f"{HOME}new/", CHOICE | {"start": "1"})
    page = browser.get(answer["Location"])
    assert (page.context["campaign"].state, page.context["percent"]) == ("making", 0)
    assert b"hx-get" in browser.get(f"{answer['Location']}progress/").content
    drain(caisse=office.caisse)
    done = browser.get(f"{answer['Location']}progress/")
    assert done["HX-Refresh"] == "true"
    file = browser.post(f"{answer['Location']}letters.pdf")
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/pdf", "no-store")
    assert len(PdfReader(io.BytesIO(b"".join(file.streaming_content))).pages) == 3
    assert browser.post(f"{answer['Location']}clear/").status_code == 302
    assert browser.post(f"{answer['Location']}letters.pdf").status_code == 409
    page = browser.get(answer["Location"])
    assert (page.context["campaign"].state, page.context["funnel"].sent) == ("cleared", 3)


def test_numbers_come_typed_and_in_a_workbook(browser, people):
    book = openpyxl.Workbook()
    for row in (["Numéro", "Remarque"], [people[0].number, "x"], ["P-404", ""]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    file = SimpleUploadedFile("numeros.xlsx", content.getvalue())
    typed = CHOICE | {"who": "numbers", "kind": [], "numbers": f"{people[1].number}\n", "file": file, "look": "1"}
    look = browser.post(f"{HOME}new/", typed)
    assert look.context["refusal"] == ""
    chosen = look.context["chosen"]
    assert sorted(chosen.party_ids) == sorted([people[0].id, people[1].id])
    assert chosen.unknown == ("P-404",)
    assert people[0].number in look.context["numbers"]


@pytest.mark.parametrize(
    "fault",
    [{"who": "numbers"}, {"name": " ", "start": "1"}, {"kind": ["agent"], "start": "1"}, {"kind": ["nonsense"]}],
)
@pytest.mark.usefixtures("people")
def test_faulty_choice_is_answered_on_the_page(office, browser, fault):
    answer = browser.post(f"{HOME}new/", CHOICE | fault)
    assert answer.status_code == 422 or not answer.context["chosen"].party_ids
    with tenant_transaction(office.caisse):
        assert not Campaign.objects.exists()


@pytest.mark.parametrize("size", ["normal", "large"])
def test_sample_is_a_picture_with_a_code_that_opens_nothing(office, browser, size):
    answer = browser.get(f"{HOME}sample.png?size={size}&text=letters.companies&language=de")
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert office.browser().post("/activate/", {"code": "XXXX XXXX XXXX"}).status_code == 422


def test_window_stands_where_the_caisse_says(office, browser):
    def sample():
        return browser.get(f"{HOME}sample.png").content

    right = sample()
    with tenant_transaction(office.caisse):
        change_sections(actor=office.clerk("gilles"), sections=[DeliverySection(window="left")])
    assert sample() != right


@pytest.mark.parametrize("path", ["letters.pdf", "clear/"])
def test_auditor_sees_numbers_and_no_codes(office, campaign, path):
    auditor = office.browser("greta")
    page = auditor.get(f"{HOME}{campaign.id}/")
    assert page.status_code == 200
    assert b"letters.pdf" not in page.content
    assert auditor.post(f"{HOME}{campaign.id}/{path}").status_code == 404
    assert auditor.get(f"{HOME}new/").status_code == 404
    assert office.browser("elena").get(f"{HOME}{campaign.id}/").status_code == 404


def test_letters_are_searched_by_post_filtered_and_exported(browser, campaign):
    page = browser.post(f"{HOME}{campaign.id}/", {"q": "Rente 2"})
    assert [one["party"].number for one in page.context["listed"]] == ["P-000002"]
    assert browser.post(f"{HOME}{campaign.id}/", {"state": "used"}).context["listed"] == []
    assert len(browser.post(f"{HOME}{campaign.id}/", {"state": "open"}).context["listed"]) == 3
    book = browser.post(f"{HOME}{campaign.id}/letters.xlsx", {})
    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.values)
    assert sum("P-00000" in str(row[0]) for row in rows) == 3
    assert browser.get(f"{HOME}campaigns.xlsx")["Content-Type"].endswith("sheet")


def test_reminder_is_offered_and_started(office, browser, campaign):
    page = browser.get(f"{HOME}new/?reminder_of={campaign.id}")
    assert page.context["text"] == "letters.reminder"
    answer = browser.post(f"{HOME}new/", {"reminder_of": str(campaign.id), "name": "Rappel", "start": "1"})
    assert answer.status_code == 302
    with tenant_transaction(office.caisse):
        assert Campaign.objects.get(name="Rappel").total == 3


def test_clerk_marks_what_came_back_by_its_reference(office, campaign):
    clerk = office.browser("elena")
    with tenant_transaction(office.caisse):
        references = list(campaign.letters.values_list("reference", flat=True)[:2])
    answer = clerk.post("/clerk/returned-letters/", {"references": "\n".join([*references, "NOPE"])})
    assert answer.context["unknown"] == ["NOPE"]
    assert clerk.post("/clerk/returned-letters/", {"references": references[0]}).status_code == 302
    with tenant_transaction(office.caisse):
        assert Letter.objects.filter(returned_at__isnull=False).count() == 2
    assert office.browser("greta").post("/clerk/returned-letters/", {"references": "X"}).status_code == 403


def test_clerk_sends_a_new_letter_after_the_identity_was_checked(office, campaign, people):
    clerk, path = office.browser("elena"), f"/clerk/parties/{people[0].id}/access/"
    old = letters.read_codes(letters.read_pages(office.caisse, office.clerk("gilles"), campaign))[0]
    page = clerk.get(path)
    assert page.context["waiting"].code is not None
    assert page.context["last"].campaign_id == campaign.id
    assert clerk.post(path, {"by": "letter"}).status_code == 422
    assert clerk.post(path, {"by": "letter", "checked": "questions"}).status_code == 302
    assert office.browser().post("/activate/", {"code": old}).status_code == 422
    new = read_letter_code(office.caisse, "letter")
    assert office.browser().post("/activate/", {"code": new}).status_code == 302
    with tenant_transaction(office.caisse):
        noted = Entry.objects.get(action="access_code_made")
        assert (noted.data["checked"], noted.for_party_id) == ("questions", people[0].id)
        assert User.objects.filter(state="invited").count() == 3


def test_slip_is_handed_over_only_where_somebody_stands(office, people):
    clerk, path = office.browser("elena"), f"/clerk/parties/{people[0].id}/access/"
    assert clerk.post(path, {"by": "counter", "checked": "questions"}).status_code == 422
    answer = clerk.post(path, {"by": "counter", "checked": "document"})
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert office.browser().post("/activate/", {"code": letters.CODE.findall(text)[0]}).status_code == 302


def test_party_with_an_access_gets_no_code(office, people):
    with tenant_transaction(office.caisse):
        make_member(make_user("already"), people[0])
    clerk, path = office.browser("elena"), f"/clerk/parties/{people[0].id}/access/"
    assert clerk.get(path).context["waiting"].has_access
    assert clerk.post(path, {"by": "letter", "checked": "document"}).status_code == 409
    with tenant_transaction(office.caisse):
        assert not Activation.objects.exists()


@pytest.mark.usefixtures("still_clock")
def test_pages_cost_as_many_queries_for_a_thousand_as_for_one(office, browser):
    costs = []
    for count in (1, 2, 997):
        with tenant_transaction(office.caisse):
            first = Letter.objects.count() + 1
            added = letters.make_insured(count, first=first)
            campaign = Campaign.objects.first() or Campaign.objects.create(
                name="Viele", text="by_kind", total=1, created_at=added[0].created_at, created_by_name="G"
            )
            Letter.objects.bulk_create(
                Letter(campaign=campaign, party=party, position=first + n, reference=f"R{first + n:06}")
                for n, party in enumerate(added)
            )
            Campaign.objects.bulk_create(
                Campaign(name=f"C{first + n}", text="by_kind", total=1, created_at=one.created_at, created_by_name="G")
                for n, one in enumerate(added)
            )
        for path in (f"{HOME}{campaign.id}/", HOME):
            browser.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            costs.append(len(queries))
    assert costs[0::2] == [costs[0]] * 3
    assert costs[1::2] == [costs[1]] * 3
    assert max(costs) <= 30
