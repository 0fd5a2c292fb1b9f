"""The fixed cast of demo and tests: who exists at each caisse, and how they sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.accounts.models import Mandate, MandateRequest, Membership, Party, StaffMember, User
from core.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

PASSWORD = "Lac-de-Morat-2026"  # noqa: S105 -- the demo's, printed at every start
SINCE = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast."""

    key: str
    given_name: str
    family_name: str
    email: str
    mobile: str
    language: str = "fr"


EMPLOYER_ADMIN = Person("anne", "Anne", "Exemple", "anne@fabrique.example", "+41790000001")
COLLEAGUE = Person("beat", "Beat", "Muster", "beat@fabrique.example", "+41790000002", "de")
FIDUCIARY = Person("claire", "Claire", "Fiduciaire", "claire@fiduciaire.example", "+41790000003")
FIDUCIARY_AIDE = Person("dario", "Dario", "Contabile", "dario@fiduciaire.example", "+41790000004", "it")
CLERK = Person("elena", "Elena", "Gestion", "elena@caisse.example", "+41790000005")
SECOND_CLERK = Person("felix", "Felix", "Prüfer", "felix@caisse.example", "+41790000006", "de")
CAISSE_ADMIN = Person("gilles", "Gilles", "Direction", "gilles@caisse.example", "+41790000007")
STRANGER = Person("hugo", "Hugo", "Ailleurs", "hugo@ailleurs.example", "+41790000008")
SECOND_COLLEAGUE = Person("nadia", "Nadia", "Perret", "nadia@fabrique.example", "+41790000009")
# Works in the factory's office, and is insured herself: the menu of roles.
BOTH = Person("ines", "Inès", "Rochat", "ines@fabrique.example", "+41790000010")
GUARDIAN = Person("remo", "Remo", "Beistand", "remo@beistand.example", "+41790000012", "de")
EVERYBODY = (
    EMPLOYER_ADMIN,
    COLLEAGUE,
    SECOND_COLLEAGUE,
    FIDUCIARY,
    FIDUCIARY_AIDE,
    CLERK,
    SECOND_CLERK,
    CAISSE_ADMIN,
    STRANGER,
    BOTH,
    GUARDIAN,
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The rows that were made, by key."""

    users: dict[str, User]
    parties: dict[str, Party]


def make_cast() -> Cast:
    """Make the cast within the open scope of a caisse; who is there already is left as she is."""
    users = {person.key: _user(person) for person in EVERYBODY}
    parties = {
        "factory": _party("employer", "100-9976.9", "Fabrique du Lac SA", "CHE-123.456.788", ["FR", "BE"]),
        "bakery": _party("employer", "100-2211.4", "Boulangerie Rossier Sàrl", "", ["FR"]),
        "fiduciary": _party("agent", "900-1000.1", "Fiduciaire des Alpes SA", "", []),
        "elsewhere": _party("employer", "100-7777.7", "Ailleurs et Fils", "", ["VD"]),
        "ines": _party("insured", "7565550000014", "Inès Rochat", "", ["FR"]),
        "remo": _party("insured", "7565550000021", "Remo Beistand", "", ["FR"]),
        "emil": _party("insured", "7565550000038", "Emil Rossier", "", ["FR"]),
    }
    for own in parties.values():
        _mandate(own, own, "self")
    _mandate(parties["fiduciary"], parties["factory"], "agreement")
    _mandate(parties["fiduciary"], parties["bakery"], "agreement")
    _mandate(parties["remo"], parties["emil"], "law")
    _waiting(parties["elsewhere"], parties["fiduciary"])
    _member(users["anne"], parties["factory"], "administrator")
    _member(users["beat"], parties["factory"], "member", themes=["employees"])
    _member(users["nadia"], parties["factory"], "member", themes=["salary_declaration"])
    _member(users["claire"], parties["fiduciary"], "administrator")
    _member(users["dario"], parties["fiduciary"], "member", clients=[parties["bakery"].id])
    _member(users["hugo"], parties["elsewhere"], "administrator")
    _member(users["ines"], parties["factory"], "member", themes=["employees"])
    _member(users["ines"], parties["ines"], "administrator")
    _member(users["remo"], parties["remo"], "administrator")
    _staff(users["elena"], ["clerk"])
    _staff(users["felix"], ["clerk"])
    _staff(users["gilles"], ["administrator"])
    return Cast(users, parties)


def _user(person: Person) -> User:
    found = User.objects.filter(sign_in_name=person.email).first()
    if found is None:
        found = User(
            sign_in_name=person.email,
            contact_email=person.email,
            given_name=person.given_name,
            family_name=person.family_name,
            language=person.language,
            mobile=person.mobile,
            mobile_confirmed_at=clock.now(),
            password_changed_at=clock.now(),
            created_at=clock.now(),
        )
        found.set_password(PASSWORD)
        found.save()
    return found


def _party(kind: str, number: str, name: str, enterprise_number: str, regions: list[str]) -> Party:
    found, _made = Party.objects.get_or_create(
        kind=kind,
        number=number,
        defaults={
            "name": name,
            "enterprise_number": enterprise_number,
            "regions": regions,
            "street": "Rue de l’Exemple 1",
            "postcode": "1700",
            "town": "Fribourg",
            "country": "CH",
            "created_at": clock.now(),
        },
    )
    return found


def _mandate(acting: Party, party: Party, basis: str) -> None:
    Mandate.objects.get_or_create(
        acting_party=acting,
        for_party=party,
        defaults={
            "basis": basis,
            "may_act": True,
            "valid_from": SINCE,
            "state": "accepted",
            "asked_at": clock.now(),
            "answered_at": clock.now(),
        },
    )


def _waiting(asker: Party, asked: Party) -> None:
    """Let one party wait for the other's answer: the other is to act for it."""
    if not MandateRequest.objects.filter(from_party=asker, to_party=asked).exists():
        MandateRequest.objects.create(
            from_party=asker,
            to_party=asked,
            direction="give",
            other_kind=asked.kind,
            other_number=asked.number,
            proof="answer",
            basis="agreement",
            may_act=True,
            valid_from=clock.today(),
            asked_at=clock.now(),
            asked_by_name=STRANGER.given_name + " " + STRANGER.family_name,
            lapses_at=clock.now() + timedelta(days=60),
        )


def _member(
    user: User, party: Party, role: str, *, themes: Sequence[str] | None = None, clients: Sequence[UUID] | None = None
) -> None:
    Membership.objects.get_or_create(
        user=user,
        party=party,
        defaults={
            "role": role,
            "themes": themes,
            "clients": clients,
            "valid_from": SINCE,
            **_stamps(),
        },
    )


def _stamps() -> dict[str, object]:
    names = {field.name for field in Membership._meta.get_fields()}
    return {name: clock.now() for name in ("created_at", "granted_at", "invited_at") if name in names}


def _staff(user: User, roles: list[str]) -> None:
    StaffMember.objects.get_or_create(user=user, defaults={"roles": roles, "valid_from": SINCE})
