"""What an applicant enters of herself and of the people to let in: made canonical by the kinds, or refused."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.names import COMPANIES
from core.accounts.policy import caisse_country, sign_in_policy
from core.configuration import configuration
from core.declare.faults import FieldFault
from core.declare.kinds import Date, Email, Phone, Text
from core.enrolment.errors import DelegateTwice, EntriesMissing, EntryNotValid, NotCertified
from core.enrolment.section import EnrolmentSection
from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.declare.kinds import Kind
    from tenants.scope import CaisseRef

PERSON_FIELDS = ("given_name", "family_name", "email", "mobile")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of an application: the legal representative, a delegate, or the applicant herself."""

    role: str
    given_name: str
    family_name: str
    email: str = ""
    mobile: str = ""

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Details:
    """An application as it was entered, made canonical."""

    name: str
    email: str
    facts: Mapping[str, str]
    people: tuple[Someone, ...] = field(default=())

    @property
    def columns(self) -> dict[str, Any]:
        """What is written to the application."""
        people = [asdict(one) for one in self.people]
        return {"name": self.name, "email": self.email, "facts": dict(self.facts), "people": people}


def list_fields(caisse: CaisseRef, party_kind: str) -> dict[str, Kind[Any]]:
    """Return what is asked of the applicant, by name, in the page's order."""
    address: dict[str, Kind[Any]] = {
        "street": Text(label=N_("Street and number"), max_length=120, autocomplete="street-address"),
        "address_extra": Text(label=N_("Further line of the address"), max_length=120, required=False),
        "postcode": Text(label=N_("Postcode"), max_length=12, required=False, autocomplete="postal-code"),
        "town": Text(label=N_("Town"), max_length=80, autocomplete="address-level2"),
    }
    reached: dict[str, Kind[Any]] = {"email": Email(label=N_("E-mail address"))}
    if party_kind in COMPANIES:
        reached["phone"] = Phone(label=N_("Phone"), region=caisse_country(caisse), required=False)
        name = Text(label=N_("Name of the company"), max_length=200, autocomplete="organization")
        return {"name": name, **address, **reached}
    names: dict[str, Kind[Any]] = {
        "given_name": Text(label=N_("Given name"), max_length=100, autocomplete="given-name"),
        "family_name": Text(label=N_("Family name"), max_length=100, autocomplete="family-name"),
        "birth_date": Date(label=N_("Date of birth"), autocomplete="bday"),
    }
    return {**names, **address, **reached, "mobile": _mobile(caisse)}


def person_fields(caisse: CaisseRef, *, mobile: bool = True) -> dict[str, Kind[Any]]:
    """Return what is asked of the legal representative and of each delegate."""
    fields: dict[str, Kind[Any]] = {
        "given_name": Text(label=N_("Given name"), max_length=100),
        "family_name": Text(label=N_("Family name"), max_length=100),
        "email": Email(label=N_("E-mail address"), required=False),
    }
    if mobile:
        fields["mobile"] = _mobile(caisse)
    return fields


def _mobile(caisse: CaisseRef) -> Kind[Any]:
    """Return how a mobile number is asked for: whoever cannot sign in without a second factor has to give one."""
    return Phone(
        label=N_("Mobile number"),
        help=N_("To this number goes the code at the first sign-in."),
        region=caisse_country(caisse),
        required=not sign_in_policy(caisse).password_alone,
    )


def read_details(caisse: CaisseRef, party_kind: str, typed: Mapping[str, str]) -> Details:
    """Return what was entered in a form's fields, of which those of people are numbered (``delegate-1-email``).

    Raises ``entries_missing``, ``entry_not_valid``, ``delegate_twice``, or ``not_certified``.
    """
    values = _clean(list_fields(caisse, party_kind), typed, "")
    people = _read_company(caisse, typed) if party_kind in COMPANIES else (_herself(values),)
    if typed.get("certified") != "yes":
        raise NotCertified
    name = values.pop("name", "") or people[0].name
    email = values.pop("email")
    return Details(name=name, email=email, facts={key: value for key, value in values.items() if value}, people=people)


def list_people(stored: Iterable[Mapping[str, str]]) -> list[Someone]:
    """Return the people of a stored application."""
    return [Someone(**one) for one in stored]


def address_lines(facts: Mapping[str, str]) -> list[str]:
    """Return the lines of the applicant's postal address below the name."""
    place = f"{facts.get('postcode', '')} {facts.get('town', '')}".strip()
    return [line for line in (facts.get("address_extra", ""), facts.get("street", ""), place) if line]


def _read_company(caisse: CaisseRef, typed: Mapping[str, str]) -> tuple[Someone, ...]:
    section = configuration.get(caisse, EnrolmentSection)
    people = []
    if section.legal_representative:
        values = _clean(person_fields(caisse, mobile=False), typed, "representative-")
        people.append(Someone("representative", **values))
    fields = person_fields(caisse)
    for number in range(1, section.most_delegates + 1):
        prefix = f"delegate-{number}-"
        if number == 1 or any(typed.get(f"{prefix}{name}", "").strip() for name in fields):
            people.append(Someone("delegate", **_clean(fields, typed, prefix)))
    named = [(one.name.casefold(), one.email.casefold()) for one in people if one.role == "delegate"]
    if len(set(named)) != len(named):
        raise DelegateTwice
    return tuple(people)


def _herself(values: Mapping[str, str]) -> Someone:
    return Someone("person", values["given_name"], values["family_name"], values["email"], values.get("mobile", ""))


def _clean(fields: Mapping[str, Kind[Any]], typed: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return the canonical texts; what is missing is named all at once, what is wrong one by one."""
    missing = [kind.label for name, kind in fields.items() if kind.required and not _typed(typed, prefix + name)]
    if missing:
        raise EntriesMissing(fields=", ".join(dict.fromkeys(gettext(label) for label in missing)))
    values = {}
    for name, kind in fields.items():
        try:
            value = kind.clean(_typed(typed, prefix + name)[:1000])
        except FieldFault as fault:
            why = gettext(fault.rule.why) % fault.params
            raise EntryNotValid(field=gettext(kind.label), why=why) from None
        values[name] = "" if value is None else kind.to_text(value)
    return values


def _typed(typed: Mapping[str, str], name: str) -> str:
    return typed.get(name, "").strip()
