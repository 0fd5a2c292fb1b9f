"""Who is invited and as what: what was entered, made canonical or refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.accounts.invitations.errors import (
    AddressIncomplete,
    DatesNotValid,
    PersonEmailNotValid,
    PersonIncomplete,
    RolesNotValid,
    ThemesNotValid,
)
from core.accounts.models.people import STAFF_ROLES, normalise_sign_in_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from core.kernel.issues import Scalar

LONGEST_NAME, LONGEST_LINE, MOST_LINES, FEWEST_LINES = 100, 120, 6, 2


@dataclass(frozen=True, slots=True)
class Person:
    """Name, address and language of somebody to invite; the sign-in name is her e-mail in small letters."""

    given_name: str
    family_name: str
    email: str
    language: str

    @property
    def sign_in_name(self) -> str:
        """Under which she signs in."""
        return normalise_sign_in_name(self.email)


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody does at the caisse; ``themes`` None stands for all, and counts for clerks only."""

    roles: tuple[str, ...]
    themes: tuple[str, ...] | None
    valid_from: date
    valid_until: date | None

    @property
    def values(self) -> dict[str, object]:
        """The columns of her row."""
        return {
            "roles": list(self.roles),
            "themes": None if self.themes is None else list(self.themes),
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }

    @property
    def in_words(self) -> Mapping[str, Scalar]:
        """What the audit trail keeps of it."""
        return {
            "roles": ",".join(self.roles),
            "themes": "*" if self.themes is None else ",".join(self.themes),
            "from": self.valid_from.isoformat(),
            "until": self.valid_until.isoformat() if self.valid_until else "",
        }


def clean_person(given_name: str, family_name: str, email: str, language: str, *, needs_email: bool = True) -> Person:
    """Return the person; raises ``person_incomplete`` or ``person_email_not_valid``.

    Where no e-mail is needed and none is given, the names may lack too, and the sign-in name is empty.
    """
    names = [" ".join(name.split())[:LONGEST_NAME] for name in (given_name, family_name)]
    address = email.strip()
    if not (needs_email or address):
        return Person(names[0], names[1], "", language)
    if not all(names) or not address:
        raise PersonIncomplete
    try:
        validate_email(address)
    except ValidationError as error:
        raise PersonEmailNotValid from error
    return Person(names[0], names[1], address, language)


def check_place(
    roles: Iterable[str], themes: Iterable[str] | None, valid_from: date, valid_until: date | None
) -> Place:
    """Return roles, themes and dates; raises ``roles_not_valid``, ``themes_not_valid``, ``dates_not_valid``."""
    wanted = set(roles)
    if not wanted or not wanted <= set(STAFF_ROLES) or ("auditor" in wanted and len(wanted) > 1):
        raise RolesNotValid
    named = None if themes is None or "clerk" not in wanted else tuple(sorted(set(themes)))
    if named == ():
        raise ThemesNotValid
    if valid_until is not None and valid_until < valid_from:
        raise DatesNotValid
    return Place(tuple(role for role in STAFF_ROLES if role in wanted), named, valid_from, valid_until)


def clean_address(lines: Sequence[str]) -> list[str]:
    """Return the lines of a letter's address below the name; raises ``address_incomplete``."""
    kept = [" ".join(line.split())[:LONGEST_LINE] for line in lines]
    kept = [line for line in kept if line][:MOST_LINES]
    if len(kept) < FEWEST_LINES:
        raise AddressIncomplete
    return kept
