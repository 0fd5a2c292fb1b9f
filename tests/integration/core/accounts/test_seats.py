"""Seats and actors as the tables give them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Mandate, Membership, Party, User
from core.accounts.policy import offered_themes
from core.accounts.recipients import list_recipients
from core.accounts.seats import access_party, build_actor, build_staff_actor, find_seat, list_seats
from core.kernel.actors import Actor, Right
from core.kernel.errors import NotFound
from tenants.scope import tenant_transaction
from tests.support.people import LONG_AGO, make_mandate, make_member, make_party, make_staff, make_user

FULL, READ = Right(read=True, act=True), Right(read=True)


@pytest.fixture
def scope(caisse):
    with tenant_transaction(caisse):
        yield caisse


def test_colleague_with_one_theme_sees_that_theme_only(scope):
    theme, *others = offered_themes(scope)
    beat, party = make_user("beat"), make_party()
    make_mandate(party)
    make_member(beat, party, role="member", themes=[theme])
    actor = build_actor(beat, party.id, assurance_level=2)
    assert dict(actor.rights) == {theme: FULL}
    assert not any(actor.may_read(other) for other in others)
    assert (actor.roles, actor.party_id, actor.assurance_level) == (frozenset(), party.id, 2)


def test_fiduciary_has_a_seat_for_each_client_and_its_users_only_theirs(scope):
    claire, dario = make_user("claire"), make_user("dario")
    firm, one, two = make_party("Firm", kind="agent"), make_party("One"), make_party("Two")
    make_mandate(firm, one)
    make_mandate(firm, two, may_act=False)
    make_member(claire, firm)
    make_member(dario, firm, role="member", clients=[two.id])
    assert [seat.party.name for seat in list_seats(claire.id)] == ["One", "Two"]
    assert [seat.party.name for seat in list_seats(dario.id)] == ["Two"]
    assert set(build_actor(dario, two.id).rights.values()) == {READ}
    with pytest.raises(NotFound):
        build_actor(dario, one.id)


def test_seats_cost_one_query(scope):
    claire, firm = make_user("claire"), make_party("Firm")
    make_mandate(firm)
    for number in range(5):
        make_mandate(firm, make_party(f"Client {number}"))
    make_member(claire, firm)
    list_seats(claire.id)  # a cold process reads the caisse's configuration once
    with CaptureQueriesContext(connection) as queries:
        assert len(list_seats(claire.id)) == 6
    assert len(queries) == 1


def test_own_company_comes_before_another_that_acts_for_it(scope):
    claire, own, firm = make_user("claire"), make_party("Own"), make_party("A firm")
    make_mandate(own)
    make_mandate(firm, own)
    make_member(claire, own, may_act=False)
    make_member(claire, firm)
    seats = list_seats(claire.id)
    assert find_seat(seats, own.id).acting_party.id == own.id
    assert find_seat(seats, own.id, firm.id).acting_party.id == firm.id
    assert set(build_actor(claire, own.id).rights.values()) == {READ}
    assert set(build_actor(claire, own.id, acting_party_id=firm.id).rights.values()) == {FULL}


def test_substitute_adds_to_what_she_has(scope):
    theme, other, *_ = offered_themes(scope)
    beat, anne, party = make_user("beat"), make_user("anne"), make_party()
    make_mandate(party)
    absent = make_member(anne, party)
    make_member(beat, party, role="member", themes=[theme], may_act=False)
    make_member(beat, party, role="member", themes=[other], substitute_for=absent)
    assert dict(build_actor(beat, party.id).rights) == {theme: READ, other: FULL}


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (Mandate, {"state": "asked"}),
        (Mandate, {"valid_until": LONG_AGO}),
        (Membership, {"ended_at": "2026-01-01T00:00:00Z"}),
        (Membership, {"valid_until": LONG_AGO}),
        (Party, {"state": "ended"}),
    ],
)
def test_what_is_not_in_force_gives_no_seat(scope, table, change):
    user, party = make_user(), make_party()
    make_mandate(party)
    make_member(user, party)
    assert len(list_seats(user.id)) == 1
    table.objects.update(**change)
    assert list_seats(user.id) == ()


def test_blocked_user_is_no_actor(scope):
    user, party = make_user(state="blocked"), make_party()
    make_mandate(party)
    make_member(user, party)
    with pytest.raises(NotFound):
        build_actor(user, party.id)


def test_staff_read_and_act_by_their_roles(scope):
    offered = offered_themes(scope)
    clerk, auditor = make_user("clerk"), make_user("auditor")
    staff = make_staff(clerk, "clerk", themes=[offered[0]])
    assert dict(build_staff_actor(clerk, staff, caisse=scope).rights) == {offered[0]: FULL}
    watching = build_staff_actor(auditor, make_staff(auditor, "auditor"), caisse=scope)
    assert dict(watching.rights) == dict.fromkeys(offered, READ)


def test_foreign_party_does_not_exist(scope):
    own, firm, foreign = make_party("Own"), make_party("Firm"), make_party("Foreign")
    viewer = Actor(kind="party", name="Anne", party_id=own.id, acting_party_id=firm.id)
    assert access_party(viewer, own.id).name == "Own"
    assert access_party(viewer, firm.id).name == "Firm"
    for party_id in (foreign.id, uuid4()):
        with pytest.raises(NotFound):
            access_party(viewer, party_id)
    assert access_party(replace(viewer, kind="clerk"), foreign.id).name == "Foreign"


def test_only_readers_of_the_theme_are_told(scope):
    theme, other, *_ = offered_themes(scope)
    party = make_party()
    make_mandate(party)
    for name, values in {
        "reader": {"themes": [theme]},
        "other": {"themes": [other]},
        "gone": {"valid_until": LONG_AGO},
    }.items():
        make_member(make_user(name), party, **values)
    make_member(make_user("silent", contact_email=None), party)
    assert [one.address for one in list_recipients(party.id, theme)] == ["reader@example.ch"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_user(sign_in_name="Anne@Example.ch"),
        lambda: make_user(state="asleep"),
        lambda: make_party(kind="ghost"),
        lambda: make_mandate(make_party(), basis="agreement"),
        lambda: make_mandate(make_party(), make_party(), valid_until="2019-01-01"),
        lambda: make_mandate(make_party(), make_party(), state="ended"),
        lambda: make_member(make_user(), make_party(), role="owner"),
        lambda: make_staff(make_user(), "emperor"),
    ],
)
def test_database_refuses_what_cannot_be(scope, make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_number_and_sign_in_name_exist_once(scope):
    make_user()
    make_party(number="1")
    make_party(number="1", kind="insured")
    for again in (make_user, lambda: make_party(number="1")):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()
    assert User.objects.get_by_natural_key("ANNE@example.ch").name == "Anne Exemple"
