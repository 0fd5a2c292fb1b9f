"""The pages of mandates: asked, answered and ended in the portal, checked and entered at the desk."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.models import Mandate, MandateList, MandateRequest, Membership, Party
from core.accounts.seats import list_seats
from core.audit.models import Entry
from core.documents.models import Document
from core.messaging import mandate_lists
from core.outbox.handlers import Job
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.hostile_files import make_pdf
from tests.support.invitations import CODE, read_newest
from tests.support.mandates import make_mandates
from tests.support.people import make_party

FORM = {"direction": "act", "other_kind": "employer", "scope": "all", "kinds": "all", "reach": "act", "proof": "answer"}


def ask(office, **values):
    given = FORM | {"number": office.parties["elsewhere"].number} | values
    return office.browser("claire").post(office.url("company/mandates/ask/", "firm"), given)


def only(office, table=MandateRequest, **fits):
    with tenant_transaction(office.caisse):
        return table.objects.get(**fits)


def test_ask_accept_act_end(office):
    assert ask(office)["Location"].endswith("?part=asked")
    drain(caisse=office.caisse)
    asked, hugo = only(office), office.browser("hugo")
    page = office.url(f"company/mandates/requests/{asked.id}/", "elsewhere")
    assert "Firm" in hugo.get(office.url("company/mandates/?part=received", "elsewhere")).content.decode()
    assert hugo.post(page, {"step": "accept"}).status_code == 302
    assert hugo.post(page, {"step": "refuse"}).status_code == 409
    claire = office.browser("claire")
    assert claire.get(office.url("", "elsewhere")).status_code == 200
    given = only(office, Mandate, acting_party=office.parties["firm"], for_party=office.parties["elsewhere"])
    end = office.url(f"company/mandates/{given.id}/end/", "elsewhere")
    assert hugo.post(end, {"reason": ""}).status_code == 422
    assert hugo.post(end, {"reason": "Fin"}).status_code == 302
    assert claire.get(office.url("", "elsewhere")).status_code == 404


def test_unknown_number_looks_the_same(office):
    known = ask(office)
    unknown = ask(office, number="999-0000.0")
    drain(caisse=office.caisse)
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    page = office.browser("claire").get(office.url("company/mandates/?part=asked", "firm")).content.decode()
    assert "Elsewhere" not in page
    assert page.count("attend une réponse") == 2 or page.count("waits for an answer") == 2


def test_power_of_attorney_is_checked_at_the_desk(office):
    upload = SimpleUploadedFile("procuration.pdf", make_pdf(), "application/pdf")
    asked = ask(office, proof="document", basis="power_of_attorney", file=upload)
    assert asked.status_code == 302, asked.content.decode()[:2000]
    drain(caisse=office.caisse)
    row, elena = only(office), office.browser("elena")
    assert "Firm" in elena.get("/clerk/mandates/").content.decode()
    assert elena.get(f"/clerk/documents/{row.document_id}/").status_code == 200
    assert office.browser("hugo").get(office.url(f"documents/{row.document_id}/", "elsewhere")).status_code == 404
    page = f"/clerk/mandates/check/{row.id}/"
    assert elena.post(page, {"step": "refuse", "reason": ""}).status_code == 422
    assert office.browser("greta").post(page, {"step": "accept"}).status_code == 403
    assert elena.post(page, {"step": "accept"}).status_code == 302
    assert only(office, Mandate, document_id=row.document_id).state == "accepted"
    assert office.browser("hugo").get(office.url(f"documents/{row.document_id}/", "elsewhere")).status_code == 200


def test_a_file_that_is_unsafe_leaves_nothing(office):
    upload = SimpleUploadedFile("procuration.pdf", b"<html><script>1</script></html>", "application/pdf")
    assert ask(office, proof="document", basis="power_of_attorney", file=upload).status_code == 422
    assert ask(office, proof="document", basis="power_of_attorney").status_code == 422
    with tenant_transaction(office.caisse):
        assert not MandateRequest.objects.exists()


def test_a_clerk_enters_changes_and_ends(office):
    elena, party = office.browser("elena"), office.parties["elsewhere"]
    form = {"other_kind": "agent", "number": office.parties["firm"].number, "basis": "agreement", "reach": "read"}
    page = f"/clerk/parties/{party.id}/mandates/new/"
    assert elena.post(page, form | {"number": "0"}).status_code == 422
    assert elena.post(page, form).status_code == 302
    given = only(office, Mandate, acting_party=office.parties["firm"], for_party=party)
    change = f"/clerk/mandates/{given.id}/change/"
    changed = elena.post(change, {"step": "change", "seen": 1, "reach": "act", "scope": "named", "theme": "employees"})
    assert changed.status_code == 302
    assert only(office, Mandate, id=given.id).themes == ["employees"]
    assert elena.post(change, {"step": "end", "reason": "Fin"}).status_code == 302
    assert office.browser("greta").get(f"/clerk/mandates/{given.id}/").status_code == 200
    assert office.browser("greta").get(change).status_code == 404


HEIR = {
    "who": "new", "given_name": "Hélène", "family_name": "Héritière", "street": "Rue 7", "postcode": "1700",
    "town": "Fribourg", "language": "fr", "basis": "law", "reach": "act",
}  # fmt: skip


def test_heir_whom_the_caisse_does_not_know_is_entered_with_her_mandate_and_gets_a_letter(office):
    elena = office.browser("elena")
    with tenant_transaction(office.caisse):
        zoe = make_party("Zoé Exemple", kind="insured")
        before = Party.objects.count()
    page = f"/clerk/parties/{zoe.id}/mandates/new/"
    proof = lambda: SimpleUploadedFile("certificat.pdf", make_pdf(), "application/pdf")  # noqa: E731 -- read once each
    refused = (HEIR, HEIR | {"town": "", "file": proof()}, HEIR | {"family_name": "", "file": proof()})
    for form in (*refused, HEIR | {"basis": "agreement", "file": proof()}):
        answer = elena.post(page, form)
        assert (answer.status_code, 'value="Hélène"' in answer.content.decode()) == (422, True)
    with tenant_transaction(office.caisse):
        assert (Party.objects.count(), Mandate.objects.filter(for_party=zoe).exists()) == (before, False)
        assert not Document.objects.exists()
    assert elena.post(page, HEIR | {"file": proof()}).status_code == 302
    assert elena.post(page, HEIR | {"file": proof()}).status_code == 409
    given = only(office, Mandate, for_party=zoe)
    letter = read_newest(office.caisse, "letter")
    assert letter["to"].splitlines() == ["Hélène Héritière", "Rue 7", "1700 Fribourg"]
    with tenant_transaction(office.caisse):
        heir = Party.objects.get(id=given.acting_party_id)
        place = Membership.objects.select_related("user").get(party=heir)
        seats = {seat.party.id for seat in list_seats(place.user_id)}
        acts = list(Entry.objects.filter(for_party_id=heir.id).values_list("action", flat=True))
    assert (heir.kind, heir.name, place.role, place.user.state) == (
        "agent",
        "Hélène Héritière",
        "administrator",
        "invited",
    )
    assert (given.basis, given.document_id is not None) == ("law", True)
    assert "representative_entered" in acts
    assert {zoe.id, heir.id} == seats
    assert office.browser().post("/activate/", {"code": CODE.findall(letter["text"])[0]}).status_code == 302
    assert office.browser("greta").post(page, HEIR).status_code == 404


def listed(*rows):
    lines = ["Numéro;Genre;Thèmes;Droit;Du;Jusqu’au", *rows]
    return SimpleUploadedFile("mandats.csv", "\r\n".join(lines).encode(), "text/csv")


def test_many_at_once_are_looked_at_then_made(office):
    claire, page = office.browser("claire"), office.url("company/mandates/many/", "firm")
    assert claire.get(f"{page}template.xlsx").status_code == 200
    own, known = office.parties["elsewhere"].number, office.parties["factory"].number
    rows = [f"{own};Employeur;;lire seulement;;", f"{known};;;;;", "999-0;;Rien;;;", "999-1;;;;31.02.2027;"]
    looked = claire.post(page, {"step": "look", "file": listed(*rows)})
    assert looked.status_code == 200
    assert [one["is_right"] for one in looked.context["lines"]] == [True, False, False, False]
    with tenant_transaction(office.caisse):
        assert not MandateRequest.objects.exists()
    again = {"step": "make", "document_id": looked.context["document_id"]}
    made = claire.post(page, again)
    assert (made.context["made"], len(made.context["lines"])) == (1, 3)
    row = only(office)
    assert (row.other_number, row.may_act) == (own, False)
    assert claire.post(page, again).status_code == 422


def test_a_list_comes_back_with_remarks_in_the_cells(office):
    claire = office.browser("claire", HTTP_ACCEPT_LANGUAGE="en")
    page = office.url("company/mandates/many/", "firm")
    book = openpyxl.Workbook()
    book.active.title = "List"
    known, own = office.parties["factory"].number, office.parties["elsewhere"].number
    for row in (
        ("Number", "Kind", "Until"),
        (own, "Employer", None),
        (known, None, None),
        ("999-1", None, "31.02.2027"),
    ):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    looked = claire.post(page, {"step": "look", "file": SimpleUploadedFile("list.xlsx", target.getvalue())})
    assert [one["is_right"] for one in looked.context["lines"]] == [True, False, False]
    sent = {"step": "marked", "document_id": looked.context["document_id"]}
    back = openpyxl.load_workbook(io.BytesIO(claire.post(page, sent).content))
    remarks = {cell.coordinate for row in back["List"].iter_rows() for cell in row if cell.comment}
    assert remarks == {"A3", "C4"}
    assert "31.02.2027" in back["List"]["C4"].comment.text
    assert [row[0] for row in back.worksheets[-1].iter_rows(values_only=True)][-2:] == [3, 4]
    # A list in text comes back as a table of what is wrong; nothing was asked by looking.
    looked = claire.post(page, {"step": "look", "file": listed(f"{known};;;;;")})
    answer = claire.post(page, {"step": "marked", "document_id": looked.context["document_id"]})
    assert [row[1].value for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows()][-1] == known
    with tenant_transaction(office.caisse):
        assert not MandateRequest.objects.exists()


def test_a_long_list_goes_to_a_worker(office):
    claire = office.browser("claire", HTTP_ACCEPT_LANGUAGE="en")
    page = office.url("company/mandates/many/", "firm")
    own, known = office.parties["elsewhere"].number, office.parties["factory"].number
    wrong = [f"8{n:05};;Unknown theme;;;" for n in range(1999)]
    started = claire.post(page, {"step": "look", "file": listed(f"{own};;;;;", f"{known};;;;;", *wrong)})
    assert started.status_code == 302
    url = started["Location"]
    shown = claire.get(url)
    assert (shown.context["is_busy"], shown.context["made"].total) == (True, 2001)
    assert claire.post(url, {"step": "make"}).status_code == 409
    drain(caisse=office.caisse)
    shown = claire.get(url)
    assert (shown.context["is_busy"], shown.context["made"].right, shown.context["wrong"]) == (False, 1, 2000)
    assert "There is no theme of this name here: Unknown theme." in shown.content.decode()
    with tenant_transaction(office.caisse):
        assert not MandateRequest.objects.exists()
    assert claire.post(url, {"step": "marked"})["Content-Type"].endswith("sheet")
    assert claire.post(url, {"step": "make"}).status_code == 302
    drain(caisse=office.caisse)
    assert only(office).other_number == own
    assert claire.get(url).context["made"].state == "made"
    # The worker begins again, the button is pressed again: nothing is made twice, and the file is gone.
    assert claire.post(url, {"step": "make"}).status_code == 409
    with tenant_transaction(office.caisse):
        made = MandateList.objects.get()
        assert not Document.objects.filter(id=made.document_id).exists()
    mandate_lists.work(Job(made.id, office.caisse, "", {"list": str(made.id)}, None, 2))
    assert only(office).other_number == own
    assert [office.browser(name).get(url).status_code for name in ("dario", "anne")] == [404, 404]


def test_a_long_list_at_the_desk_is_its_clerks_own(office):
    elena, firm = office.browser("elena"), office.parties["firm"]
    lines = [f"8{n:05};;Unknown theme;;;" for n in range(2001)]
    page = f"/clerk/parties/{firm.id}/mandates/many/"
    url = elena.post(page, {"step": "look", "basis": "agreement", "file": listed(*lines)})["Location"]
    drain(caisse=office.caisse)
    shown = elena.get(url)
    assert (shown.status_code, shown.context["wrong"], shown.context["made"].state) == (200, 2001, "looked")
    assert [office.browser(name).get(url).status_code for name in ("gilles", "greta")] == [404, 404]


def test_the_caisse_enters_many_for_a_fiduciary(office):
    elena, firm = office.browser("elena"), office.parties["firm"]
    page = f"/clerk/parties/{firm.id}/mandates/many/"
    looked = elena.post(page, {"step": "look", "file": listed(office.parties["elsewhere"].number + ";;;;;", "0;;;;;")})
    assert [one["is_right"] for one in looked.context["lines"]] == [True, False]
    elena.post(page, {"step": "make", "basis": "agreement", "document_id": looked.context["document_id"]})
    assert only(office, Mandate, acting_party=firm, for_party=office.parties["elsewhere"]).state == "accepted"
    assert office.browser("greta").get(page).status_code == 404


@pytest.mark.parametrize("name", ["beat", "claire"])
def test_who_does_not_keep_them_sees_what_concerns_her(office, name):
    given, asked, _proof = make_mandates(office)
    browser = office.browser(name)
    assert browser.get(office.url("company/mandates/")).status_code == 200
    assert browser.get(office.url("company/mandates/ask/")).status_code == 404
    assert browser.get(office.url(f"company/mandates/requests/{asked.id}/")).status_code == 404
    assert browser.post(office.url(f"company/mandates/{given.id}/end/"), {"reason": "x"}).status_code in {403, 404}
    assert only(office, Mandate, id=given.id).state == "accepted"


def test_only_named_kinds_of_document_are_open(office):
    with tenant_transaction(office.caisse):
        Mandate.objects.filter(for_party=office.parties["factory"], acting_party=office.parties["firm"]).update(
            document_types=["employees.entry"]
        )
    claire = office.browser("claire")
    home = claire.get(office.url()).content.decode()
    assert "employees.entry" in home
    assert "employees.exit" not in home
    assert claire.post(office.url("new/employees/employees.exit/")).status_code == 404
    assert claire.post(office.url("new/employees/employees.entry/")).status_code == 302
