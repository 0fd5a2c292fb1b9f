"""Files that clerks are kept from: own and flagged ones do not exist for them, on any way."""

from __future__ import annotations

from datetime import date

import pytest

from core.accounts.models import Membership
from core.audit.models import Entry
from core.documents import storing
from core.documents.services import Placement, record_generated
from core.kernel.errors import NotFound, NotPermitted
from core.messaging import access, desk, desk_guards, desk_parties, desk_queue, desk_search, files, selectors
from core.messaging.errors import ColleagueKeptOut
from core.messaging.models import PartyFlag
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.people import make_member

REASON = "Travaille à la caisse"


@pytest.fixture
def case(office):
    with tenant_transaction(office.caisse):
        return mailbox.sent(office.actor())


def be_user(office, name, party):
    with tenant_transaction(office.caisse):
        make_member(office.users[name], office.parties[party], role="member")


def flag(office, *names, party="factory"):
    with tenant_transaction(office.caisse):
        clerks = [office.users[name].id for name in names]
        gilles = office.clerk("gilles")
        desk_guards.flag_party(actor=gilles, party_id=office.parties[party].id, clerks=clerks, reason=REASON)


def own(office):
    be_user(office, "elena", "factory")


def through_the_fiduciary(office):
    be_user(office, "elena", "firm")


def flagged(office):
    flag(office, "felix")


@pytest.mark.parametrize("close", [own, through_the_fiduciary, flagged])
def test_closed_file_exists_nowhere_for_the_clerk_and_for_her_colleague_it_does(office, case, close):
    close(office)
    elena, felix, party = office.clerk(), office.clerk("felix"), office.parties["factory"].id
    with tenant_transaction(office.caisse):
        assert seen(elena, case, party) == set()
        assert seen(felix, case, party) == {"message", "queue", "api", "count", "case", "search", "page", "messages"}
    for step in (
        lambda: access.access_message(elena, case.id),
        lambda: desk_parties.access_party(elena, party),
        lambda: desk.start_record(
            actor=elena, message_type=mailbox.type_of(mailbox.ENTRY), party_id=party,
            channel="letter", received_on=date(2026, 1, 5),
        ),
    ):  # fmt: skip
        with tenant_transaction(office.caisse), pytest.raises(NotFound):
            step()


def seen(clerk, case, party):
    """Return on which ways the clerk comes to the case."""
    found = {
        "message": exists(access.access_message, clerk, case.id),
        "queue": desk_queue.list_queue(clerk, desk_queue.Filters()).messages,
        "api": selectors.list_queue(clerk).messages,
        "count": desk_queue.count_queue(clerk).by_state["sent"],
        "case": selectors.list_case(clerk, case),
        "search": [one for one in desk_search.search_parties(clerk, "Factory").parties if one.id == party],
        "page": exists(desk_parties.access_party, clerk, party),
        "messages": desk_parties.list_messages(clerk, party).messages,
    }
    return {way for way, what in found.items() if what}


def exists(step, *args):
    try:
        return step(*args)
    except NotFound:
        return None


def test_record_begun_for_a_file_that_was_closed_since_is_gone_too(office):
    elena, party = office.clerk(), office.parties["factory"].id
    with tenant_transaction(office.caisse):
        begun = desk.start_record(
            actor=elena, message_type=mailbox.type_of(mailbox.ENTRY), party_id=party,
            channel="letter", received_on=date(2026, 1, 5),
        )  # fmt: skip
        assert [one.id for one in selectors.list_begun_records(elena)] == [begun.id]
    flag(office, "felix")
    with tenant_transaction(office.caisse):
        assert selectors.list_begun_records(elena) == []
        with pytest.raises(NotFound):
            access.access_editable(elena, begun.id)


def test_paper_without_a_message_is_closed_with_its_file(office):
    elena, felix, party = office.clerk(), office.clerk("felix"), office.parties["factory"].id
    stored = storing.store_file(
        caisse=office.caisse, chunks=[b"%PDF-1.7"], filename="a.pdf", limit_bytes=storing.DEFAULT_LIMIT
    )
    with tenant_transaction(office.caisse):
        placement = Placement(kind="decision", title="Décision", party_id=party, theme="employees")
        paper = record_generated(actor=felix, stored=stored, placement=placement, publish=True)
        assert files.may_open(elena, paper)
    flag(office, "felix")
    with tenant_transaction(office.caisse):
        assert (files.may_open(elena, paper), files.may_open(felix, paper)) == (False, True)
        assert files.may_open(office.actor(), paper)


def test_membership_that_has_ended_closes_nothing_any_more(office, case):
    be_user(office, "elena", "factory")
    with tenant_transaction(office.caisse):
        Membership.objects.filter(user=office.users["elena"]).update(ended_at=case.created_at)
        assert access.access_message(office.clerk(), case.id).id == case.id


def test_case_is_not_handed_to_whom_it_is_closed(office, case):
    flag(office, "elena")
    elena, felix = office.clerk(), office.clerk("felix")
    with tenant_transaction(office.caisse), pytest.raises(ColleagueKeptOut):
        desk.assign_message(actor=elena, message=case, user_id=felix.user_id, name=felix.name)


def test_flag_is_set_and_lifted_by_administrators_with_a_trace(office, case):
    gilles, elena, party = office.clerk("gilles"), office.clerk(), office.parties["factory"].id
    clerks = [elena.user_id]
    with tenant_transaction(office.caisse):
        for values in ({"clerks": [], "reason": REASON}, {"clerks": clerks, "reason": " "},
                       {"clerks": clerks, "reason": "x" * 201}):  # fmt: skip
            with pytest.raises(desk_guards.FlagIncomplete):
                desk_guards.flag_party(actor=gilles, party_id=party, **values)
        with pytest.raises(NotPermitted):
            desk_guards.flag_party(actor=elena, party_id=party, clerks=clerks, reason=REASON)
        with pytest.raises(NotFound):
            desk_guards.unflag_party(actor=gilles, party_id=party)
    flag(office, "elena")
    flag(office, "elena", "felix")
    with tenant_transaction(office.caisse):
        assert set(PartyFlag.objects.get().clerks) == {elena.user_id, office.users["felix"].id}
        assert desk_parties.access_flagged(gilles, party).id == party
        desk_guards.unflag_party(actor=gilles, party_id=party)
        kept = Entry.objects.filter(object_type="party", object_id=str(party), for_party_id=party).order_by("at")
        assert [one.action for one in kept] == ["party_flagged", "party_flagged", "party_unflagged"]


def test_administrator_decides_nothing_about_her_own_file(office):
    be_user(office, "gilles", "factory")
    gilles, party = office.clerk("gilles"), office.parties["factory"].id
    for step in (
        lambda: desk_guards.flag_party(actor=gilles, party_id=party, clerks=[gilles.user_id], reason=REASON),
        lambda: desk_guards.unflag_party(actor=gilles, party_id=party),
        lambda: desk_parties.access_flagged(gilles, party),
    ):
        with tenant_transaction(office.caisse), pytest.raises(NotFound):
            step()
