"""Bringing somebody into a company without e-mail: a sign-in name is issued, and a slip handed to her opens the access.

The company's administrator prints it: a code with which the person enrols, or, where the caisse issues sign-in names,
that name with a provisional password.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.accounts.invitations.accounts import make_waiting_user
from core.accounts.invitations.errors import NothingToReissue
from core.accounts.invitations.sending import create_activation, revoke_invitation
from core.accounts.memberships.errors import (
    CodeOnlyByMail,
    MailNeedsAddress,
    MemberKnown,
    NameNotFree,
    NamesMissing,
    SlipNotPossible,
)
from core.accounts.models import Membership, Party, StaffMember, User
from core.accounts.names import COMPANIES, company_name, find_kind, issue_name
from core.accounts.passwords import issue_provisional_password
from core.accounts.policy import sign_in_policy
from core.audit.models import Entry
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.invitations.person import Person
    from core.accounts.passwords import Provisional
    from core.kernel.actors import Actor

# How an access gets to a colleague: what is sent, and what the administrator prints and hands over.
Way = Literal["mail", "letter", "code", "password"]
PRINTED = frozenset({"code", "password"})
CHOSEN = ("password_chosen", "password_reset", "activation_completed")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed and handed over. ``secret``, a code or a password, exists only here."""

    member: Membership
    by: Way
    secret: str
    until: datetime


def list_ways() -> list[Way]:
    """Return how an access may get to a colleague here: a password only where the caisse issues sign-in names."""
    ways: list[Way] = ["mail", "letter", "code"]
    if {"company", "user_id"} & set(sign_in_policy(current_caisse()).names):
        ways.append("password")
    return ways


def make_unnamed(*, party: Party, person: Person, by: Way) -> User:
    """Make an account for somebody without e-mail, with a sign-in name that is hers from the beginning.

    Within the caller's scope. Raises ``mail_needs_address``, ``names_missing``, ``member_known`` where the company
    has such a person already, ``name_not_free``.
    """
    if by == "mail":
        raise MailNeedsAddress
    if not (person.given_name and person.family_name):
        raise NamesMissing
    # A form that is sent twice must not make two people; who comes second waits here.
    Party.objects.select_for_update().get(id=party.id)
    same = Membership.objects.filter(
        party=party,
        ended_at__isnull=True,
        user__contact_email__isnull=True,
        user__given_name__iexact=person.given_name,
        user__family_name__iexact=person.family_name,
    )
    if same.exists():
        raise MemberKnown
    return make_waiting_user(person, taken=NameNotFree, issued_name=_issue(party, person.family_name))


def print_access(*, actor: Actor, member: Membership, by: Way, made: Provisional | None = None) -> Slip:
    """Return the slip that opens somebody's access, under the caller's check; what was handed out before is void.

    ``made`` is a password that was made before the scope opened, since its hash takes time. Raises
    ``slip_not_possible``, ``nothing_to_reissue`` for who has an access of her own already, ``code_only_by_mail``.
    """
    if by not in PRINTED or by not in list_ways():
        raise SlipNotPossible
    if by == "password":
        return _print_password(actor, member, made)
    if member.user.state != "invited":
        raise NothingToReissue
    check_may_hold(member, by)
    row, code = create_activation(actor=actor, user=member.user, kind="member", way="letter")
    return Slip(member, by, code, row.expires_at)


def opens_more(member: Membership) -> bool:
    """Whether the account behind a place opens more than this company, or will once it is activated."""
    elsewhere = Membership.objects.filter(user_id=member.user_id, ended_at__isnull=True)
    return (
        elsewhere.exclude(party_id=member.party_id).exists()
        or StaffMember.objects.filter(user_id=member.user_id, ended_at__isnull=True).exists()
    )


def check_may_hold(member: Membership, by: Way) -> None:
    """Keep a code that its owner does not get by her own e-mail from opening what is not this company's to give.

    Whoever holds the code may name another e-mail address. Raises ``code_only_by_mail``.
    """
    if by != "mail" and opens_more(member):
        raise CodeOnlyByMail


def list_renewals(member: Membership) -> list[Way]:
    """Return how a user can be given a new code or slip, none where she has an access of her own; few queries."""
    user, ways = member.user, list_ways()
    sent: list[Way] = ["mail", "letter", "code"] if user.state == "invited" else []
    if sent and opens_more(member):
        sent = ["mail"]
    if not (user.contact_email or "@" in user.sign_in_name):
        sent = [way for way in sent if way != "mail"]
    if "password" in ways and may_have_password(member):
        sent.append("password")
    return sent


def may_have_password(member: Membership) -> bool:
    """Whether an administrator of the company may hold the password of this account for a while.

    Only as long as its owner has never set one herself, and it opens nothing but this company.
    """
    user = member.user
    waits = user.state == "invited" or (user.state == "active" and user.password_must_change)
    if not waits or user.contact_email or "@" in user.sign_in_name:
        return False
    if opens_more(member):
        return False
    return not Entry.objects.filter(object_type="user", object_id=str(user.id), action__in=CHOSEN).exists()


def _print_password(actor: Actor, member: Membership, made: Provisional | None) -> Slip:
    # Whoever chooses a password of her own at this very moment keeps it.
    member.user = User.objects.select_for_update().get(id=member.user_id)
    if member.user.contact_email or "@" in member.user.sign_in_name:
        raise SlipNotPossible
    if not may_have_password(member):
        raise NothingToReissue
    revoke_invitation(actor=actor, user_id=member.user_id)
    plain = issue_provisional_password(actor=actor, user=member.user, made=made)
    until = member.user.password_expires_at
    if until is None:
        raise NothingToReissue
    return Slip(member, "password", plain, until)


def _issue(party: Party, family_name: str) -> str:
    """Return a name that she can type as it is printed: her company's number with hers, or a number of her own."""
    number = party.number or party.enterprise_number
    by_company = party.kind in COMPANIES and bool(number)
    if by_company and find_kind(current_caisse(), party.kind, has_number=True) == "company":
        return issue_name(wanted=company_name(number, family_name))
    return issue_name()
