"""The full circle by REST: a payroll program declares, uploads, sends, follows; the caisse's program treats it."""

from __future__ import annotations

import hashlib
import io
from functools import cache

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.evidence import signing
from core.documents.evidence.seals import SealedReceipt, verify_receipt
from core.outbox.services import drain
from tests.support import hostile_files, mailbox
from tests.support.elm import Letter, Person, elm_parts
from tests.support.mailbox import SALARY, WAGE
from tests.support.rest import program

HEADINGS = ("ahv_number", "last_name", "first_name", "birth_date", "sex", "canton", "ahv_income", "alv_income")


@cache
def workbook() -> bytes:
    """Return the same bytes each time: the format notes when it was written."""
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append([WAGE[name] for name in HEADINGS])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def elm() -> bytes:
    return "".join(elm_parts([Person()], Letter())).encode()


FILES = {"xml": ("declaration.xml", elm), "xlsx": ("lohn.xlsx", workbook)}


@pytest.fixture
def payroll(office):
    return program(office, office.actor())


@pytest.fixture
def core_system(office):
    return program(office, office.clerk())


def begin(payroll, kind=SALARY, **payload):
    answer = payroll.post("messages/", {"type": kind, "payload": payload}, key="begin")
    assert answer.status_code == 201, answer.content
    return answer.json()


def justify(payroll, path):
    for finding in payroll.get(f"{path}findings/?severity=justify").json():
        answer = payroll.post(f"{path}findings/{finding['id']}/justify/", {"reason": mailbox.REASON})
        assert answer.json()["reason"] == mailbox.REASON


@pytest.mark.parametrize("ending", FILES)
def test_uploaded_declaration_is_sent_followed_and_proved(office, payroll, ending):
    name, make = FILES[ending]
    draft = begin(payroll, **mailbox.YEAR)
    path = f"messages/{draft['id']}/"
    taken = payroll.upload(f"{path}files/", key="file", file=SimpleUploadedFile(name, make()))
    assert taken.status_code == 202, taken.content
    assert taken.json()["document"]["sha256"] == hashlib.sha256(make()).hexdigest()
    drain(caisse=office.caisse)
    job = payroll.get(f"jobs/{taken.json()['job']['id']}/").json()
    assert (job["state"], job["progress"], job["fault"]) == ("done", 100, None)
    listed = payroll.get(f"{path}rows/").json()["rows"]
    assert [row["last_name"] for row in listed] == ["Exemple"]
    justify(payroll, path)
    message = payroll.get(path).json()
    assert (message["state"], message["checked"], message["row_count"]) == ("draft", True, 1)
    sent = payroll.post(f"{path}send/", {"revision": message["revision"], "confirmed": True}, key="send")
    assert sent.status_code == 201, sent.content
    assert payroll.get(path).json()["state"] == "sent"
    check_receipt(office, payroll, path, sent.json())


