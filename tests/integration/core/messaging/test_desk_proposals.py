"""Four eyes: two people, nothing for the party before the second, and every way out of waiting."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from core.accounts.models import StaffMember
from core.audit.models import Entry
from core.configuration import services as configuring
from core.documents.models import Document
from core.kernel.errors import NotFound, NotPermitted
from core.messaging import access, desk, desk_proposals, desk_queue, files, papers, selectors
from core.messaging.desk_guards import flag_party
from core.messaging.desk_proposals import Wish
from core.messaging.desk_queue import Filters
from core.messaging.desk_settings import DeskSection
from core.messaging.errors import (
    FourEyesNeeded,
    OwnProposal,
    ProposalIncomplete,
    ProposalWaiting,
    ReasonMissing,
    TransitionNotAllowed,
)
from core.messaging.models import Message, Proposal
from core.messaging.states import PROPOSAL_STEPS, TRANSITIONS, ProposalState, list_proposal_ways
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import current
from tests.support.people import make_member
from tests.support.racing import race

CLOSE = Wish("close", title="D\u00e9cision", text="Nous acceptons.", note="Bien re\u00e7u.")


def ask_for_two(office, **values):
    with tenant_transaction(office.caisse):
        configuring.change_sections(actor=office.clerk("gilles"), sections=[DeskSection(**values)])


@pytest.fixture
def case(office):
    """A case in Elena's hands, at a caisse that wants two people."""
    with tenant_transaction(office.caisse):
        taken = desk.take_message(actor=office.clerk(), message=mailbox.sent(office.actor()))
    ask_for_two(office, four_eyes=True)
    return taken


def propose(office, case, wish=CLOSE, name="elena", file=None):
    actor = office.clerk(name)
    document = desk_proposals.prepare_proposal(
        caisse=office.caisse, actor=actor, message_id=case.id, wish=wish, file=file
    )
    with tenant_transaction(office.caisse):
        return desk_proposals.propose(actor=actor, message=current(case), wish=wish, document=document)


def confirm(office, case, name="felix"):
    actor = office.clerk(name)
    decision = desk_proposals.prepare_confirmation(caisse=office.caisse, actor=actor, message_id=case.id)
    with tenant_transaction(office.caisse):
        return desk_proposals.confirm(actor=actor, message=access.access_message(actor, case.id), decision=decision)


@pytest.fixture
def pdf(office, case):
    """A PDF of the caisse's own."""
    with tenant_transaction(office.caisse):
        found = current(case)
    return "eigene.pdf", papers.print_decision(office.caisse, found, "Eigene", "Text.")


def to_confirm(office, name):
    with tenant_transaction(office.caisse):
        actor = office.clerk(name)
        listed = desk_queue.list_queue(actor, Filters(to_confirm=True)).messages
        assert len(listed) == desk_queue.count_queue(actor).to_confirm
        return [one.id for one in listed]


def seen_by_party(office, case):
    """Return state, steps and documents as the employer has them."""
    anne = office.actor()
    with tenant_transaction(office.caisse):
        found = access.access_message(anne, case.id)
        steps = [one.name for one in selectors.list_events(anne, found)]
        return found.state, steps, [one.title for one in files.list_documents(anne, found) if one.kind == "decision"]


@pytest.mark.parametrize("own", [False, True])
def test_party_learns_nothing_until_a_colleague_confirms(office, case, pdf, own):
    before = seen_by_party(office, case)
    mailbox.take_mails()
    made = propose(office, case, file=pdf if own else None)
    assert seen_by_party(office, case) == before
    if made.document_id:
        anne = office.actor()
        with tenant_transaction(office.caisse), pytest.raises(NotFound):
            files.access_document(anne, made.document_id)
    confirm(office, case)
    state, steps, decisions = seen_by_party(office, case)
    assert (state, steps[-2:], decisions) == ("done", ["decision_published", "closed"], ["D\u00e9cision"])
    with tenant_transaction(office.caisse):
        proposal = Proposal.objects.get()
        names = {one.action for one in Entry.objects.filter(object_id=str(case.id))}
    assert (proposal.state, proposal.settled_by_name) == ("confirmed", office.clerk("felix").name)
    assert {"message_proposal_made", "message_proposal_confirmed"} <= names


