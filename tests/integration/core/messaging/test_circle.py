"""The full circle of an announcement by services: steps, audit, counters and mails after each."""

from __future__ import annotations

import pytest

from core.audit.models import Entry
from core.documents import services as documents
from core.documents.evidence import signing
from core.documents.evidence.seals import verify_receipt
from core.documents.selectors import list_documents_of_message, list_dossier
from core.kernel.errors import NotFound
from core.messaging import access, desk, desk_queue, drafts, files, jobs, papers, receipts, selectors, sending
from core.messaging.models import Event, Message
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import counts, current, take_mails

TOLD = ["anne@example.ch", "beat@example.ch", "claire@example.ch"]  # not Dario, who has other clients
QUESTION = "Cette personne a-t-elle commencé plus tôt ?"


class Case:
    """One announcement on its way, and what is new in its history since the last look."""

    def __init__(self, office):
        self.office = office
        self.anne, self.elena = office.actor("anne"), office.clerk("elena")
        self._seen = {"events": 0, "audit": 0}
        self.message = self.request = None

    def do(self, step, *args, **kwargs):
        with tenant_transaction(self.office.caisse):
            return step(*args, **kwargs)

    def now(self, message=None):
        return self.do(current, message or self.message)

    def draft(self):
        self.message = self.do(mailbox.draft, self.anne)

    def check(self, message):
        checked = self.do(jobs.check_now, actor=self.anne, message=self.now(message))
        self.do(mailbox.justify_all, self.anne, checked)
        return checked

    def send(self, message):
        return self.do(
            sending.send_message,
            actor=self.anne, message=message, revision=message.revision, confirmed=True, language="fr",
        )  # fmt: skip

    def new_events(self) -> list[str]:
        return self._new("events", Event.objects.order_by("at", "id").values_list("name", flat=True))

    def new_audit(self) -> list[str]:
        written = Entry.objects.filter(object_type="message") | Entry.objects.filter(action="decision_published")
        return self._new("audit", written.order_by("at", "id").values_list("action", flat=True))

    def _new(self, kind, found):
        names = self.do(list, found)
        fresh, self._seen[kind] = names[self._seen[kind] :], len(names)
        return fresh


@pytest.fixture
def case(office):
    return Case(office)


@pytest.fixture
def sent(case):
    """A case whose declaration was sent and whose sending lies behind us."""
    case.draft()
    case.send(case.check(case.message))
    drain(caisse=case.office.caisse)
    case.new_events(), case.new_audit(), take_mails()
    return case


def ask(case):
    case.do(desk.take_message, actor=case.elena, message=case.now())
    pointers = [{"field": "entry_date"}]
    case.request = case.do(
        desk.ask_back, actor=case.elena, message=case.now(), question=QUESTION, pointers=pointers
    )  # fmt: skip
    drain(caisse=case.office.caisse)


def answer(case):
    payload = {"entry_date": "2025-11-01"}
    case.do(drafts.save_draft, actor=case.anne, message=case.now(case.request), revision=1, payload=payload)
    return case.send(case.check(case.request))


def test_draft_is_its_makers_alone(case):
    case.draft()
    assert counts(case.office) == {"drafts": 1}
    assert (case.new_events(), case.new_audit()) == (["started"], ["message_started"])
    for viewer in (case.elena, case.office.clerk("greta"), case.office.actor("hugo", "elsewhere")):
        with pytest.raises(NotFound):
            case.do(access.access_message, viewer, case.message.id)
    drain(caisse=case.office.caisse)
    assert take_mails() == []


def test_sending_moves_counts_and_seals_what_was_sent(case):
    case.draft()
    message = case.check(case.message)
    case.new_audit()
    receipt = case.send(message)
    assert counts(case.office) == {"sent": 1}
    assert (case.new_events(), case.new_audit()) == (["started", "sent"], ["message_sent"])
    message = case.now()
    assert (message.state, message.sent_by, message.acting_party_id) == (
        "sent", case.anne.user_id, case.anne.acting_party_id,
    )  # fmt: skip
    content = receipts.read_content(receipt)
    assert content["message"]["content_sha256"] == case.do(receipts.content_digest, message)
    verify_receipt(receipts.to_sealed(receipt), signing.get_keyring())


def test_second_click_on_send_gives_the_first_receipt(sent):
    first = sent.do(receipts.find_receipt, sent.message)
    again = sent.send(sent.now())
    assert bytes(again.sealed) == bytes(first.sealed)
    assert (sent.new_events(), sent.new_audit(), counts(sent.office)) == ([], [], {"sent": 1})


def test_receipt_lies_ready_as_a_pdf_after_the_commit(sent):
    found = sent.do(list_documents_of_message, sent.message.id)
    assert [(one.kind, one.state) for one in found] == [("receipt", "clean")]
    pdf = documents.read_document(caisse=sent.office.caisse, document=found[0])
    assert pdf == papers.get_receipt_pdf(caisse=sent.office.caisse, message_id=sent.message.id)
    assert pdf.startswith(b"%PDF-")


def test_clerk_opens_takes_and_hands_over(sent):
    assert sent.do(access.access_message, sent.elena, sent.message.id).id == sent.message.id
    assert sent.do(desk_queue.count_queue, sent.elena).by_state == {"sent": 1, "in_treatment": 0, "queried": 0}
    sent.do(desk.take_message, actor=sent.elena, message=sent.now())
    felix = sent.office.users["felix"]
    sent.do(desk.assign_message, actor=sent.elena, message=sent.now(), user_id=felix.id, name=felix.name)
    assert (sent.now().state, sent.now().assigned_name) == ("in_treatment", felix.name)
    assert sent.new_events() == ["taken", "assigned"]
    assert sent.new_audit() == ["message_taken", "message_assigned"]
    assert counts(sent.office) == {"sent": 1}
    drain(caisse=sent.office.caisse)
    assert take_mails() == [], "nothing in this concerns the party yet"