def check_receipt(office, payroll, path, receipt):
    assert payroll.get(f"{path}receipt/").json() == receipt
    sealed = SealedReceipt(
        json_bytes=receipt["sealed"].encode(), signature=bytes.fromhex(receipt["signature"]),
        key_id=receipt["key_id"], short_code=receipt["short_code"],
    )  # fmt: skip
    verify_receipt(sealed, signing.get_keyring())
    assert receipt["content"]["sender"]["name"] == "Anne Exemple (Paie)"
    assert receipt["content"]["sender"]["channel"] == "api"
    drain(caisse=office.caisse)
    pdf = payroll.get(f"{path}receipt.pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert payroll.get(f"{path}receipt.pdf").content == pdf.content
    shown = payroll.get("documents/").json()
    assert shown == [], "a receipt hangs on its message, the dossier holds what the caisse publishes"


def test_rows_without_a_file(office, payroll):
    draft = begin(payroll, **mailbox.YEAR)
    path = f"messages/{draft['id']}/"
    put = payroll.call("put", f"{path}rows/", {"revision": draft["revision"], "rows": [WAGE, mailbox.SECOND_WAGE]})
    assert (put.status_code, put.json()["row_count"]) == (200, 2)
    check = payroll.post(f"{path}check/")
    assert check.status_code == 202
    drain(caisse=office.caisse)
    assert payroll.get(path).json()["totals"]["ahv_income"].replace("’", "").replace(",", "") == "169000.00"


def test_faulty_rows_are_all_named_and_nothing_is_changed(payroll):
    draft = begin(payroll, **mailbox.YEAR)
    path = f"messages/{draft['id']}/"
    payroll.call("put", f"{path}rows/", {"revision": draft["revision"], "rows": [WAGE]})
    before = payroll.get(f"{path}rows/").json()
    faulty = [WAGE | {"ahv_number": "756.0000.0000.00"}, WAGE | {"canton": "XX", "ahv_income": "viel"}]
    answer = payroll.call("put", f"{path}rows/", {"revision": draft["revision"] + 1, "rows": faulty})
    assert (answer.status_code, answer.json()["code"]) == (422, "entries_faulty")
    assert {(one["row"], one["field"]) for one in answer.json()["errors"]} == {
        (1, "ahv_number"), (2, "canton"), (2, "ahv_income"),
    }  # fmt: skip
    assert payroll.get(f"{path}rows/").json() == before


def test_unknown_and_faulty_entries_are_named(payroll):
    answer = payroll.post("messages/", {"type": mailbox.ENTRY, "payload": {"sex": "x", "colour": "red"}})
    named = [(one["row"], one["field"], one["code"]) for one in answer.json()["errors"]]
    assert named == [(None, "sex", "choice_unknown"), (None, "colour", "unknown_field")]


def test_desk_asks_decides_and_closes(office, payroll, core_system):
    draft = begin(payroll, mailbox.DUPLICATE, **mailbox.SOUND[mailbox.DUPLICATE])
    path, desk = f"messages/{draft['id']}/", f"desk/messages/{draft['id']}/"
    checked = payroll.post(f"{path}check/").json()
    payroll.post(f"{path}send/", {"revision": checked["revision"], "confirmed": True}, key="send")
    assert [one["id"] for one in core_system.get("desk/queue/?state=sent").json()["messages"]] == [draft["id"]]
    assert core_system.post(f"{desk}take/").json()["state"] == "in_treatment"
    asked = core_system.post(f"{desk}ask-back/", {"question": "Quand ?", "due_on": "2027-01-31"}).json()
    assert (asked["kind"], asked["due_on"], asked["in_reply_to"]) == ("request", "2027-01-31", draft["id"])
    assert "payload" not in asked, "the desk does not look into an answer being written"
    assert [one["id"] for one in payroll.get("messages/").json()["messages"]] == [asked["id"]]
    assert core_system.post(f"{desk}cancel-question/").json()["state"] == "in_treatment"
    decided = core_system.post(f"{desk}decision/", {"title": "Duplicata", "text": "Il suit."}, key="decide")
    assert decided.status_code == 201
    assert [one["title"] for one in payroll.get("documents/").json()] == ["Duplicata"]
    file = payroll.get(f"documents/{decided.json()['id']}/file/")
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"
    assert core_system.post(f"{desk}close/", {"note": "Merci."}).json()["state"] == "done"
    steps = [(one["event"], one["side"]) for one in payroll.get(f"{path}events/").json()]
    assert steps == [
        ("sent", "party"), ("taken", "caisse"), ("asked_back", "caisse"), ("requested", "caisse"),
        ("question_cancelled", "caisse"), ("resumed", "caisse"), ("decision_published", "caisse"), ("closed", "caisse"),
    ]  # fmt: skip


def test_own_pdf_as_a_decision_is_judged_first(office, payroll, core_system):
    draft = begin(payroll, mailbox.DUPLICATE, **mailbox.SOUND[mailbox.DUPLICATE])
    path, desk = f"messages/{draft['id']}/", f"desk/messages/{draft['id']}/"
    checked = payroll.post(f"{path}check/").json()
    payroll.post(f"{path}send/", {"revision": checked["revision"], "confirmed": True})
    core_system.post(f"{desk}take/")

    def decide(content):
        file = SimpleUploadedFile("d.pdf", content)
        return core_system.upload(f"{desk}decision/", title="Décision", file=file)

    hostile = hostile_files.make_pdf(hostile_files._action("JavaScript", JS="1"))
    assert decide(hostile).json()["code"] == "file_unsafe"
    assert decide(b"PK").json()["code"] == "decision_not_pdf"
    assert payroll.get("documents/").json() == []
    assert decide(hostile_files.make_pdf()).status_code == 201
    assert len(payroll.get("documents/").json()) == 1


def test_problem_speaks_the_callers_language_under_one_code(payroll):
    problems = []
    for payroll.language in ("fr", "de", "it", "en"):
        problems.append(payroll.post("messages/", {"type": "salary.unknown"}).json())
    assert {problem["code"] for problem in problems} == {"unknown_message_type"}
    assert len({problem["title"] for problem in problems}) == 4


def test_withdrawn_while_nobody_has_taken_it(payroll, core_system):
    draft = begin(payroll, mailbox.DUPLICATE, **mailbox.SOUND[mailbox.DUPLICATE])
    path = f"messages/{draft['id']}/"
    checked = payroll.post(f"{path}check/").json()
    payroll.post(f"{path}send/", {"revision": checked["revision"], "confirmed": True})
    assert payroll.post(f"{path}withdraw/").json()["state"] == "withdrawn"
    again = payroll.post(f"{path}withdraw/")
    assert (again.status_code, again.json()["code"]) == (409, "transition_not_allowed")
    assert core_system.post(f"desk/messages/{draft['id']}/take/").json()["code"] == "transition_not_allowed"


def test_replacement_by_a_program(payroll):
    draft = begin(payroll, mailbox.DUPLICATE, **mailbox.SOUND[mailbox.DUPLICATE])
    early = payroll.post("messages/", {"type": mailbox.DUPLICATE, "substitutes": draft["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "not_replaceable")
    checked = payroll.post(f"messages/{draft['id']}/check/").json()
    payroll.post(f"messages/{draft['id']}/send/", {"revision": checked["revision"], "confirmed": True})
    after = payroll.post("messages/", {"type": mailbox.DUPLICATE, "substitutes": draft["id"]}).json()
    assert (after["substitutes"], after["payload"]["reason"]) == (draft["id"], "lost")
    checked = payroll.post(f"messages/{after['id']}/check/").json()
    payroll.post(f"messages/{after['id']}/send/", {"revision": checked["revision"], "confirmed": True})
    assert payroll.get(f"messages/{draft['id']}/").json()["state"] == "replaced"
