"""What a user may do within a company: as it is entered, compared, kept in the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.invitations.errors import DatesNotValid, ThemesNotValid
from core.accounts.memberships.errors import ClientsNotValid, MemberRoleNotValid
from core.accounts.models.parties import MEMBER_ROLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from uuid import UUID

    from core.accounts.models import Membership
    from core.kernel.issues import Scalar

ALL = "*"


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """Role, themes and clients (None: all), whether she acts or only reads, first and last day."""

    role: str
    themes: tuple[str, ...] | None
    clients: tuple[UUID, ...] | None
    may_act: bool
    valid_from: date
    valid_until: date | None

    @property
    def values(self) -> dict[str, object]:
        """The columns of her row."""
        return {
            "role": self.role,
            "themes": None if self.themes is None else list(self.themes),
            "clients": None if self.clients is None else list(self.clients),
            "may_act": self.may_act,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }

    @property
    def in_words(self) -> dict[str, Scalar]:
        """What the audit trail keeps of it."""
        return {
            "role": self.role,
            "themes": ALL if self.themes is None else ",".join(self.themes),
            "clients": ALL if self.clients is None else ",".join(str(one) for one in self.clients),
            "acts": "act" if self.may_act else "read",
            "from": self.valid_from.isoformat(),
            "until": self.valid_until.isoformat() if self.valid_until else "",
        }

    @property
    def mark(self) -> str:
        """A short text that differs where the place does, for the form that changes it."""
        return "|".join(str(value) for value in self.in_words.values())


def place_of(member: Membership) -> MemberPlace:
    """Return what somebody may do in her company."""
    return MemberPlace(
        member.role,
        None if member.themes is None else tuple(sorted(member.themes)),
        None if member.clients is None else tuple(sorted(member.clients)),
        member.may_act,
        member.valid_from,
        member.valid_until,
    )


def check_member_place(
    *,
    role: str,
    themes: Iterable[str] | None,
    clients: Iterable[UUID] | None,
    may_act: bool,
    valid_from: date,
    valid_until: date | None,
) -> MemberPlace:
    """Return what was entered, in order.

    Raises ``member_role_not_valid``, ``themes_not_valid``, ``clients_not_valid``, ``dates_not_valid``.
    """
    if role not in MEMBER_ROLES:
        raise MemberRoleNotValid
    named = None if themes is None else tuple(sorted(set(themes)))
    firms = None if clients is None else tuple(sorted(set(clients)))
    if named == ():
        raise ThemesNotValid
    if firms == ():
        raise ClientsNotValid
    if valid_until is not None and valid_until < valid_from:
        raise DatesNotValid
    return MemberPlace(role, named, firms, may_act, valid_from, valid_until)


def is_reduced(before: MemberPlace, after: MemberPlace) -> bool:
    """Whether something is possible before that is not possible after, on whatever day."""
    shorter = after.valid_until is not None and (before.valid_until is None or after.valid_until < before.valid_until)
    return (
        (before.role == "administrator" and after.role != "administrator")
        or _fewer(before.themes, after.themes)
        or _fewer(before.clients, after.clients)
        or (before.may_act and not after.may_act)
        or shorter
        or after.valid_from > before.valid_from
    )


def difference(before: MemberPlace, after: MemberPlace) -> dict[str, Scalar]:
    """Return for the history what changed, each part with what stood before and after."""
    old, new = before.in_words, after.in_words
    changed = [name for name in new if old[name] != new[name]]
    return {f"{name}_{when}": words[name] for name in changed for when, words in (("before", old), ("after", new))}


def _fewer(before: Collection[str | UUID] | None, after: Collection[str | UUID] | None) -> bool:
    return after is not None and (before is None or not set(before) <= set(after))
