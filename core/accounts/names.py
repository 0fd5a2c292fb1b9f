"""Sign-in names: what people here sign in with, how it is typed, kept and issued.

A caisse chooses among the kinds; an e-mail is always understood, since her own people sign in by it. The number of
an insured person is a matter of the country: each jurisdiction says how it is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum import luhn

from core.accounts.models import User
from core.accounts.models.people import normalise_sign_in_name
from core.accounts.numbers import read_person_number
from core.accounts.policy import sign_in_policy
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel.identifiers import READABLE_ALPHABET, group_code, new_readable_code, normalise_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.configuration.sections.access import SignInName
    from tenants.scope import CaisseRef

# Parties for which delegates sign in; for the others it is the person herself.
COMPANIES = frozenset({"employer", "agent"})
# 8 characters of 5 bits and one that checks them.
_ISSUED_LENGTH = 9
_BETWEEN = "/"
_NO_SIGN = re.compile(r"[^\w]|_")
_NO_NAME = re.compile(r"[^\w.-]")


def resolve_name(caisse: CaisseRef, typed: str) -> str:
    """Return the one form under which a typed name is looked up and counted, whatever its spelling.

    The first of the caisse's kinds that can read it decides, then whether it is a number that was issued once; what
    none can read is taken as it is.
    """
    plain = normalise_sign_in_name(typed)
    if "@" in plain:
        return plain
    for kind in sign_in_policy(caisse).names:
        if found := _READERS[kind](caisse, plain):
            return found
    return _read_user_number(caisse, plain) or plain


def find_kind(caisse: CaisseRef, party_kind: str, *, has_number: bool) -> SignInName:
    """Return the kind of name that the caisse's people of such a party sign in with, the first of its own that fits."""
    own: SignInName = "company" if party_kind in COMPANIES else "insured"
    fitting: tuple[SignInName, ...] = (own, "user_id", "email") if has_number else ("user_id", "email")
    return next((kind for kind in sign_in_policy(caisse).names if kind in fitting), "email")


def make_user_number() -> str:
    """Return a new user number as it is kept, such as ``k7m29qfx4``; its last character checks the others."""
    body = new_readable_code(_ISSUED_LENGTH - 1)
    return f"{body}{luhn.calc_check_digit(body, READABLE_ALPHABET)}".lower()


def company_name(number: str, delegate: str) -> str:
    """Return the sign-in name of a company's delegate, from its number and a word for the person."""
    return f"{_NO_SIGN.sub('', number).lower()}{_BETWEEN}{_NO_NAME.sub('', normalise_sign_in_name(delegate))}"


def issue_name(*, wanted: str = "") -> str:
    """Return a sign-in name that nobody has yet: the wanted one, with a figure behind it if need be, or a number.

    Within the caller's scope; the table's own constraint decides between two who ask at the same moment.
    """
    if not wanted:
        return _first_free(make_user_number() for _ in range(5))
    return _first_free([wanted, *(f"{wanted}{figure}" for figure in range(2, 100))])


def show_name(name: str) -> str:
    """Return a sign-in name as it is read off paper: a user number in capitals and groups."""
    return group_code(name.upper()) if is_user_number(name) else name


def _first_free(names: Iterable[str]) -> str:
    for name in names:
        if not User.objects.filter(sign_in_name=name).exists():
            return name
    message = "no free sign-in name was found"
    raise RuntimeError(message)


def is_user_number(name: str) -> bool:
    """Whether this is a number that the caisse issued, as its check character says."""
    code = normalise_code(name)
    if len(code) != _ISSUED_LENGTH or not set(code) <= set(READABLE_ALPHABET):
        return False
    return bool(luhn.is_valid(code, READABLE_ALPHABET))


def _read_email(_caisse: CaisseRef, _plain: str) -> str | None:
    return None


def _read_user_number(_caisse: CaisseRef, plain: str) -> str | None:
    return normalise_code(plain).lower() if is_user_number(plain) else None


def _read_company(_caisse: CaisseRef, plain: str) -> str | None:
    number, between, delegate = plain.partition(_BETWEEN)
    return company_name(number, delegate) if between and number.strip() and delegate.strip() else None


def _read_insured(caisse: CaisseRef, plain: str) -> str | None:
    return read_person_number(configuration.get(caisse, LocaleSection).jurisdiction, plain)


_READERS = {
    "email": _read_email,
    "user_id": _read_user_number,
    "company": _read_company,
    "insured": _read_insured,
}
