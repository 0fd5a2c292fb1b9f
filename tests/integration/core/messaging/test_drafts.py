"""Drafts of two colleagues, and messages that take the place of others."""

from __future__ import annotations

import pytest
from django.db import transaction

from core.kernel.errors import NotFound, NotPermitted
from core.messaging import access, desk, drafts, selectors, sending, transitions
from core.messaging.errors import (
    ConfirmationMissing,
    DraftConflict,
    FindingsOpen,
    NotChecked,
    NotEditable,
    NothingToSend,
    NotReplaceable,
    PeriodAlreadyDeclared,
)
from core.messaging.jobs import check_now
from core.messaging.states import State
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import DUPLICATE, ENTRY, SALARY, counts, current, type_of
from tests.support.states import reach, recorded_draft


@pytest.fixture
def anne(office):
    return office.actor()


@pytest.fixture
def elena(office):
    return office.clerk()


@pytest.fixture
def inside(office):
    """The caisse's scope, open for the whole test."""
    with tenant_transaction(office.caisse):
        yield


@pytest.fixture
def people(anne, elena, request):
    """Both sides, read before the scope opens."""
    request.getfixturevalue("inside")
    return anne, elena


def save(actor, message, revision, **payload):
    return drafts.save_draft(actor=actor, message=current(message), revision=revision, payload=payload)


def send(actor, message, **changes):
    given = {"revision": message.revision, "confirmed": True, "language": "fr"} | changes
    return sending.send_message(actor=actor, message=message, **given)


def replace(actor, message, key=ENTRY):
    return drafts.start_draft(
        actor=actor, message_type=type_of(key), party_id=actor.party_id, substitutes=current(message)
    )


def test_colleagues_save_stays_and_the_second_is_named(office, anne, inside):
    beat = office.actor("beat")
    message = mailbox.draft(anne)
    save(beat, message, 1, remark="Von Beat")
    with pytest.raises(DraftConflict) as refused:
        save(anne, message, 1, remark="D’Anne")
    assert (refused.value.code, refused.value.status) == ("draft_conflict", 409)
    assert refused.value.params == {"name": "Beat Exemple"}
    kept = current(message)
    assert (kept.payload["remark"], kept.revision, kept.changed_by) == ("Von Beat", 2, beat.user_id)


def test_saving_the_same_again_changes_nothing(people):
    anne, _elena = people
    message = mailbox.draft(anne)
    assert save(anne, message, 1, **mailbox.SOUND[ENTRY]).revision == 1


def test_entries_that_are_not_sent_along_stay(people):
    anne, _elena = people
    message = mailbox.draft(anne)
    saved = save(anne, message, 1, remark="Bien")
    assert saved.payload == {**mailbox.SOUND[ENTRY], "remark": "Bien"}


def test_what_was_sent_can_no_longer_be_changed(people):
    anne, _elena = people
    message = mailbox.sent(anne)
    with pytest.raises(NotEditable):
        save(anne, message, message.revision, remark="Trop tard")
    with pytest.raises(NotEditable):
        access.access_editable(anne, message.id)


@pytest.mark.parametrize(
    ("payload", "changes", "error"),
    [
        ({}, {"revision": 7}, NotChecked),
        ({}, {"confirmed": False}, ConfirmationMissing),
        ({"birth_date": "2090-01-01"}, {}, FindingsOpen),
        ({"last_name": ""}, {}, FindingsOpen),
    ],
    ids=["another revision", "not confirmed", "a rule blocks", "an entry is missing"],
)
def test_what_is_not_ready_is_not_sent(people, payload, changes, error):
    anne, _elena = people
    message = check_now(actor=anne, message=mailbox.draft(anne, **payload))
    with pytest.raises(error):
        send(anne, message, **changes)
    assert current(message).state == State.DRAFT


def test_change_after_the_check_must_be_checked_again(people):
    anne, _elena = people
    message = check_now(actor=anne, message=mailbox.draft(anne))
    changed = save(anne, message, 1, remark="Bien")
    with pytest.raises(NotChecked):
        send(anne, changed)


def test_reason_is_needed_and_survives_the_next_check(people):
    anne, _elena = people
    message = check_now(actor=anne, message=mailbox.draft(anne, entry_date="2090-01-01"))
    with pytest.raises(FindingsOpen) as refused:
        send(anne, message)
    assert refused.value.params == {"blocking": 0, "unjustified": 1}
    mailbox.justify_all(anne, message)
    changed = check_now(actor=anne, message=save(anne, message, 1, remark="Bien"))
    assert send(anne, changed).message_id == message.id


