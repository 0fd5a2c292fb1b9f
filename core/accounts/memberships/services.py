"""Giving somebody access for a company, changing what she may do, limiting it: the door for each of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from core.accounts.invitations.accounts import make_waiting_user
from core.accounts.invitations.errors import EmailTaken
from core.accounts.invitations.person import clean_person
from core.accounts.invitations.sending import send_activation
from core.accounts.memberships import guard
from core.accounts.memberships.errors import LastCompanyAdministrator, MemberChanged, MemberEndMissing, MemberKnown
from core.accounts.memberships.on_paper import check_may_hold, make_unnamed, opens_more, print_access
from core.accounts.memberships.place import difference, is_reduced, place_of
from core.accounts.memberships.settings import access_settings
from core.accounts.memberships.telling import tell
from core.accounts.memberships.wording import list_facts, list_parts, name_action
from core.accounts.models import ApiToken, Membership, Party, User
from core.accounts.policy import caisse_language, caisse_today
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.kernel.periods import add_months
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.accounts.invitations.person import Person
    from core.accounts.invitations.sending import Way
    from core.accounts.memberships import on_paper
    from core.accounts.memberships.on_paper import Slip
    from core.accounts.memberships.place import MemberPlace
    from core.accounts.passwords import Provisional
    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be given access, as typed, and how her code goes there; the e-mail may lack."""

    given_name: str
    family_name: str
    email: str
    language: str
    by: Way = "mail"
    address: Sequence[str] = ()


def invite_member(*, actor: Actor, newcomer: Newcomer, place: MemberPlace) -> Membership:
    """Make somebody a user of the actor's company: a new account gets its code, a known one is told by mail.

    Without an e-mail she gets a sign-in name, and the code by letter; who waits for an access elsewhere too gets it
    by e-mail, whatever was chosen. Raises ``not_permitted``, ``member_known``, ``email_taken`` for an address that
    cannot be used, ``member_end_missing``, and what the person's entries raise.
    """
    member = _admit(actor, newcomer, place, newcomer.by)
    if member.user.state == "invited":
        by: Way = "mail" if opens_more(member) else newcomer.by
        send_activation(actor=actor, user=member.user, kind="member", by=by, address=newcomer.address)
    return member


def invite_on_paper(
    *, actor: Actor, newcomer: Newcomer, place: MemberPlace, by: on_paper.Way, made: Provisional | None = None
) -> tuple[Membership, Slip | None]:
    """Make somebody a user of the actor's company with a slip to hand over; a known account is told and needs none.

    Who waits for an access elsewhere too gets a code by e-mail instead.

    Raises what ``invite_member`` and ``print_access`` raise.
    """
    member = _admit(actor, newcomer, place, by)
    if member.user.state != "invited":
        return member, None
    if opens_more(member):
        send_activation(actor=actor, user=member.user, kind="member", by="mail")
        return member, None
    return member, _print_slip(actor, member, by, made)


def reissue_slip(*, actor: Actor, membership_id: UUID, by: on_paper.Way, made: Provisional | None = None) -> Slip:
    """Print another slip for a user who has no access of her own yet; see ``print_access``."""
    return _print_slip(actor, access_member(actor, membership_id), by, made)


def reissue_code(*, actor: Actor, membership_id: UUID, by: Way, address: Sequence[str] = ()) -> None:
    """Send a user who has not activated yet a new code; the earlier one stops working.

    Raises ``code_only_by_mail`` and what ``send_activation`` raises.
    """
    member = access_member(actor, membership_id)
    check_may_hold(member, by)
    send_activation(actor=actor, user=member.user, kind="member", by=by, address=address)


def change_member(*, actor: Actor, membership_id: UUID, wanted: MemberPlace, seen: str) -> bool:
    """Change what a user may do; return whether something was taken away.

    It holds from her next request on; programs' accesses that reach further end with the commit.
    Raises ``member_changed`` where it is no longer as it was ``seen``, ``last_company_administrator``,
    ``member_end_missing``.
    """
    member = access_member(actor, membership_id)
    before = place_of(member)
    if before.mark != seen:
        raise MemberChanged
    if before == wanted:
        return False
    if wanted.valid_until != before.valid_until:
        check_end(wanted)
    today = caisse_today(current_caisse())
    if not guard.move(member, today, before=before, after=wanted):
        raise refusal(member, today)
    data = difference(before, wanted)
    note(actor, "member_changed", member, data)
    reduced = is_reduced(before, wanted)
    if reduced:
        end_tokens_beyond(actor, member.user_id, member.party_id, wanted)
    tell(actor=actor, party=member.party, user=member.user, say=lambda: say_change("member_changed", data))
    return reduced


