"""What happens to the caisse's people: never without an administrator, and what is taken away ends at once."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.by_name import PageGone
from core.accounts.models import ApiToken, Session, StaffMember, User
from core.accounts.policy import caisse_today
from core.accounts.staff import selectors, services
from core.accounts.staff.errors import LastAdministrator, PersonChanged, ReasonMissing
from core.accounts.staff.services import Wish
from core.accounts.tokens import create_token, find_actor
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted, RelaisError
from tenants.scope import tenant_transaction
from tests.support.invitations import invite
from tests.support.people import LONG_AGO, make_staff, make_user
from tests.support.racing import race

LATER = date(2999, 1, 1)


@pytest.fixture
def chief(office):
    return office.clerk("gilles")


@pytest.fixture
def second(office):
    """A second administrator."""
    with tenant_transaction(office.caisse):
        office.users["ines"] = make_user("ines")
        make_staff(office.users["ines"], "administrator")
    return office.clerk("ines")


def change(office, actor, name, **values):
    """Change somebody's place as the form does, who has just looked at it."""
    user_id = office.users[name].id
    staff = StaffMember.objects.get(user_id=user_id)
    now = {
        "roles": staff.roles,
        "themes": staff.themes,
        "valid_from": staff.valid_from,
        "valid_until": staff.valid_until,
        "seen": services.mark_of(services.place_of(staff)),
    }
    return services.change_place(actor=actor, user_id=user_id, wish=Wish(**{**now, **values}))


# Each way in which somebody can stop to keep the caisse.
WAYS = {
    "end": lambda office, actor, name: services.end_person(actor=actor, user_id=office.users[name].id),
    "block": lambda office, actor, name: services.block_person(
        actor=actor, user_id=office.users[name].id, reason="Vol"
    ),
    "role": lambda office, actor, name: change(office, actor, name, roles=["clerk"]),
    "auditor": lambda office, actor, name: change(office, actor, name, roles=["auditor"]),
    "until": lambda office, actor, name: change(office, actor, name, valid_until=LATER),
    "later": lambda office, actor, name: change(office, actor, name, valid_from=LATER),
}


def count_keepers(office):
    with tenant_transaction(office.caisse):
        today = caisse_today(office.caisse)
        keepers = StaffMember.objects.filter(
            roles__contains=["administrator"],
            ended_at=None,
            valid_until=None,
            valid_from__lte=today,
            user__state="active",
        )
        return keepers.count()


@pytest.mark.parametrize("way", WAYS)
def test_last_administrator_stays(office, chief, way):
    with tenant_transaction(office.caisse), pytest.raises(LastAdministrator):
        WAYS[way](office, chief, "gilles")
    assert count_keepers(office) == 1


@pytest.mark.parametrize("way", WAYS)
def test_who_cannot_sign_in_yet_or_for_long_does_not_count(office, chief, way):
    invite(office.caisse, chief, roles=["administrator"])
    invite(office.caisse, chief, "oskar", roles=["administrator"], valid_until=LATER)
    with tenant_transaction(office.caisse), pytest.raises(LastAdministrator):
        WAYS[way](office, chief, "gilles")


@pytest.mark.parametrize(("one", "other"), list(product(("end", "block", "role", "until"), repeat=2)))
def test_of_two_who_remove_each_other_at_once_one_stays(office, chief, second, one, other):
    outcomes = race(
        office.caisse, lambda: WAYS[one](office, chief, "ines"), lambda: WAYS[other](office, second, "gilles")
    )
    assert not isinstance(outcomes[0], Exception), outcomes
    assert isinstance(outcomes[1], LastAdministrator), outcomes
    assert count_keepers(office) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["gilles", "ines", "elena"]), st.sampled_from([*WAYS, "unblock", "make"])),
        max_size=8,
    )
)
def test_whatever_is_done_somebody_keeps_the_caisse(office, chief, second, steps):
    with tenant_transaction(office.caisse):
        StaffMember.objects.filter(user_id=office.users["elena"].id).update(roles=["clerk"])
        for name in ("gilles", "ines"):
            StaffMember.objects.filter(user_id=office.users[name].id).update(
                roles=["administrator"], ended_at=None, valid_until=None, valid_from=LONG_AGO
            )
        User.objects.filter(staff__isnull=False).update(state="active")
    for name, step in steps:
        try:
            with tenant_transaction(office.caisse):
                if step == "unblock":
                    User.objects.filter(id=office.users[name].id, state="blocked").update(state="active")
                elif step == "make":
                    change(office, chief, name, roles=["administrator"], valid_until=None, valid_from=LONG_AGO)
                else:
                    WAYS[step](office, chief, name)
        except RelaisError:
            pass
        assert count_keepers(office) >= 1


@pytest.mark.parametrize(
    ("way", "reason"),
    [("end", "ended"), ("block", "blocked"), ("themes", "rights_reduced"), ("until", "rights_reduced")],
)
def test_what_is_open_ends_with_the_right(office, chief, way, reason):
    browser = office.browser("elena")
    with tenant_transaction(office.caisse):
        secret = create_token(actor=office.clerk("elena"), name="Archiv").secret
        assert find_actor(secret) is not None
    assert browser.get("/clerk/").status_code == 200
    with tenant_transaction(office.caisse):
        if way == "themes":
            assert change(office, chief, "elena", themes=["employees"])
        else:
            WAYS[way](office, chief, "elena")
    assert browser.get("/clerk/").status_code == 302
    with tenant_transaction(office.caisse):
        assert find_actor(secret) is None
        assert ApiToken.objects.get().revoked_by == chief.user_id
        ended = Session.objects.filter(user_id=office.users["elena"].id).values_list("end_reason", flat=True)
        assert list(ended) == [reason]