def test_empty_list_is_not_sent_unless_nothing_was_paid(office, anne):
    with tenant_transaction(office.caisse):
        message = drafts.start_draft(actor=anne, message_type=type_of(SALARY), party_id=anne.party_id)
        save(anne, message, 1, **mailbox.YEAR)
    checked = mailbox.check(office, anne, message)
    with tenant_transaction(office.caisse), pytest.raises(NothingToSend):
        send(anne, checked)
    with tenant_transaction(office.caisse):
        save(anne, checked, checked.revision, nil="true")
    checked = mailbox.check(office, anne, message)
    with tenant_transaction(office.caisse):
        assert send(anne, checked).message_id == message.id
        again = drafts.start_draft(actor=anne, message_type=type_of(SALARY), party_id=anne.party_id)
        save(anne, again, 1, **mailbox.YEAR, nil="true")
    checked = mailbox.check(office, anne, again)
    with tenant_transaction(office.caisse), pytest.raises(PeriodAlreadyDeclared) as refused:
        send(anne, checked)
    assert "2025" in str(refused.value)


def test_year_that_comes_with_the_first_call_is_the_period(office, anne):
    def declare(year):
        with tenant_transaction(office.caisse):
            message = mailbox.draft(anne, SALARY, year=year, nil="true")
        checked = mailbox.check(office, anne, message)
        with tenant_transaction(office.caisse):
            send(anne, checked)
        return checked.period

    assert [declare(2024), declare(2025)] == ["2024", "2025"]
    with pytest.raises(PeriodAlreadyDeclared):
        declare(2025)


def test_replacement_takes_the_place_and_tells_so(office, people):
    anne, _elena = people
    before = mailbox.sent(anne)
    after = replace(anne, before)
    assert (after.payload, after.case_id) == (before.payload, before.case_id)
    mailbox.send(anne, after)
    assert (current(before).state, current(after).state) == ("replaced", "sent")
    shown = [event.name for event in selectors.list_events(anne, before)]
    assert shown == ["sent", "sent", "replaced"]


def test_replacement_ends_an_open_question(office, people):
    """The message that was asked about no longer stands, so nobody may answer the question any more."""
    anne, elena = people
    request = reach(State.OPEN, anne, elena)
    mailbox.send(anne, replace(anne, request.in_reply_to))
    assert (current(request).state, current(request.in_reply_to).state) == ("withdrawn", "replaced")
    with pytest.raises(NotEditable):
        access.access_editable(anne, request.id)
    assert [one.name for one in request.events.order_by("at", "id")] == ["requested", "question_cancelled"]


def test_replacement_of_what_was_withdrawn_meanwhile_stands_alone(people):
    anne, _elena = people
    before = mailbox.sent(anne)
    after = replace(anne, before)
    transitions.apply(message=current(before), transition="withdraw", actor=anne)
    mailbox.send(anne, after)
    assert (current(before).state, current(after).state) == ("withdrawn", "sent")


@pytest.mark.parametrize("state", sorted(set(State) - {"sent", "in_treatment", "queried", "done"}))
def test_only_what_the_caisse_has_can_be_replaced(people, state):
    anne, elena = people
    message = reach(state, anne, elena)
    with pytest.raises(NotReplaceable):
        replace(anne, message)


def test_message_of_another_type_cannot_be_replaced(people):
    anne, _elena = people
    with pytest.raises(NotReplaceable):
        replace(anne, mailbox.sent(anne), DUPLICATE)


def test_cancelled_question_gives_the_message_back_to_the_clerk(office, people):
    anne, elena = people
    request = reach(State.OPEN, anne, elena)
    desk.cancel_question(actor=elena, message=current(request.in_reply_to))
    assert (current(request).state, current(request.in_reply_to).state) == ("withdrawn", "in_treatment")
    counts(office)


def test_message_is_asked_about_once_at_a_time(people):
    anne, elena = people
    request = reach(State.OPEN, anne, elena)
    with pytest.raises(transitions.TransitionNotAllowed), transaction.atomic():
        desk.ask_back(actor=elena, message=current(request.in_reply_to), question="Encore ?")


def test_recorded_paper_is_the_partys_once_it_is_recorded(office, people):
    anne, elena = people
    message = recorded_draft(elena, anne.party_id)
    with pytest.raises(NotFound):
        access.access_message(anne, message.id)
    assert counts(office) == {}
    sending.record_message(actor=elena, message=message, revision=message.revision, language="fr")
    found = access.access_message(anne, message.id)
    assert (found.state, found.channel, str(found.received_on)) == ("sent", "letter", "2026-01-05")
    assert counts(office) == {"sent": 1}


def test_draft_is_begun_only_where_one_may_act(office, people):
    anne, _elena = people
    elsewhere = office.parties["elsewhere"].id
    with pytest.raises(NotPermitted):
        drafts.start_draft(actor=anne, message_type=type_of(ENTRY), party_id=elsewhere)


def test_theme_outside_the_mandate_is_not_begun(office):
    claire = office.actor("claire", "bakery")
    with tenant_transaction(office.caisse):
        assert mailbox.draft(claire).state == State.DRAFT
        with pytest.raises(NotFound):
            drafts.start_draft(actor=claire, message_type=type_of(SALARY), party_id=claire.party_id)