def add_member(
    *, actor: Actor, party: Party, user: User, place: MemberPlace, action: str = "member_invited"
) -> Membership:
    """Add a place in a company for an account that exists, under the caller's check; raises ``member_known``."""
    try:
        with transaction.atomic():
            member = Membership.objects.create(
                user=user, party=party, created_at=clock.now(), created_by=actor.user_id, **place.values
            )
    except IntegrityError as error:
        raise MemberKnown from error
    note(actor, action, member, place.in_words)
    facts = dict(place.in_words)
    tell(actor=actor, party=party, user=user, say=lambda: [name_action(action), *list_facts(facts)])
    return member


def access_company(actor: Actor, *, administrator: bool = True) -> Party:
    """Return the company that the actor administers, or works in; raises ``not_permitted``.

    Whoever acts for a client does not administer the client.
    """
    own = actor.kind == "party" and actor.party_id is not None and actor.party_id == actor.acting_party_id
    if not own or (administrator and "administrator" not in actor.roles) or actor.token_id is not None:
        raise NotPermitted
    return Party.objects.get(id=actor.party)


def access_member(actor: Actor, membership_id: UUID) -> Membership:
    """Return a user's place in the company that the actor administers; raises ``not_found``."""
    party = access_company(actor)
    found = Membership.objects.select_related("user", "party").filter(
        id=membership_id, party=party, ended_at__isnull=True, substitute_for__isnull=True
    )
    member = found.first()
    if member is None:
        raise NotFound
    return member


def _admit(actor: Actor, newcomer: Newcomer, place: MemberPlace, by: on_paper.Way) -> Membership:
    party = access_company(actor)
    typed = clean_person(
        newcomer.given_name,
        newcomer.family_name,
        newcomer.email,
        caisse_language(current_caisse(), newcomer.language),
        needs_email=False,
    )
    check_end(place)
    user = _find_account(typed) if typed.email else make_unnamed(party=party, person=typed, by=by)
    return add_member(actor=actor, party=party, user=user, place=place)


def _find_account(typed: Person) -> User:
    user = User.objects.filter(sign_in_name=typed.sign_in_name).first() or make_waiting_user(typed, taken=EmailTaken)
    if user.state in {"blocked", "left"}:
        raise EmailTaken
    return user


def _print_slip(actor: Actor, member: Membership, by: on_paper.Way, made: Provisional | None) -> Slip:
    slip = print_access(actor=actor, member=member, by=by, made=made)
    note(actor, "slip_printed", member, {"by": by})
    return slip


def check_end(place: MemberPlace) -> None:
    """Hold a new place to the caisse's longest time; administrators have none, since somebody must stay."""
    months = access_settings().longest_months
    if months is None or place.role == "administrator":
        return
    if place.valid_until is None or place.valid_until > add_months(place.valid_from, months):
        raise MemberEndMissing(months=months)


def add_days(day: date, days: int) -> date:
    """Return a day so many days later."""
    return day + timedelta(days=days)


def end_tokens_beyond(actor: Actor, user_id: UUID, party_id: UUID, place: MemberPlace | None = None) -> int:
    """End the programs' accesses that a user made in a company and that reach further than her place; return how many.

    Without a place all of them. Only an administrator may have made them, so that they go with that role.
    """
    tokens = ApiToken.objects.filter(user_id=user_id, acting_party_id=party_id, revoked_at__isnull=True)
    if place is not None and place.role == "administrator":
        beyond = Q(pk__in=[])
        if place.themes is not None:
            beyond |= Q(themes__isnull=True) | ~Q(themes__contained_by=list(place.themes))
        if place.clients is not None:
            beyond |= ~Q(party_id__in=[*place.clients, party_id])
        if not place.may_act:
            beyond |= Q(may_act=True)
        tokens = tokens.filter(beyond)
    return tokens.update(revoked_at=clock.now(), revoked_by=actor.user_id)


def refusal(member: Membership, today: date) -> LastCompanyAdministrator | MemberChanged:
    """Return why a guarded statement changed nothing."""
    return LastCompanyAdministrator() if guard.is_last(member, today) else MemberChanged()


def note(actor: Actor, action: str, member: Membership, data: Mapping[str, Scalar]) -> None:
    """Keep an act in the company's history."""
    record(
        actor=actor,
        action=action,
        object_type="membership",
        object_id=member.id,
        for_party_id=member.party_id,
        data=data,
    )


def say_change(action: str, data: Mapping[str, Scalar]) -> list[str]:
    """Return an act and its parts as lines, in the active language."""
    parts = [
        gettext("%(label)s: %(before)s, now %(after)s") % {"label": label, "before": before, "after": after}
        for label, before, after in list_parts(data)
    ]
    return [name_action(action), *parts]