def test_what_decides_is_closed_to_one_person_alone(office, case):
    elena = office.clerk()
    for step in (
        lambda found: desk.close_message(actor=elena, message=found),
        lambda found: desk.refuse_message(actor=elena, message=found, reason="Non."),
        lambda found: desk.note_decision(actor=elena, message=found, document_id=found.id, title="x"),
    ):
        with tenant_transaction(office.caisse), pytest.raises(FourEyesNeeded):
            step(current(case))
    with pytest.raises(FourEyesNeeded):
        papers.publish_decision(caisse=office.caisse, actor=elena, message_id=case.id, title="x", text="y")
    assert [way.name for way in TRANSITIONS if way.decides] == ["close", "refuse"]


def test_proposal_of_another_case_or_one_that_waits_opens_nothing(office, case):
    elena = office.clerk()
    waiting = propose(office, case)
    with tenant_transaction(office.caisse):
        other = desk.take_message(actor=elena, message=mailbox.sent(office.actor()))
    for found, proposal in ((case, waiting), (other, waiting)):
        with tenant_transaction(office.caisse), pytest.raises(FourEyesNeeded):
            desk.close_message(actor=elena, message=current(found), confirmed=proposal)
    confirm(office, case)
    with tenant_transaction(office.caisse), pytest.raises(FourEyesNeeded):
        desk.close_message(actor=elena, message=current(other), confirmed=Proposal.objects.get(id=waiting.id))


def test_only_another_person_with_the_right_and_an_open_file_confirms(office, case):
    propose(office, case)
    for name, refusal in (("elena", OwnProposal), ("greta", NotPermitted)):
        with pytest.raises(refusal):
            confirm(office, case, name)
    with tenant_transaction(office.caisse):
        StaffMember.objects.filter(user=office.users["greta"]).update(roles=["clerk"])
    assert to_confirm(office, "felix") == to_confirm(office, "greta") == [case.id]
    with tenant_transaction(office.caisse):
        make_member(office.users["felix"], office.parties["factory"], role="member")
    with pytest.raises(NotFound):
        confirm(office, case)  # his own file
    gilles = office.clerk("gilles")
    with tenant_transaction(office.caisse):
        flag_party(actor=gilles, party_id=case.party_id, clerks=[office.users["elena"].id], reason="Parent")
    with pytest.raises(NotFound):
        confirm(office, case, "greta")  # a flagged file
    assert to_confirm(office, "felix") == to_confirm(office, "greta") == []


def test_database_refuses_who_proposed_as_second_person(office, case):
    made = propose(office, case)
    with tenant_transaction(office.caisse), pytest.raises(IntegrityError, match="proposal_four_eyes"):
        Proposal.objects.filter(id=made.id).update(state="confirmed", settled_by=made.proposed_by)


def test_clerk_without_the_theme_does_not_confirm(office):
    ask_for_two(office, four_eyes=True)
    anne = office.actor()
    with tenant_transaction(office.caisse):
        draft = mailbox.draft(anne, mailbox.SALARY)
        Message.objects.filter(id=draft.id).update(state="in_treatment", sent_at=draft.created_at)
    propose(office, draft)
    with pytest.raises(NotFound):
        confirm(office, draft, "felix")
    assert to_confirm(office, "felix") == []
    with tenant_transaction(office.caisse):
        StaffMember.objects.filter(user=office.users["felix"]).update(themes=None)
    assert to_confirm(office, "felix") == [draft.id]


def test_sent_back_with_a_reason_it_can_be_proposed_anew(office, case, pdf):
    made = propose(office, case, file=pdf)
    felix = office.clerk("felix")
    with tenant_transaction(office.caisse), pytest.raises(ReasonMissing):
        desk_proposals.send_back(actor=felix, message=case, reason="  ")
    with tenant_transaction(office.caisse), pytest.raises(OwnProposal):
        desk_proposals.send_back(actor=office.clerk(), message=case, reason="Je me reprends")
    with tenant_transaction(office.caisse):
        desk_proposals.send_back(actor=felix, message=case, reason="La date manque")
        assert not Document.objects.filter(id=made.document_id).exists()
        last = desk_proposals.find_last(case)
    assert (last.state, last.answer, last.settled_by) == ("returned", "La date manque", felix.user_id)
    assert seen_by_party(office, case)[0] == "in_treatment"
    propose(office, case, Wish("refuse", note="Hors d\u00e9lai"), name="felix")
    assert confirm(office, case, "elena").state == "refused"


