"""The rights matrix cell by cell: role x situation x step x level, each made in the database and looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core.accounts.matrix import ROLES, SITUATIONS, cell_of
from core.accounts.models import Mandate, Membership, Party, StaffMember, User
from core.accounts.policy import caisse_today
from core.accounts.seats import actor_of_seat, build_staff_actor, list_seats
from core.catalogue import offers, registry
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotFound, NotPermitted
from core.messaging.errors import DeskOnly
from core.messaging.states import TRANSITIONS
from core.messaging.transitions import check_right
from core.web.policies import CONSOLE_ROLES
from tenants.scope import tenant_transaction
from tests.support.people import LONG_AGO, make_mandate, make_member, make_party, make_staff, make_user
from tests.support.routes import CAISSE, list_routes

THEME, OTHER = "salary_declaration", "employees"
TYPE = "salary_declaration.annual"
STEPS = {way.name: way for way in TRANSITIONS}


@pytest.fixture
def house(caisse):
    """A party, a company with a mandate for it, another client, and somebody in each role; their rows by role."""
    with tenant_transaction(caisse):
        company, firm, client = make_party("Company"), make_party("Firm", kind="agent"), make_party("Client")
        for one in (company, firm, client):
            make_mandate(one)
        own = {"member": {}, "reader": {"may_act": False}, "other_theme": {"themes": [OTHER]}}
        own |= {"capped": {"cap_themes": [OTHER]}}
        rows = {"administrator": make_member(make_user("administrator"), company)}
        rows |= {
            key: make_member(make_user(key), company, role="member", **{"themes": [THEME], **values})
            for key, values in own.items()
        }
        for key, other in (("substitute", "member"), ("substitute_reader", "reader")):
            rows[key] = make_member(make_user(key), company, role="member", substitute_for=rows[other])
        for key, terms, member in (
            ("fiduciary", {}, {"role": "administrator"}),
            ("fiduciary_reader", {"may_act": False}, {"role": "member"}),
            ("fiduciary_theme", {"themes": [OTHER]}, {"role": "member"}),
            ("fiduciary_client", {}, {"role": "member", "clients": [client.id]}),
        ):
            acting = make_party(key, kind="agent")
            make_mandate(acting, company, **terms)
            make_mandate(acting, client)
            rows[key] = make_member(make_user(key), acting, **member)
        for key, roles, values in (
            ("clerk", ["clerk"], {"themes": [THEME]}),
            ("other_clerk", ["clerk"], {"themes": [OTHER]}),
            ("auditor", ["auditor"], {}),
            ("caisse_administrator", ["administrator"], {}),
        ):
            rows[key] = make_staff(make_user(key), *roles, **values)
        rows["stranger"] = make_member(make_user("stranger"), client)
    return SimpleNamespace(caisse=caisse, company=company, rows=rows)


DECLINED = {THEME: {"taken": False, "on": "2026-01-01"}}
# What each situation writes into the rows that it is about.
WRITES = {
    "usual": lambda **_: {},
    "mandate_asked": lambda **_: {"state": "asked"},
    "mandate_refused": lambda **_: {"state": "refused"},
    "mandate_ended": lambda now, **_: {"state": "ended", "ended_at": now},
    "mandate_later": lambda tomorrow, **_: {"valid_from": tomorrow},
    "mandate_over": lambda yesterday, **_: {"valid_until": yesterday},
    "member_later": lambda tomorrow, **_: {"valid_from": tomorrow},
    "member_over": lambda yesterday, **_: {"valid_until": yesterday},
    "member_ended": lambda now, **_: {"ended_at": now},
    "member_paused": lambda now, **_: {"paused_at": now},
    "user_blocked": lambda **_: {"state": "blocked"},
    "theme_declined": lambda **_: {"theme_choices": DECLINED},
    "party_read_only": lambda **_: {"state": "read_only"},
    "party_ended": lambda **_: {"state": "ended"},
    "staff_over": lambda yesterday, **_: {"valid_until": yesterday},
}


def bring_about(house, situation, row):
    """Make the situation real for one person, in the open scope."""
    today, day = caisse_today(house.caisse), timedelta(days=1)
    values = WRITES[situation.key](now=clock.now(), tomorrow=today + day, yesterday=today - day)
    about = {
        "mandate": Mandate.objects.filter(for_party=house.company).exclude(basis="self"),
        "member": Membership.objects.filter(id=row.pk),
        "user": User.objects.filter(id=row.user_id),
        "theme": Party.objects.filter(id=house.company.id),
        "party": Party.objects.filter(id=house.company.id),
        "staff": StaffMember.objects.filter(user_id=row.user_id),
    }
    if values:
        about[situation.key.split("_")[0]].update(**values)


def actor_of(house, row):
    """Return who the person is for the company today, or nobody."""
    user = User.objects.select_related("staff").get(id=row.user_id)
    try:
        if isinstance(row, StaffMember):
            return build_staff_actor(user, user.staff, caisse=house.caisse)
    except NotFound:
        return None
    seats = [seat for seat in list_seats(user.id) if seat.party.id == house.company.id]
    return actor_of_seat(user, seats[0], 0) if user.is_active and seats else None


def check_cell(house, role, situation):
    with tenant_transaction(house.caisse):
        bring_about(house, situation, house.rows[role.key])
        actor, cell = actor_of(house, house.rows[role.key]), cell_of(role, situation)
        _undo(house)
    found = actor or Actor(kind="party", name="nobody")
    place = (role.key, situation.key)
    assert (found.may_read(THEME), found.may_act(THEME)) == (cell.reads, cell.acts), place
    assert ("administrator" in found.roles) == cell.administers, place
    with tenant_transaction(house.caisse):
        check_steps(house, role, found, cell, place)


def check_steps(house, role, actor, cell, place):
    """Each step of a message, at each level."""
    message = SimpleNamespace(theme=THEME, type_key=TYPE, type_version=registry.get_type(TYPE).version,
                              party_id=house.company.id)  # fmt: skip
    needed = offers.get_needed_level(house.caisse, registry.get_type(TYPE))
    for level in (1, 2, 3, 4):
        strong = replace(actor, assurance_level=level)
        for name, way in STEPS.items():
            side = "caisse" if role.through == "caisse" else "party"
            allowed = cell.acts and way.who == side and (side == "caisse" or level >= needed)
            try:
                check_right(actor=strong, way=way, message=message)
            except (NotPermitted, DeskOnly):
                assert not allowed, (*place, name, level)
            else:
                assert allowed, (*place, name, level)


def _undo(house):
    """Put back what a situation changed."""
    Mandate.objects.filter(for_party=house.company).update(state="accepted", valid_from=LONG_AGO, valid_until=None,
                                                          ended_at=None)  # fmt: skip
    Membership.objects.update(valid_from=LONG_AGO, valid_until=None, ended_at=None, paused_at=None)
    User.objects.update(state="active")
    Party.objects.update(state="active", theme_choices={})
    StaffMember.objects.update(valid_until=None)


def test_every_cell_is_as_the_matrix_says(house):
    assert {role.key for role in ROLES} == set(house.rows)
    for role in ROLES:
        for situation in SITUATIONS:
            check_cell(house, role, situation)


def test_whom_a_substitute_stands_in_for_limits_her(house):
    """What touches the place of the other one touches the substitute's right on the same day."""
    with tenant_transaction(house.caisse):
        for situation in (one for one in SITUATIONS if one.key.startswith("member_")):
            bring_about(house, situation, house.rows["member"])
            assert actor_of(house, house.rows["substitute"]) is None, situation.key
            _undo(house)


def test_what_is_stated_of_the_desk_and_the_console_is_known():
    """The matrix names every role of the caisse, and every page carries one of the policies that it explains."""
    assert sorted(CONSOLE_ROLES) == ["administrator", "auditor"]
    policies = {route.stated for route in list_routes(CAISSE) if not route.is_rest}
    assert policies <= {"public", "signed_in", "person", "party", "writer", "desk", "console"}
