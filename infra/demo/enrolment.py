"""The demo's enrolment: an application that waits, a company to invite, and a person who can register herself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.accounts.models import Party
from core.enrolment import charter
from core.enrolment.joining import put_in_line
from core.enrolment.models import Application, StaffCode
from core.kernel import clock
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

UID, STAFF_CODE = "CHE102030403", "LACMRAT7"
_ADDRESS = {"street": "Rue de l’Exemple 7", "postcode": "1700", "town": "Fribourg", "country": "CH"}
_PEOPLE = [
    {"role": "representative", "given_name": "Inès", "family_name": "Scieur", "email": "", "mobile": ""},
    {
        "role": "delegate",
        "given_name": "Jonas",
        "family_name": "Rabot",
        "email": "jonas@menuiserie.example",
        "mobile": "+41790000011",
    },
]


def fill(caisse: CaisseRef, employer: Party) -> None:
    """Make them once, after the terms were published; a caisse that has applications is left alone."""
    with tenant_transaction(caisse):
        if Application.objects.exists():
            return
        joiner = _party("employer", "100-5533.2", "Menuiserie du Lac Sàrl", enterprise_number="CHE-102.030.403")
        _party("employer", "100-8812.7", "Garage des Remparts", contact_email="bureau@garage.example")
        _party("insured", "7562046051208", "Mia Rossier", birth_date=date(2004, 5, 12))
        values = {"code": STAFF_CODE, "made_at": clock.now(), "made_by_name": "Anne Exemple"}
        StaffCode.objects.get_or_create(party=employer, defaults=values)
        _apply(caisse, joiner)


def _party(kind: str, number: str, name: str, **values: object) -> Party:
    defaults = {**_ADDRESS, "name": name, "created_at": clock.now(), **values}
    return Party.objects.get_or_create(kind=kind, number=number, defaults=defaults)[0]


def _apply(caisse: CaisseRef, party: Party) -> None:
    text, now = charter.get_charter(caisse, "employer", "fr"), clock.now()
    made = Application.objects.create(
        way="form",
        kind="employer",
        reference="DEMQ4711",
        number=UID,
        name="Menuiserie du Lac",
        facts={"street": "Rue de l’Exemple 9", "postcode": "1700", "town": "Fribourg"},
        people=_PEOPLE,
        email="bureau@menuiserie.example",
        email_confirmed_at=now,
        charter_id=text.version.id,
        charter_language=text.text.language,
        charter_sha256=text.text.sha256,
        accepted_at=now,
        certified_at=now,
        created_at=now,
    )
    put_in_line(made, party)
