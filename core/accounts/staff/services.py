"""Changing what one of the caisse's people may do, blocking her, ending her work; what she has open ends at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from core.accounts.ending import end_access, end_desk_access
from core.accounts.invitations.person import Place, check_place
from core.accounts.invitations.sending import revoke_invitation
from core.accounts.invitations.services import check_may_keep_people
from core.accounts.models import Membership, StaffMember, User
from core.accounts.policy import caisse_today
from core.accounts.staff import guard
from core.accounts.staff.errors import LastAdministrator, PersonChanged, ReasonMissing
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is to do at the caisse from now on; ``seen`` is the mark of what the page showed."""

    roles: Iterable[str]
    themes: Iterable[str] | None
    valid_from: date
    valid_until: date | None
    seen: str


def change_place(*, actor: Actor, user_id: UUID, wish: Wish) -> bool:
    """Change roles, themes and dates; return whether something was taken away.

    Then her sessions and programs' accesses end with the commit. Raises ``not_permitted``,
    ``person_changed`` where it is no longer as it was seen, ``last_administrator``, and for the entries
    ``roles_not_valid``, ``themes_not_valid``, ``dates_not_valid``.
    """
    check_may_keep_people(actor)
    wanted = check_place(wish.roles, wish.themes, wish.valid_from, wish.valid_until)
    before = place_of(_access(user_id))
    if mark_of(before) != wish.seen:
        raise PersonChanged
    if before == wanted:
        return False
    today = caisse_today(current_caisse())
    stays = "administrator" in wanted.roles and wanted.valid_until is None and wanted.valid_from <= today
    if not guard.move(user_id, today, before=before.values, after=wanted.values, stays=stays):
        raise _refusal(user_id, today)
    _note(actor, "staff_changed", user_id, _difference(before, wanted))
    reduced = is_reduced(before, wanted)
    if reduced:
        end_desk_access(actor=actor, user_id=user_id, reason="rights_reduced")
    return reduced


def block_person(*, actor: Actor, user_id: UUID, reason: str) -> None:
    """Block the account at once; raises ``reason_missing``, ``last_administrator``, ``person_changed``."""
    check_may_keep_people(actor)
    _access(user_id)
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        raise ReasonMissing
    today = caisse_today(current_caisse())
    if not guard.block(user_id, today, now=clock.now(), reason=why):
        raise _refusal(user_id, today)
    revoke_invitation(actor=actor, user_id=user_id)
    _note(actor, "staff_blocked", user_id, {"reason": why})
    end_access(actor=actor, user_id=user_id, reason="blocked")


def unblock_person(*, actor: Actor, user_id: UUID) -> None:
    """Let a blocked person in again; who never had a password is invited anew. Raises ``person_changed``."""
    check_may_keep_people(actor)
    _access(user_id)
    now, blocked = clock.now(), User.objects.filter(id=user_id, state="blocked")
    known = blocked.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    opened = known.update(state="active", state_changed_at=now, state_reason="")
    if not opened and not blocked.update(state="invited", state_changed_at=now, state_reason=""):
        raise PersonChanged
    _note(actor, "staff_unblocked", user_id, {})


def end_person(*, actor: Actor, user_id: UUID) -> None:
    """End her work here at once; an account that serves nothing else is closed.

    Raises ``last_administrator``, ``person_changed``.
    """
    check_may_keep_people(actor)
    _access(user_id)
    now, today = clock.now(), caisse_today(current_caisse())
    if not guard.end(user_id, today, now=now, by=actor.user_id):
        raise _refusal(user_id, today)
    revoke_invitation(actor=actor, user_id=user_id)
    if not Membership.objects.filter(user_id=user_id, ended_at__isnull=True).exists():
        User.objects.filter(id=user_id).update(state="left", state_changed_at=now, state_reason="")
    _note(actor, "staff_ended", user_id, {})
    end_desk_access(actor=actor, user_id=user_id, reason="ended")


def place_of(staff: StaffMember) -> Place:
    """Return what somebody does here."""
    themes = None if staff.themes is None else tuple(staff.themes)
    return Place(tuple(staff.roles), themes, staff.valid_from, staff.valid_until)


def mark_of(place: Place) -> str:
    """Return a short text that differs where the place does, for the form that changes it."""
    return "|".join(str(value) for value in place.in_words.values())


def is_reduced(before: Place, after: Place) -> bool:
    """Whether something is possible before that is not possible after, on whatever day."""
    fewer_themes = after.themes is not None and (before.themes is None or not set(before.themes) <= set(after.themes))
    shorter = after.valid_until is not None and (before.valid_until is None or after.valid_until < before.valid_until)
    return not set(before.roles) <= set(after.roles) or fewer_themes or shorter or after.valid_from > before.valid_from


def _access(user_id: UUID) -> StaffMember:
    found = StaffMember.objects.filter(user_id=user_id).first()
    if found is None:
        raise NotFound
    return found


def _refusal(user_id: UUID, today: date) -> LastAdministrator | PersonChanged:
    return LastAdministrator() if guard.is_last(user_id, today) else PersonChanged()


def _difference(before: Place, after: Place) -> dict[str, Scalar]:
    old, new = before.in_words, after.in_words
    changed = [name for name in new if old[name] != new[name]]
    return {f"{name}_{when}": words[name] for name in changed for when, words in (("before", old), ("after", new))}


def _note(actor: Actor, action: str, user_id: UUID, data: dict[str, Scalar]) -> None:
    record(actor=actor, action=action, object_type="staff", object_id=user_id, data=data)