def test_handing_over_stays_at_the_desk(sent):
    sent.do(desk.take_message, actor=sent.elena, message=sent.now())
    sent.do(desk.assign_message, actor=sent.elena, message=sent.now(), user_id=sent.elena.user_id, name="Elena")
    shown = [event.name for event in sent.do(selectors.list_events, sent.anne, sent.now())]
    assert shown == ["sent", "taken"]
    assert "assigned" in [event.name for event in sent.do(selectors.list_events, sent.elena, sent.now())]


def test_question_lies_in_the_inbox_with_a_copy(sent):
    ask(sent)
    assert counts(sent.office) == {"sent": 1, "inbox": 1}
    assert sent.new_events() == ["taken", "asked_back", "requested"]
    assert sent.new_audit() == ["message_taken", "message_asked_back", "message_requested"]
    request = sent.now(sent.request)
    assert (request.state, request.kind, request.question) == ("open", "request", QUESTION)
    assert request.case_id == sent.message.case_id
    assert request.payload == sent.now().payload
    assert request.pointers == [{"field": "entry_date"}]


def test_question_is_told_to_those_who_act_for_the_party(sent):
    ask(sent)
    mails = take_mails()
    assert [one["to"] for one in mails] == TOLD
    for one in mails:
        assert QUESTION not in one["text"]
        assert f"/p/{sent.message.party_id}/m/{sent.request.id}/" in one["text"]


def test_desk_does_not_look_into_an_answer_being_written(sent):
    ask(sent)
    request = sent.do(access.access_message, sent.elena, sent.request.id)
    assert not access.sees_contents(sent.elena, request)
    assert access.sees_contents(sent.anne, request)


def test_answer_takes_the_place_of_what_was_asked(sent):
    ask(sent)
    sent.new_events(), sent.new_audit()
    answer(sent)
    assert (sent.now().state, sent.now(sent.request).state) == ("replaced", "sent")
    assert counts(sent.office) == {"sent": 1, "done": 1}
    assert sent.new_events() == ["sent", "replaced"]
    assert sent.new_audit()[-2:] == ["message_sent", "message_replaced"]
    assert sent.now(sent.request).payload["entry_date"] == "2025-11-01"
    assert sent.now().payload["entry_date"] == "2025-10-01"
    case = sent.do(selectors.list_case, sent.anne, sent.now())
    assert [one.id for one in case] == [sent.message.id, sent.request.id]


def test_decision_lies_in_the_dossier_and_people_are_told(sent):
    sent.do(desk.take_message, actor=sent.elena, message=sent.now())
    sent.new_events(), sent.new_audit()
    published = papers.publish_decision(
        caisse=sent.office.caisse, actor=sent.elena, message_id=sent.message.id,
        title="Décision 2025", text="Nous avons fixé vos cotisations.\n\nElles suivent.",
    )  # fmt: skip
    assert sent.new_events() == ["decision_published"]
    assert sent.new_audit() == ["decision_published"]
    assert [one.id for one in sent.do(list_dossier, party_id=sent.message.party_id)] == [published.id]
    document = sent.do(files.access_document, sent.anne, published.id)
    assert documents.read_document(caisse=sent.office.caisse, document=document).startswith(b"%PDF-")
    for viewer in (sent.office.actor("dario", "bakery"), sent.office.actor("hugo", "elsewhere")):
        with pytest.raises(NotFound):
            sent.do(files.access_document, viewer, published.id)
    drain(caisse=sent.office.caisse)
    assert [one["to"] for one in take_mails()] == TOLD


def test_closed_case_lies_among_the_completed(sent):
    sent.do(desk.take_message, actor=sent.elena, message=sent.now())
    sent.do(desk.close_message, actor=sent.elena, message=sent.now(), note=" Merci. ")
    message = sent.now()
    assert (message.state, message.closed_at is not None) == ("done", True)
    assert counts(sent.office) == {"done": 1}
    assert sent.new_events() == ["taken", "closed"]
    assert sent.new_audit() == ["message_taken", "message_closed"]
    assert sent.do(selectors.list_events, sent.anne, message)[-1].note == "Merci."
    drain(caisse=sent.office.caisse)
    mails = take_mails()
    assert [one["to"] for one in mails] == TOLD
    assert all("Merci" not in one["text"] for one in mails)


def test_every_step_names_its_actor(sent):
    sent.do(desk.take_message, actor=sent.elena, message=sent.now())
    for step in sent.do(lambda: [*Event.objects.all(), *Entry.objects.filter(object_type="message")]):
        wanted = sent.elena if "taken" in (getattr(step, "name", ""), getattr(step, "action", "")[8:]) else sent.anne
        assert (step.actor_kind, step.actor_name, step.user_id) == (wanted.kind, wanted.name, wanted.user_id)


def test_history_cannot_be_rewritten(sent):
    from django.db import DatabaseError

    for table in (Event, Entry):
        with pytest.raises(DatabaseError):
            sent.do(table.objects.update, actor_name="X")


def test_no_message_is_lost_on_the_way(sent):
    ask(sent)
    answer(sent)
    assert sent.do(Message.objects.count) == 2
