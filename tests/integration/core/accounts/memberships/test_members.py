"""The users of a company: never without an administrator, what is taken ends with the next request, all are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.invitations.errors import EmailTaken
from core.accounts.memberships import leaving, selectors, services
from core.accounts.memberships.errors import LastCompanyAdministrator, MemberChanged, MemberEndMissing, MemberKnown
from core.accounts.memberships.place import check_member_place, place_of
from core.accounts.models import ApiToken, Membership, User
from core.accounts.policy import caisse_today
from core.accounts.seats import build_actor
from core.accounts.tokens import create_token, find_actor
from core.kernel.errors import NotFound, NotPermitted, RelaisError
from tenants.scope import tenant_transaction
from tests.support.invitations import CODE, read_newest
from tests.support.members import change, member_of, place, set_access, told
from tests.support.people import LONG_AGO, make_member, make_user
from tests.support.racing import race

LATER = date(2999, 1, 1)


@pytest.fixture
def second(office):
    """A second administrator of the factory."""
    with tenant_transaction(office.caisse):
        office.users["ines"] = make_user("ines")
        make_member(office.users["ines"], office.parties["factory"])
    return office.actor("ines")


# Each way in which somebody can stop to keep the company.
WAYS = {
    "end": lambda office, actor, name: leaving.end_member(actor=actor, membership_id=member_of(office, name).id),
    "role": lambda office, actor, name: change(office, actor, name, role="member"),
    "until": lambda office, actor, name: change(office, actor, name, valid_until=LATER),
    "later": lambda office, actor, name: change(office, actor, name, valid_from=LATER),
}


def count_keepers(office):
    with tenant_transaction(office.caisse):
        today = caisse_today(office.caisse)
        keepers = Membership.objects.filter(
            party=office.parties["factory"],
            role="administrator",
            ended_at=None,
            valid_until=None,
            valid_from__lte=today,
            user__state="active",
        )
        return keepers.count()


@pytest.mark.parametrize("way", WAYS)
def test_last_administrator_stays(office, way):
    with tenant_transaction(office.caisse), pytest.raises(LastCompanyAdministrator):
        WAYS[way](office, office.actor(), "anne")
    assert count_keepers(office) == 1


@pytest.mark.parametrize("way", WAYS)
def test_who_cannot_sign_in_or_is_there_for_a_time_does_not_count(office, second, way):
    with tenant_transaction(office.caisse):
        change(office, office.actor(), "beat", role="administrator", themes=None, valid_until=LATER)
        User.objects.filter(id=office.users["ines"].id).update(state="invited")
    with tenant_transaction(office.caisse), pytest.raises(LastCompanyAdministrator):
        WAYS[way](office, office.actor(), "anne")


@pytest.mark.parametrize(("one", "other"), list(product(("end", "role", "until"), repeat=2)))
def test_of_two_who_remove_each_other_at_once_one_stays(office, second, one, other):
    anne = office.actor()
    outcomes = race(office.caisse, lambda: WAYS[one](office, anne, "ines"), lambda: WAYS[other](office, second, "anne"))
    assert not isinstance(outcomes[0], Exception), outcomes
    assert isinstance(outcomes[1], LastCompanyAdministrator), outcomes
    assert count_keepers(office) == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["anne", "ines", "beat"]), st.sampled_from(["role", "until", "later", "make"])),
        max_size=8,
    )
)
def test_whatever_is_done_somebody_keeps_the_company(office, second, steps):
    with tenant_transaction(office.caisse):
        for name in ("anne", "ines"):
            Membership.objects.filter(user=office.users[name]).update(
                role="administrator", valid_until=None, valid_from=LONG_AGO
            )
        anne = office.actor()
    for name, step in steps:
        try:
            with tenant_transaction(office.caisse):
                if step == "make":
                    change(office, anne, name, role="administrator", valid_until=None, valid_from=LONG_AGO)
                else:
                    WAYS[step](office, anne, name)
        except RelaisError:
            pass
        assert count_keepers(office) >= 1


def test_change_holds_on_the_next_request_and_ends_what_reaches_further(office, second):
    browser = office.browser("ines")
    with tenant_transaction(office.caisse):
        wide = create_token(actor=second, name="Paie")
        narrow = create_token(actor=second, name="Personnel")
        ApiToken.objects.filter(id=narrow.token.id).update(themes=["employees"])
    assert browser.get(office.url("dossier/salary_declaration/")).status_code == 200
    with tenant_transaction(office.caisse):
        assert change(office, office.actor(), "ines", themes=["employees"])
    assert browser.get(office.url("dossier/salary_declaration/")).status_code == 404
    assert browser.get(office.url("dossier/employees/")).status_code == 200
    with tenant_transaction(office.caisse):
        assert find_actor(wide.secret) is None
        assert set(find_actor(narrow.secret).rights) == {"employees"}
        assert change(office, office.actor(), "ines", role="member")
        assert find_actor(narrow.secret) is None


def test_more_rights_end_nothing(office):
    with tenant_transaction(office.caisse):
        assert not change(office, office.actor(), "beat", themes=None)
        assert "salary_declaration" in build_actor(office.users["beat"], office.parties["factory"].id).rights


def test_person_and_other_administrators_are_told_in_their_language(office, second):
    with tenant_transaction(office.caisse):
        User.objects.filter(id=office.users["beat"].id).update(language="de")
        change(office, office.actor(), "beat", themes=["salary_declaration"], may_act=False)
    mails = told(office)
    assert set(mails) == {"beat@example.ch", "ines@example.ch"}
    assert "liest nur" in mails["beat@example.ch"]
    assert "Beat Exemple" in mails["ines@example.ch"]
    assert "Anne Exemple" in mails["ines@example.ch"]


def test_change_is_kept_with_before_and_after(office):
    with tenant_transaction(office.caisse):
        anne = office.actor()
        change(office, anne, "beat", themes=["salary_declaration"], valid_until=LATER)
        [entry], _older = selectors.list_history(anne.party_id)
    assert (entry.action, entry.user_id) == ("member_changed", anne.user_id)
    assert entry.data == {
        "themes_before": "employees",
        "themes_after": "salary_declaration",
        "until_before": "",
        "until_after": "2999-01-01",
    }


def test_change_of_what_a_colleague_changed_meanwhile_is_refused(office):
    with tenant_transaction(office.caisse):
        member = member_of(office, "beat")
        seen = place_of(member).mark
        change(office, office.actor(), "beat", themes=None)
        with pytest.raises(MemberChanged):
            services.change_member(
                actor=office.actor(), membership_id=member.id, wanted=place(themes=["employees"]), seen=seen
            )


@pytest.mark.parametrize(("name", "party"), [("beat", "factory"), ("claire", "factory"), ("hugo", "elsewhere")])
def test_others_reach_no_user_of_the_company(office, name, party):
    """A user without the role, an administrator of the fiduciary who acts for the company, one of another company."""
    with tenant_transaction(office.caisse), pytest.raises((NotPermitted, NotFound)):
        change(office, office.actor(name, party), "beat", themes=None)


def test_newcomer_gets_a_code_and_a_known_person_a_mail(office):
    newcomer = services.Newcomer("Nora", "Nouvelle", "nora@fabrique.example", "de")
    with tenant_transaction(office.caisse):
        made = services.invite_member(actor=office.actor(), newcomer=newcomer, place=place(themes=["employees"]))
        assert (made.user.state, made.user.language, made.themes) == ("invited", "de", ["employees"])
    assert CODE.findall(read_newest(office.caisse)["text"])
    known = services.Newcomer("Hugo", "X", "hugo@example.ch", "fr")
    with tenant_transaction(office.caisse):
        services.invite_member(actor=office.actor(), newcomer=known, place=place())
    assert "Factory" in told(office)["hugo@example.ch"]
    with tenant_transaction(office.caisse), pytest.raises(MemberKnown):
        services.invite_member(actor=office.actor(), newcomer=known, place=place())
    with tenant_transaction(office.caisse):
        User.objects.filter(id=office.users["nobody"].id).update(state="blocked")
        blocked = services.Newcomer("No", "Body", "nobody@example.ch", "fr")
        with pytest.raises(EmailTaken):
            services.invite_member(actor=office.actor(), newcomer=blocked, place=place())


def test_caisse_can_ask_for_a_last_day(office):
    set_access(office, longest_months=12)
    today = caisse_today(office.caisse)
    newcomer = services.Newcomer("Nora", "Nouvelle", "nora@fabrique.example", "fr")
    with tenant_transaction(office.caisse):
        for last in (None, today + timedelta(days=400)):
            with pytest.raises(MemberEndMissing):
                services.invite_member(actor=office.actor(), newcomer=newcomer, place=place(valid_until=last))
        made = services.invite_member(
            actor=office.actor(), newcomer=newcomer, place=place(valid_until=today + timedelta(days=300))
        )
        assert made.valid_until
        change(office, office.actor(), "beat", themes=None)


def test_place_is_checked():
    sound = {"role": "member", "themes": None, "clients": None, "may_act": True, "valid_until": None}
    for wrong in ({"role": "chief"}, {"themes": []}, {"clients": []}, {"valid_until": date(2019, 1, 1)}):
        with pytest.raises(RelaisError):
            check_member_place(**{**sound, "valid_from": LONG_AGO, **wrong})
    assert replace(check_member_place(**sound, valid_from=LONG_AGO), role="member").mark


def test_list_finds_counts_and_pages(office):
    with tenant_transaction(office.caisse):
        anne = office.actor()
        for number in range(4):
            make_member(make_user(f"m{number}"), office.parties["factory"], role="member", themes=["employees"])
        first = selectors.list_members(anne, selectors.Filters(), limit=4)
        rest = selectors.list_members(anne, selectors.Filters(), cursor=first.next_cursor, limit=4)
        assert len({one.id for one in [*first.members, *rest.members]}) == 6
        assert selectors.count_members(anne, selectors.Filters(theme="salary_declaration"))["active"] == 1
        assert [one.user.given_name for one in selectors.list_members(anne, selectors.Filters("m2")).members] == ["M2"]
