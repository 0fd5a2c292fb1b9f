"""The sign-in name of a company's user at the desk: which kinds fit her, and another one issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from core.accounts.invitations.naming import is_issued
from core.accounts.memberships.appointing import access_member_at_desk, may_set_users
from core.accounts.memberships.errors import NameNotFree, NameNotPossible
from core.accounts.memberships.services import note
from core.accounts.memberships.telling import tell_person
from core.accounts.models import User
from core.accounts.models.people import normalise_sign_in_name
from core.accounts.names import COMPANIES, company_name, is_user_number, issue_name, show_name
from core.accounts.numbers import read_person_number
from core.accounts.policy import sign_in_policy
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel.errors import NotPermitted
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.models import Membership
    from core.configuration.sections.access import SignInName
    from core.kernel.actors import Actor


def show_own_name(user: User) -> str:
    """Return what somebody signs in with as she types it; empty as long as she waits for a name."""
    name = user.sign_in_name
    return show_name(name) if "@" in name or is_issued(name) else ""


def list_kinds(member: Membership) -> list[SignInName]:
    """Return the kinds of sign-in name that a user can get and has not: the caisse's, and her e-mail if any."""
    kinds = dict.fromkeys([*sign_in_policy(current_caisse()).names, "email"])
    return [kind for kind in kinds if _fits(kind, member)]


def issue_member_name(*, actor: Actor, membership_id: UUID, kind: str, seen: str) -> str:
    """Give a user another sign-in name and return it; the earlier one opens nothing any more, and she is told.

    Raises ``not_permitted``, ``not_found``, ``name_not_possible``, ``name_not_free`` where somebody else has it or
    hers is no longer the one that was ``seen``.
    """
    if not may_set_users(actor):
        raise NotPermitted
    member = access_member_at_desk(actor, membership_id)
    found = next((one for one in list_kinds(member) if one == kind), None)
    if found is None or member.user.state != "active":
        raise NameNotPossible
    name = _make(found, member)
    try:
        with transaction.atomic():
            changed = User.objects.filter(id=member.user_id, sign_in_name=seen, state="active").update(
                sign_in_name=name
            )
    except IntegrityError:
        raise NameNotFree from None
    if not changed:
        raise NameNotFree
    note(actor, "sign_in_name_issued", member, {"kind": kind})
    said = {"name": show_name(name)}
    tell_person(
        actor=actor, party=member.party, user=member.user, say=lambda: [gettext("You now sign in as %(name)s.") % said]
    )
    return name


def _fits(kind: str, member: Membership) -> bool:
    now = member.user.sign_in_name
    if kind == "email":
        return bool(member.user.contact_email) and now != normalise_sign_in_name(member.user.contact_email or "")
    if kind == "company":
        number = _number(member)
        return member.party.kind in COMPANIES and bool(number) and not now.startswith(company_name(number, ""))
    if kind == "user_id":
        return not is_user_number(now)
    return member.party.kind not in COMPANIES and _read_person(member) not in {None, now}


def _make(kind: SignInName, member: Membership) -> str:
    if kind == "email":
        return normalise_sign_in_name(member.user.contact_email or "")
    if kind == "company":
        return issue_name(wanted=company_name(_number(member), member.user.family_name))
    return issue_name() if kind == "user_id" else _read_person(member) or ""


def _number(member: Membership) -> str:
    return member.party.number or member.party.enterprise_number


def _read_person(member: Membership) -> str | None:
    jurisdiction = configuration.get(current_caisse(), LocaleSection).jurisdiction
    return read_person_number(jurisdiction, member.party.number)
