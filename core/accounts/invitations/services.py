"""Inviting the caisse's own people: the account that waits, and the code that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from core.accounts.invitations.accounts import make_waiting_user
from core.accounts.invitations.errors import EmailTaken, NothingToReissue, PersonKnown
from core.accounts.invitations.person import Person, Place, check_place, clean_address, clean_person
from core.accounts.invitations.sending import Invitation, send_activation
from core.accounts.invitations.texts import NEW_ROLE
from core.accounts.models import StaffMember, User
from core.accounts.policy import caisse_language, caisse_today
from core.accounts.sessions import end_sessions
from core.accounts.telling import tell_owner
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotPermitted
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from core.accounts.invitations.sending import Way
    from core.kernel.actors import Actor


def invite_staff(
    *,
    actor: Actor,
    given_name: str,
    family_name: str,
    email: str,
    roles: Iterable[str],
    themes: Iterable[str] | None = None,
    language: str = "fr",
    by: Way = "mail",
    address: Sequence[str] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Invitation:
    """Let somebody work for the caisse: make her account, and send the code that activates it.

    ``email`` is the sign-in name; ``themes`` limits a clerk (None: all); ``address`` holds the lines
    of a letter below the name. Within the caller's scope, so that account and letter come together or not at all.
    By an administrator, or by an operator for a caisse that has no administrator yet. An operator's
    repeat for a person who has not activated sends a new code; the earlier one stops working.
    Who signs in here for an employer or herself already goes on with that account: she gets a mail, and no code.
    Raises ``not_permitted``, ``person_known``, ``email_taken``, and for what is entered ``person_incomplete``,
    ``person_email_not_valid``, ``address_incomplete``, ``roles_not_valid``, ``themes_not_valid``,
    ``dates_not_valid``.
    """
    person = clean_person(given_name, family_name, email, caisse_language(current_caisse(), language))
    place = check_place(roles, themes, valid_from or caisse_today(current_caisse()), valid_until)
    lines = clean_address(address) if by == "letter" else []
    _check_may_invite(actor, place)
    known = User.objects.select_related("staff").filter(sign_in_name=person.sign_in_name).first()
    if known is not None and _is_repeat(actor, known):
        return send_activation(actor=actor, user=known, kind="staff", by=by, address=lines)
    user = _find_account(known, person)
    if user.state == "blocked":
        raise EmailTaken
    _give_place(actor, user, place, by)
    if user.state == "active":
        return _tell_new_role(user, by)
    return send_activation(actor=actor, user=user, kind="staff", by=by, address=lines)


def reissue_invitation(*, actor: Actor, user_id: UUID, by: Way, address: Sequence[str] = ()) -> Invitation:
    """Send a new code to a person who has not activated yet; the earlier one stops working at once.

    A letter without ``address`` goes where the last one went. Raises ``not_permitted``,
    ``nothing_to_reissue``, ``address_incomplete``.
    """
    check_may_keep_people(actor)
    user = User.objects.filter(id=user_id, state="invited", staff__ended_at__isnull=True, staff__isnull=False).first()
    if user is None:
        raise NothingToReissue
    return send_activation(actor=actor, user=user, kind="staff", by=by, address=address)


def check_may_keep_people(actor: Actor) -> None:
    """Raise ``not_permitted`` for who is no administrator of the caisse (nor the system)."""
    if actor.kind != "system" and not (actor.is_desk and "administrator" in actor.roles):
        raise NotPermitted


def _check_may_invite(actor: Actor, place: Place) -> None:
    # The operator helps a caisse into its house; once somebody keeps it, she stays outside.
    if actor.kind == "operator" and place.roles == ("administrator",):
        kept = StaffMember.objects.filter(roles__contains=["administrator"], ended_at__isnull=True)
        if not kept.filter(user__state="active").exists():
            return
    check_may_keep_people(actor)


def _give_place(actor: Actor, user: User, place: Place, by: Way) -> None:
    StaffMember.objects.update_or_create(user=user, defaults={**place.values, "ended_at": None, "ended_by": None})
    said = {**place.in_words, "by": by}
    record(actor=actor, action="staff_invited", object_type="staff", object_id=user.id, data=said)


def _find_account(known: User | None, person: Person) -> User:
    if known is None:
        return make_waiting_user(person, taken=PersonKnown)
    return known if _serves_otherwise(known) else _take_back(known, person)


def _serves_otherwise(known: User) -> bool:
    """Whether the account is in use, but not for work at the caisse."""
    staff = getattr(known, "staff", None)
    return known.state != "left" and (staff is None or staff.ended_at is not None)


def _tell_new_role(user: User, by: Way) -> Invitation:
    """Tell somebody who signs in here already that she works for the caisse too; she signs in anew for that.

    She keeps password and second factor, so no code is needed.
    """
    end_sessions([user.id], reason="rights_changed")
    tell_owner(NEW_ROLE, user)
    return Invitation(user.id, None, by, None)


def _is_repeat(actor: Actor, known: User) -> bool:
    staff = getattr(known, "staff", None)
    return actor.kind in {"operator", "system"} and known.state == "invited" and staff is not None


def _take_back(known: User, person: Person) -> User:
    """Invite again somebody whose work here had ended; anybody else of this name is known already."""
    gone = Q(staff__ended_at__isnull=False) | Q(staff__isnull=True)
    ended = User.objects.filter(id__in=User.objects.filter(gone, id=known.id, state="left").values("id"))
    known.set_unusable_password()
    taken = ended.update(
        state="invited",
        state_changed_at=clock.now(),
        state_reason="",
        password=known.password,
        mobile="",
        mobile_confirmed_at=None,
        given_name=person.given_name,
        family_name=person.family_name,
        language=person.language,
    )
    if not taken:
        raise PersonKnown
    return User.objects.get(id=known.id)
