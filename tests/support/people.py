"""Makes people, parties and what connects them, quickly: one password hash for all."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from core.accounts.models import Mandate, Membership, Party, StaffMember, User
from core.kernel import clock
from tests.support.outbox import send_out

if TYPE_CHECKING:
    from django.test import Client

    from tenants.scope import CaisseRef

PASSWORD = "Lac-de-Morat-2026"
LONG_AGO = date(2020, 1, 1)
_numbers = [count(1)]
M = TypeVar("M", bound=Model)


def restart_numbers() -> None:
    """Number parties from one again: a number that told what ran before would now and then be what a test looks for."""
    _numbers[0] = count(1)


@cache
def _password_hash() -> str:
    return make_password(PASSWORD)


def make_user(name: str = "anne", **values: Any) -> User:
    """Make a user ``<name>@example.ch`` with a mobile number, within the open scope."""
    return _saved(new_user(name, **values))


def new_user(name: str = "anne", **values: Any) -> User:
    """Return such a user, not yet saved: many are saved at once."""
    address = f"{name}@example.ch"
    defaults = {
        "sign_in_name": address,
        "contact_email": address,
        "given_name": name.title(),
        "family_name": "Exemple",
        "mobile": "+41790000001",
        "password": _password_hash(),
        "created_at": clock.now(),
    }
    return User(**{**defaults, **values})


def make_party(name: str = "Fabrique SA", **values: Any) -> Party:
    """Make an employer."""
    return _saved(new_party(name, **values))


def new_party(name: str = "Fabrique SA", **values: Any) -> Party:
    """Return an employer, not yet saved."""
    number = f"100-{next(_numbers[0]):04}.0"
    defaults = {"kind": "employer", "number": number, "name": name, "created_at": clock.now()}
    return Party(**{**defaults, **values})


def make_mandate(acting: Party, party: Party | None = None, **values: Any) -> Mandate:
    """Let a party act for another, or for itself."""
    return _saved(new_mandate(acting, party, **values))


def new_mandate(acting: Party, party: Party | None = None, **values: Any) -> Mandate:
    """Return such a mandate, not yet saved."""
    defaults = {
        "acting_party": acting,
        "for_party": party or acting,
        "basis": "agreement" if party else "self",
        "may_act": True,
        "valid_from": LONG_AGO,
        "state": "accepted",
        "asked_at": clock.now(),
    }
    return Mandate(**{**defaults, **values})


def make_member(user: User, party: Party, **values: Any) -> Membership:
    """Put a user into a party as its administrator unless told otherwise."""
    return _saved(new_member(user, party, **values))


def new_member(user: User, party: Party, **values: Any) -> Membership:
    """Return such a membership, not yet saved."""
    defaults = {"role": "administrator", "valid_from": LONG_AGO, "created_at": clock.now()}
    return Membership(user=user, party=party, **{**defaults, **values})


def make_staff(user: User, *roles: str, **values: Any) -> StaffMember:
    """Let a user work for the caisse."""
    return _saved(new_staff(user, *roles, **values))


def new_staff(user: User, *roles: str, **values: Any) -> StaffMember:
    """Return such a place, not yet saved."""
    return StaffMember(user=user, roles=list(roles), **{"valid_from": LONG_AGO, **values})


def _saved(row: M) -> M:
    row.save(force_insert=True)
    return row


def give_password(client: Client, name: str = "anne@example.ch", password: str = PASSWORD, **extra: Any) -> Any:
    """Post the first step of a sign-in."""
    return client.post("/sign-in/", {"name": name, "password": password, **extra})


def read_code(caisse: CaisseRef) -> str:
    """Return the newest code in the embedded outbox, as the person would read it."""
    code: str = re.findall(r"\b\d{6}\b", send_out(caisse, "sms")[-1]["text"])[0]
    return code
