"""Two at once: exactly one wins, the other learns it, and nothing is counted or told twice."""

from __future__ import annotations

import pytest

from core.kernel.errors import RelaisError
from core.messaging import desk, drafts, jobs, sending, transitions
from core.messaging.errors import DraftConflict, PeriodAlreadyDeclared, TransitionNotAllowed
from core.messaging.models import Message, Receipt
from core.messaging.states import State
from core.outbox.models import Entry as OutboxEntry
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import counts, current
from tests.support.racing import race
from tests.support.states import reach, stamps_of


@pytest.fixture
def anne(office):
    return office.actor()


@pytest.fixture
def elena(office):
    return office.clerk()


def way(name, actor):
    return lambda message: transitions.apply(
        message=message, transition=name, actor=actor, changes=stamps_of(name)
    )  # fmt: skip


RIVALS = [
    (State.DRAFT, "send", "discard"),
    (State.SENT, "take", "take"),
    (State.SENT, "withdraw", "take"),
    (State.SENT, "take", "withdraw"),
    (State.IN_TREATMENT, "close", "refuse"),
    (State.IN_TREATMENT, "ask_back", "close"),
    (State.OPEN, "cancel_question", "send"),
    (State.DELIVERED, "acknowledge", "acknowledge"),
]


@pytest.mark.parametrize(("state", "first", "second"), RIVALS)
def test_one_of_two_steps_wins(office, state, first, second):
    sides = {"party": office.actor(), "caisse": office.clerk()}
    with tenant_transaction(office.caisse):
        message = reach(state, sides["party"], sides["caisse"])
        stale = current(message)
        before = message.events.count()
    steps = [
        way(name, sides[transitions.BY_NAME[name].who]) for name in (first, second)
    ]  # fmt: skip
    won, lost = race(office.caisse, lambda: steps[0](message), lambda: steps[1](stale))
    assert won.state == transitions.BY_NAME[first].target
    assert isinstance(lost, TransitionNotAllowed)
    with tenant_transaction(office.caisse):
        assert current(message).state == won.state
        assert message.events.count() == before + 1
    counts(office)


def checked(office, actor, key=mailbox.ENTRY):
    with tenant_transaction(office.caisse):
        message = jobs.check_now(actor=actor, message=mailbox.draft(actor, key))
        mailbox.justify_all(actor, message)
    return message


def send(actor, message):
    return sending.send_message(
        actor=actor, message=message, revision=message.revision, confirmed=True, language="fr"
    )  # fmt: skip


def test_two_clicks_at_the_same_moment_send_once_and_show_one_receipt(office, anne):
    message = checked(office, anne)
    with tenant_transaction(office.caisse):
        stale = current(message)
    one, other = race(office.caisse, lambda: send(anne, message), lambda: send(anne, stale))
    assert one.short_code == other.short_code
    with tenant_transaction(office.caisse):
        assert Receipt.objects.count() == 1
        assert OutboxEntry.objects.filter(topic="messaging.receipt").count() == 1
        assert message.events.filter(name="sent").count() == 1
    assert counts(office) == {"sent": 1}


def test_colleague_who_changes_while_it_is_sent_loses_nothing_of_hers(office, anne):
    message, beat = checked(office, anne), office.actor("beat")

    def save():
        return drafts.save_draft(
            actor=beat, message=message, revision=message.revision, payload={"remark": "Warten"}
        )  # fmt: skip

    receipt, refused = race(office.caisse, lambda: send(anne, message), save)
    assert isinstance(receipt, Receipt)
    assert isinstance(refused, RelaisError)
    assert refused.code == "not_editable"


def test_sending_does_not_pass_by_a_colleague_who_saves(office, anne):
    message, beat = checked(office, anne), office.actor("beat")

    def save():
        return drafts.save_draft(
            actor=beat, message=message, revision=message.revision, payload={"remark": "Warten"}
        )  # fmt: skip

    saved, refused = race(office.caisse, save, lambda: send(anne, message))
    assert saved.revision == message.revision + 1
    assert isinstance(refused, TransitionNotAllowed)
    with tenant_transaction(office.caisse):
        assert (current(message).state, Receipt.objects.count()) == ("draft", 0)


def test_two_colleagues_who_save_at_once_both_keep_their_words(office, anne):
    message, beat = checked(office, anne), office.actor("beat")

    def save(actor, remark):
        return drafts.save_draft(
            actor=actor, message=message, revision=message.revision, payload={"remark": remark}
        )  # fmt: skip

    saved, refused = race(office.caisse, lambda: save(anne, "Oui"), lambda: save(beat, "Nein"))
    assert saved.payload["remark"] == "Oui"
    assert isinstance(refused, DraftConflict)
    assert anne.name in str(refused)


def test_one_declaration_for_one_year(office, anne):
    """Two drafts of the same year, sent at the same moment: only one of them stands."""
    ready = []
    for _time in range(2):
        with tenant_transaction(office.caisse):
            draft = drafts.start_draft(
                actor=anne, message_type=mailbox.type_of(mailbox.SALARY), party_id=anne.party_id
            )  # fmt: skip
        ready.append(mailbox.fill_salary(office, anne, draft))
    won, lost = race(office.caisse, lambda: send(anne, ready[0]), lambda: send(anne, ready[1]))
    assert isinstance(won, Receipt)
    assert isinstance(lost, PeriodAlreadyDeclared)
    assert counts(office) == {"sent": 1, "drafts": 1}


def test_two_replacements_of_one_message_do_not_both_stand(office, anne):
    with tenant_transaction(office.caisse):
        before = mailbox.sent(anne)
        kind = mailbox.type_of(before.type_key)
        both = [
            drafts.start_draft(actor=anne, message_type=kind, party_id=anne.party_id, substitutes=before)
            for _time in range(2)
        ]
        both = [jobs.check_now(actor=anne, message=one) for one in both]
    won, lost = race(office.caisse, lambda: send(anne, both[0]), lambda: send(anne, both[1]))
    assert isinstance(won, Receipt)
    assert isinstance(lost, TransitionNotAllowed)
    with tenant_transaction(office.caisse):
        standing = Message.objects.filter(state="sent")
        assert [one.id for one in standing] == [both[0].id]
        with pytest.raises(TransitionNotAllowed):
            send(anne, current(both[1]))


def test_clerk_who_asks_meets_a_party_that_withdraws(office, anne, elena):
    """Asking is three writes; should the message be gone, none of them stays."""
    with tenant_transaction(office.caisse):
        message = mailbox.sent(anne)
        taken = desk.take_message(actor=elena, message=message)
        stale = current(taken)
    ask = lambda: desk.ask_back(actor=elena, message=stale, question="Juste ?")  # noqa: E731 -- one of two rivals
    closed, refused = race(
        office.caisse, lambda: desk.close_message(actor=elena, message=taken), ask
    )  # fmt: skip
    assert closed.state == State.DONE
    assert isinstance(refused, TransitionNotAllowed)
    with tenant_transaction(office.caisse):
        assert Message.objects.filter(kind="request").count() == 0
    assert counts(office) == {"done": 1}
