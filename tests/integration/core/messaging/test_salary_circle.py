"""A salary declaration by services: rows checked by the worker, copied with a question, corrected, sent again."""

from __future__ import annotations

from functools import partial

from core.documents.evidence import signing
from core.documents.evidence.seals import verify_receipt
from core.messaging import desk, drafts, receipts, rows, sending
from core.messaging.jobs import invalidate
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import SALARY, WAGE, counts, current, take_mails


def in_scope(caisse, step, **kwargs):
    with tenant_transaction(caisse):
        return step(**kwargs)


def send(do, actor, message):
    return do(
        sending.send_message,
        actor=actor, message=message, revision=message.revision, confirmed=True, language="fr",
    )  # fmt: skip


def list_values(message):
    return [line.values for line in rows.iterate_rows(message)]


def test_rows_go_the_whole_circle(office):
    do, anne, elena = partial(in_scope, office.caisse), office.actor(), office.clerk()
    draft = do(drafts.start_draft, actor=anne, message_type=mailbox.type_of(SALARY), party_id=anne.party_id)
    first = mailbox.fill_salary(office, anne, draft)
    assert (first.period, first.row_count, first.checked_revision) == ("2025", 2, first.revision)
    assert first.summary["totals"]["ahv_income"] == "169000.00"

    receipt = send(do, anne, first)
    verify_receipt(receipts.to_sealed(receipt), signing.get_keyring())
    digest = do(receipts.content_digest, message=first)
    assert receipts.read_content(receipt)["message"]["content_sha256"] == digest

    do(desk.take_message, actor=elena, message=first)
    pointers = [{"row": 2, "field": "ahv_income"}]
    request = do(desk.ask_back, actor=elena, message=do(current, message=first), question="Juste ?", pointers=pointers)
    assert do(list_values, message=request) == do(list_values, message=first)
    assert (request.row_count, request.pointers, request.period) == (2, pointers, "2025")
    drain(caisse=office.caisse)
    assert [one["to"] for one in take_mails()] == ["anne@example.ch", "claire@example.ch"], "Beat has another theme"

    do(rows.change_row, message=request, number=2, entries=mailbox.SECOND_WAGE | {"ahv_income": "84600.00"})
    do(invalidate, actor=anne, message=request, revision=request.revision)
    answer = mailbox.check(office, anne, request)
    send(do, anne, answer)
    standing, replaced = do(current, message=answer), do(current, message=first)
    assert (standing.state, replaced.state) == ("sent", "replaced")
    assert standing.summary["totals"]["ahv_income"] == "169100.00"
    assert do(receipts.content_digest, message=replaced) == digest, "what was sent first stays as it was"
    assert counts(office) == {"sent": 1, "done": 1}


def test_discarded_list_is_gone(office):
    do, anne = partial(in_scope, office.caisse), office.actor()
    draft = do(drafts.start_draft, actor=anne, message_type=mailbox.type_of(SALARY), party_id=anne.party_id)
    do(rows.add_rows, message=draft, many=[WAGE, WAGE | {"ahv_income": "viel"}])
    do(drafts.discard_draft, actor=anne, message=draft)
    assert do(list_values, message=draft) == []
    assert do(lambda: draft.unread_cells.count()) == 0
    assert counts(office) == {}
