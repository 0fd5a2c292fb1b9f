"""What the caisse may do among a company's users: limit one's themes, appoint an administrator on proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.accounts.invitations.accounts import make_waiting_user
from core.accounts.invitations.errors import EmailTaken
from core.accounts.invitations.person import clean_person
from core.accounts.invitations.sending import send_activation
from core.accounts.memberships import guard
from core.accounts.memberships.errors import MemberChanged, ProofMissing
from core.accounts.memberships.place import ALL, MemberPlace, difference, place_of
from core.accounts.memberships.services import add_member, note, refusal, say_change
from core.accounts.memberships.settings import access_settings
from core.accounts.memberships.telling import tell
from core.accounts.models import Membership, Party, StaffMember, User
from core.accounts.policy import caisse_language, caisse_today
from core.kernel.errors import NotFound, NotPermitted
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from core.accounts.memberships.services import Newcomer
    from core.kernel.actors import Actor

LONGEST_REASON = 200


def may_set_users(actor: Actor) -> bool:
    """Whether one of the caisse's people may limit a company's users: administrators; clerks where it is set.

    A clerk must treat all themes, since she decides about all of them; one query where clerks may at all.
    """
    if actor.kind != "clerk" or actor.user_id is None:
        return False
    if "administrator" in actor.roles:
        return True
    if "clerk" not in actor.roles or not access_settings().clerks_set_themes:
        return False
    return StaffMember.objects.filter(user_id=actor.user_id, themes__isnull=True).exists()


def cap_member(*, actor: Actor, membership_id: UUID, themes: Iterable[str] | None, seen: str, reason: str) -> None:
    """Limit a user to these themes at most (None: no limit), from her next request on; her company is told.

    Raises ``not_permitted``, ``not_found``, ``proof_missing`` without a reason, ``member_changed``.
    """
    member = _access(actor, membership_id)
    why = _clean(reason)
    if not why:
        raise ProofMissing
    wanted = None if themes is None else sorted(set(themes))
    before = cap_mark(member)
    found = Membership.objects.filter(id=member.id, ended_at__isnull=True)
    same = (
        found.filter(cap_themes__isnull=True)
        if member.cap_themes is None
        else found.filter(cap_themes=member.cap_themes)
    )
    if before != seen or not same.update(cap_themes=wanted):
        raise MemberChanged
    member.cap_themes = wanted
    data = {"cap_before": before, "cap_after": cap_mark(member), "reason": why}
    note(actor, "member_capped", member, data)
    tell(actor=actor, party=member.party, user=member.user, say=lambda: [*say_change("member_capped", data), why])


def cap_mark(member: Membership) -> str:
    """Return a user's limit as the history keeps it."""
    return ALL if member.cap_themes is None else ",".join(sorted(member.cap_themes)) or "-"


def appoint_member(*, actor: Actor, membership_id: UUID, document_id: UUID | None, reason: str) -> None:
    """Make a user of a company its administrator, on a document that proves it; the company is told.

    Raises ``not_permitted``, ``not_found``, ``proof_missing``, ``member_changed``.
    """
    member = _access(actor, membership_id)
    why = _check_proof(document_id, reason)
    before = place_of(member)
    today = caisse_today(current_caisse())
    wanted = replace(
        before,
        role="administrator",
        themes=None,
        clients=None,
        may_act=True,
        valid_until=None,
        valid_from=min(today, before.valid_from),
    )
    if not guard.move(member, today, before=before, after=wanted):
        raise refusal(member, today)
    Membership.objects.filter(id=member.id).update(paused_at=None)
    _say_appointed(actor, member, difference(before, wanted) | {"document": str(document_id), "reason": why})
    lines = difference(before, wanted)
    tell(
        actor=actor,
        party=member.party,
        user=member.user,
        say=lambda: [*say_change("administrator_appointed", lines), why],
    )


def appoint_newcomer(
    *, actor: Actor, party_id: UUID, newcomer: Newcomer, document_id: UUID | None, reason: str
) -> Membership:
    """Make somebody who is no user yet a company's administrator, on a document that proves it.

    Raises ``not_permitted``, ``not_found``, ``proof_missing``, ``member_known``, ``email_taken``, and what her
    entries raise.
    """
    _check_may(actor)
    party = Party.objects.filter(id=party_id).exclude(state="ended").first()
    if party is None:
        raise NotFound
    why = _check_proof(document_id, reason)
    language = caisse_language(current_caisse(), newcomer.language)
    typed = clean_person(newcomer.given_name, newcomer.family_name, newcomer.email, language)
    user = User.objects.filter(sign_in_name=typed.sign_in_name).first() or make_waiting_user(typed, taken=EmailTaken)
    if user.state in {"blocked", "left"}:
        raise EmailTaken
    place = MemberPlace("administrator", None, None, True, caisse_today(current_caisse()), None)
    member = add_member(actor=actor, party=party, user=user, place=place)
    _say_appointed(actor, member, {"document": str(document_id), "reason": why})
    if user.state == "invited":
        send_activation(actor=actor, user=user, kind="member", by=newcomer.by, address=newcomer.address)
    return member


def access_member_at_desk(actor: Actor, membership_id: UUID) -> Membership:
    """Return a user's place to one of the caisse's people; raises ``not_found``."""
    found = Membership.objects.select_related("user", "party").filter(
        id=membership_id, ended_at__isnull=True, substitute_for__isnull=True
    )
    member = found.first()
    if member is None or not actor.is_desk:
        raise NotFound
    return member


def _access(actor: Actor, membership_id: UUID) -> Membership:
    _check_may(actor)
    return access_member_at_desk(actor, membership_id)


def _check_may(actor: Actor) -> None:
    if not may_set_users(actor):
        raise NotPermitted


def _check_proof(document_id: UUID | None, reason: str) -> str:
    why = _clean(reason)
    if document_id is None or not why:
        raise ProofMissing
    return why


def _say_appointed(actor: Actor, member: Membership, data: Mapping[str, object]) -> None:
    note(actor, "administrator_appointed", member, {name: str(value) for name, value in data.items()})


def _clean(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON]