def test_only_who_proposed_takes_it_back_and_only_one_waits(office, case):
    propose(office, case)
    with pytest.raises(ProposalWaiting):
        propose(office, case, name="felix")
    with tenant_transaction(office.caisse), pytest.raises(NotPermitted):
        desk_proposals.take_back(actor=office.clerk("felix"), message=case)
    with tenant_transaction(office.caisse):
        desk_proposals.take_back(actor=office.clerk(), message=case)
    with pytest.raises(TransitionNotAllowed):
        confirm(office, case)


@pytest.mark.parametrize("name", ["ask_back", "supersede"])
def test_proposal_lapses_when_its_case_moves_on(office, case, pdf, name):
    made = propose(office, case, file=pdf)
    with tenant_transaction(office.caisse):
        if name == "ask_back":
            desk.ask_back(actor=office.clerk("felix"), message=current(case), question="Depuis quand ?")
        else:
            mailbox.replace(office.actor(), case)
        assert Proposal.objects.get(id=made.id).state == "lapsed"
        assert not Document.objects.filter(id=made.document_id).exists()
    with pytest.raises(TransitionNotAllowed):
        confirm(office, case)


def test_of_two_colleagues_at_the_same_moment_one_confirms(office, case):
    propose(office, case, Wish("close"))
    felix, greta = office.clerk("felix"), office.clerk("greta")
    with tenant_transaction(office.caisse):
        StaffMember.objects.filter(user=office.users["greta"]).update(roles=["clerk"])
    third = office.clerk("greta")

    def press(actor):
        return lambda: (
            desk_proposals.confirm(actor=actor, message=access.access_message(actor, case.id), decision=None).state
        )

    outcomes = race(office.caisse, press(felix), press(third))
    assert (outcomes[0], outcomes[1].code) == ("done", "transition_not_allowed")
    assert not greta.may_act(case.theme)


def test_what_waits_is_finished_after_four_eyes_were_switched_off(office, case):
    propose(office, case)
    ask_for_two(office, four_eyes=False)
    with pytest.raises(OwnProposal):
        confirm(office, case, "elena")
    assert to_confirm(office, "felix") == [case.id]
    assert confirm(office, case).state == "done"


def test_switched_off_one_person_decides_and_the_proposal_lapses(office, case):
    made = propose(office, case)
    ask_for_two(office, four_eyes=False)
    with tenant_transaction(office.caisse):
        assert desk.close_message(actor=office.clerk(), message=current(case)).state == "done"
        assert Proposal.objects.get(id=made.id).state == "lapsed"


def test_four_eyes_may_be_asked_for_in_some_themes_only(office, case):
    ask_for_two(office, four_eyes=True, four_eyes_themes=("salary_declaration",))
    with tenant_transaction(office.caisse):
        assert desk.close_message(actor=office.clerk(), message=current(case)).state == "done"


@pytest.mark.parametrize(
    "wish",
    [
        Wish("", title="x", text="y"), Wish("replace"), Wish("publish"), Wish("publish", title="x"),
        Wish("publish", text="y"), Wish("refuse", title="x", text="y"), Wish("close", text="y"),
        Wish("close", title="x" * 201, text="y"),
    ],
)  # fmt: skip
def test_half_a_proposal_is_refused(office, case, wish):
    with pytest.raises(ProposalIncomplete):
        propose(office, case, wish)


def test_nothing_is_proposed_for_a_case_that_nobody_treats(office, case):
    with tenant_transaction(office.caisse):
        waiting = mailbox.sent(office.actor())
    with pytest.raises(TransitionNotAllowed):
        propose(office, waiting)
    with pytest.raises(NotPermitted):
        propose(office, case, name="greta")


def test_queue_shows_each_what_she_may_confirm(office, case):
    propose(office, case)
    assert (to_confirm(office, "elena"), to_confirm(office, "felix")) == ([], [case.id])
    with tenant_transaction(office.caisse):
        assert [one.is_proposed for one in desk_queue.list_queue(office.clerk(), Filters()).messages] == [True]


def test_every_way_out_of_waiting_has_one_owner():
    assert {step.target for step in PROPOSAL_STEPS} == set(ProposalState) - {ProposalState.WAITING}
    assert [way.name for way in list_proposal_ways(is_proposer=True)] == ["take_back"]
    assert [way.name for way in list_proposal_ways(is_proposer=False)] == ["confirm", "send_back"]