def test_more_rights_end_nothing(office, chief):
    browser = office.browser("felix")
    with tenant_transaction(office.caisse):
        assert not change(office, chief, "felix", roles=["clerk", "administrator"], themes=None)
    assert browser.get("/console/").status_code == 200


def test_change_is_recorded_with_before_and_after(office, chief):
    with tenant_transaction(office.caisse):
        change(office, chief, "felix", themes=["salary_declaration"], valid_until=LATER)
        entry = Entry.objects.get(action="staff_changed")
    assert (entry.user_id, entry.object_id) == (chief.user_id, str(office.users["felix"].id))
    assert entry.data == {
        "themes_before": "employees",
        "themes_after": "salary_declaration",
        "until_before": "",
        "until_after": "2999-01-01",
    }


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(office, chief):
    with tenant_transaction(office.caisse):
        staff = StaffMember.objects.get(user_id=office.users["elena"].id)
        seen = services.mark_of(services.place_of(staff))
        change(office, chief, "elena", themes=["employees"])
        with pytest.raises(PersonChanged):
            change(office, chief, "elena", roles=["auditor"], themes=None, seen=seen)


@pytest.mark.parametrize("name", ["elena", "greta"])
@pytest.mark.parametrize("way", WAYS)
def test_only_administrators_change(office, name, way):
    with tenant_transaction(office.caisse), pytest.raises(NotPermitted):
        WAYS[way](office, office.clerk(name), "felix")


def test_block_needs_a_reason(office, chief):
    with tenant_transaction(office.caisse), pytest.raises(ReasonMissing):
        services.block_person(actor=chief, user_id=office.users["elena"].id, reason=" ")


def test_blocked_person_is_unblocked_with_her_password(office, chief):
    user_id = office.users["elena"].id
    with tenant_transaction(office.caisse):
        services.block_person(actor=chief, user_id=user_id, reason="Mobile perdu")
        services.unblock_person(actor=chief, user_id=user_id)
        user = User.objects.get(id=user_id)
        assert (user.state, user.state_reason, user.has_usable_password()) == ("active", "", True)
        with pytest.raises(PersonChanged):
            services.unblock_person(actor=chief, user_id=user_id)


def test_people_of_no_caisse_do_not_exist(office, chief):
    """An employer's user is none of the caisse's people, whoever asks."""
    with tenant_transaction(office.caisse):
        for way in ("end", "block"):
            with pytest.raises(NotFound):
                WAYS[way](office, chief, "anne")
        with pytest.raises(NotFound):
            selectors.access_staff(chief, office.users["anne"].id)
        with pytest.raises(NotFound):
            selectors.list_staff(office.clerk("elena"), selectors.Filters())


def found(actor, **values):
    return [one.user.given_name for one in selectors.list_staff(actor, selectors.Filters(**values)).people]


def test_list_is_filtered_and_counted(office, chief):
    invite(office.caisse, chief)
    with tenant_transaction(office.caisse):
        services.block_person(actor=chief, user_id=office.users["elena"].id, reason="Vol")
        services.end_person(actor=chief, user_id=office.users["greta"].id)
        make_staff(make_user("ines"), "clerk", valid_from=clock.today() + timedelta(days=9))
        make_staff(make_user("jean"), "clerk", valid_until=clock.today() - timedelta(days=9))
        assert found(chief) == ["Elena", "Felix", "Gilles", "Ines", "Nora"]
        assert found(chief, state="invited") == ["Nora"]
        assert found(chief, state="blocked") == ["Elena"]
        assert found(chief, state="later") == ["Ines"]
        assert found(chief, state="ended") == ["Greta", "Jean"]
        assert len(found(chief, state="all")) == 7
        assert found(chief, role="administrator") == ["Gilles"]
        assert found(chief, theme="salary_declaration") == ["Elena", "Ines", "Nora"]
        assert found(chief, search="nora nouv") == ["Nora"]
        counts = selectors.count_staff(chief, selectors.Filters(state="ended"))
    assert counts == {"active": 2, "invited": 1, "blocked": 1, "later": 1, "ended": 2}


def test_pages_follow_each_other(office, chief):
    with tenant_transaction(office.caisse):
        for n in range(7):
            make_staff(make_user(f"p{n}", family_name="Même", given_name="Jo" if n < 3 else f"Jo{n}"), "clerk")
        whole = [one.user_id for one in selectors.list_staff(chief, selectors.Filters()).people]
        pages, cursor = [], ""
        while True:
            page = selectors.list_staff(chief, selectors.Filters(), cursor=cursor, limit=2)
            pages += [one.user_id for one in page.people]
            cursor = page.next_cursor
            if not cursor:
                break
        with pytest.raises(PageGone):
            selectors.list_staff(chief, selectors.Filters(), cursor="bm90")
    assert pages == whole
