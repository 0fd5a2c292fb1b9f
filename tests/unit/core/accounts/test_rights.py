"""The calculus of rights: never more than membership and mandate have in common."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.accounts.rights import (
    MandateTerms,
    MembershipTerms,
    Span,
    StaffTerms,
    in_force,
    is_administrator,
    membership_rights,
    narrow,
    staff_rights,
    unite,
)
from core.kernel.actors import Right

FIRM, CLIENT, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
OFFERED = ("salaries", "employees", "family")
DAY = date(2026, 11, 21)

themes = st.none() | st.frozensets(st.sampled_from([*OFFERED, "switched_off"]))
days = st.dates(DAY - timedelta(days=3), DAY + timedelta(days=3))
spans = st.builds(Span, days, st.none() | days)
mandates = st.builds(
    MandateTerms,
    acting_party_id=st.sampled_from([FIRM, OTHER]),
    party_id=st.sampled_from([FIRM, CLIENT]),
    themes=themes,
    may_act=st.booleans(),
    span=spans,
    state=st.sampled_from(["asked", "accepted", "refused", "ended"]),
    party_state=st.sampled_from(["active", "read_only", "ended"]),
)
memberships = st.builds(
    MembershipTerms,
    party_id=st.just(FIRM),
    themes=themes,
    clients=st.none() | st.frozensets(st.sampled_from([FIRM, CLIENT, OTHER])),
    may_act=st.booleans(),
    span=spans,
    administrator=st.booleans(),
    ended=st.booleans(),
)


def covers(listed, slug):
    return listed is None or slug in listed


@given(memberships, mandates)
def test_right_is_within_membership_mandate_and_offer(membership, mandate):
    for slug, right in membership_rights(membership, mandate, OFFERED, DAY).items():
        assert slug in OFFERED
        assert covers(membership.themes, slug)
        assert covers(mandate.themes, slug)
        assert not right.act or (membership.may_act and mandate.may_act and mandate.party_state == "active")


@given(memberships, mandates)
def test_nothing_is_open_out_of_force(membership, mandate):
    outside = (
        membership.ended
        or mandate.state != "accepted"
        or mandate.party_state == "ended"
        or mandate.acting_party_id != membership.party_id
        or not covers(membership.clients, mandate.party_id)
        or not all(
            span.first <= DAY and (span.last is None or span.last >= DAY) for span in (membership.span, mandate.span)
        )
    )
    assert in_force(membership, mandate, DAY) is not outside
    if outside:
        assert not membership_rights(membership, mandate, OFFERED, DAY)


@given(memberships, mandates)
def test_what_both_open_is_granted(membership, mandate):
    if in_force(membership, mandate, DAY):
        both = {slug for slug in OFFERED if covers(membership.themes, slug) and covers(mandate.themes, slug)}
        assert set(membership_rights(membership, mandate, OFFERED, DAY)) == both


rights = st.dictionaries(
    st.sampled_from(OFFERED), st.sampled_from([Right(), Right(read=True), Right(read=True, act=True)])
)


@given(rights, themes, st.booleans())
def test_token_never_has_more_than_its_maker(held, listed, may_act):
    for slug, right in narrow(held, listed, may_act=may_act).items():
        assert covers(listed, slug)
        assert right.read <= held[slug].read
        assert right.act <= (held[slug].act and may_act)


@given(rights, rights)
def test_two_grants_give_what_either_gives(one, other):
    together = unite(one, other)
    assert together == unite(other, one)
    for slug in OFFERED:
        expected = [grant.get(slug, Right()) for grant in (one, other)]
        got = together.get(slug, Right())
        assert (got.read, got.act) == (any(r.read for r in expected), any(r.act for r in expected))


@given(st.frozensets(st.sampled_from(["administrator", "clerk", "auditor"])), themes, spans)
def test_only_clerks_act_and_auditors_read_all(roles, listed, span):
    found = staff_rights(StaffTerms(roles, listed, span), OFFERED, DAY)
    if not span.covers(DAY):
        assert not found
        return
    for slug in OFFERED:
        right = found.get(slug, Right())
        assert right.act == ("clerk" in roles and covers(listed, slug))
        assert right.read == (right.act or "auditor" in roles)


def test_read_only_party_is_read_and_not_acted_for():
    membership = MembershipTerms(FIRM, None, None, may_act=True, span=Span(DAY))
    mandate = MandateTerms(FIRM, FIRM, None, may_act=True, span=Span(DAY), party_state="read_only")
    assert membership_rights(membership, mandate, OFFERED, DAY)["family"] == Right(read=True)


def test_administrator_is_one_only_within_her_dates():
    membership = MembershipTerms(FIRM, None, None, may_act=True, span=Span(DAY, DAY), administrator=True)
    assert is_administrator(membership, DAY)
    assert not is_administrator(membership, DAY + timedelta(days=1))
