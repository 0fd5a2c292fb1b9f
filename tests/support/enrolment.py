"""What applicants do and read, for tests of enrolment."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from core.accounts.models import Party
from core.configuration import services
from core.configuration.sections import LocaleSection
from core.enrolment.models import Application
from core.enrolment.section import EnrolmentSection
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support.outbox import send_out

if TYPE_CHECKING:
    from django.test import Client

    from tenants.scope import CaisseRef

SIRET, OTHER_SIRET, WRONG_SIRET = "732 829 320 00074", "552 100 554 00013", "732 829 320 00075"
AVS, AVS_SHOWN, BORN = "7569217076985", "756.9217.0769.85", date(1990, 5, 4)
DETAILS = {
    "name": "Ateliers du Port",
    "street": "Quai 1",
    "postcode": "13002",
    "town": "Marseille",
    "email": "contact@ateliers.example",
    "representative-given_name": "Jeanne",
    "representative-family_name": "Patronne",
    "delegate-1-given_name": "Karim",
    "delegate-1-family_name": "Paie",
    "delegate-1-mobile": "+33612345678",
    "delegate-2-given_name": "Lucie",
    "delegate-2-family_name": "Compta",
    "delegate-2-mobile": "+33612345679",
    "certified": "yes",
    "certified_shown": "1",
}


def set_enrolment(caisse: CaisseRef, *, jurisdiction: str = "", **values: Any) -> None:
    """Set the section, and the jurisdiction where another one than the Swiss is wanted."""
    sections: list[Any] = [EnrolmentSection(**values)]
    if jurisdiction:
        country = jurisdiction.upper()
        sections.append(LocaleSection(country=country, jurisdiction=jurisdiction, currency="EUR"))
    with tenant_transaction(caisse):
        services.change_sections(actor=Actor.system("test"), sections=sections)


def make_company(number: str = "73282932000074", **values: Any) -> Party:
    """Make a company that nobody acts for, within the open scope."""
    defaults = {"kind": "employer", "name": "Ateliers du Port", "created_at": clock.now()}
    return Party.objects.create(**{**defaults, "number": number, **values})


def make_person(**values: Any) -> Party:
    """Make an insured person whom the caisse knows, within the open scope."""
    defaults = {"kind": "insured", "number": AVS, "name": "Nina Exemple", "birth_date": BORN, "created_at": clock.now()}
    address = {"street": "Rue 2", "postcode": "1700", "town": "Fribourg", "country": "CH"}
    return Party.objects.create(**{**defaults, **address, **values})


def read_charter(page: Any) -> dict[str, str]:
    """Return the hidden fields of the charter's page."""
    text = page.content.decode()
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', text)[1]  # type: ignore[index]
        for name in ("version", "language", "sha256")
    }


def walk_to_code(client: Client, number: str = SIRET, **details: str) -> None:
    """Fill the form in up to the code by e-mail."""
    client.post("/join/", {"kind": "employer", "number": number})
    charter = read_charter(client.get("/join/"))
    client.post("/join/charter/", {**charter, "answer": "accept"})
    client.post("/join/details/", {**DETAILS, **details})


def read_texts(caisse: CaisseRef, kind: str = "mail") -> list[dict[str, Any]]:
    """Return every mail or letter that would have left, oldest first."""
    return send_out(caisse, kind)


def read_code(caisse: CaisseRef) -> str:
    """Return the six digits of the newest mail that has some."""
    found = [re.search(r"\b(\d{6})\b", one["text"]) for one in read_texts(caisse)]
    return [one[1] for one in found if one][-1]


def apply(caisse: CaisseRef, client: Client, number: str = SIRET, **details: str) -> Any:
    """Hand an application in, and return the last answer."""
    walk_to_code(client, number, **details)
    return client.post("/join/confirm/", {"code": read_code(caisse)})


def newest(caisse: CaisseRef) -> Application:
    """Return the newest application."""
    with tenant_transaction(caisse):
        return Application.objects.select_related("party").order_by("-created_at", "-id")[0]
