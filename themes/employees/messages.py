"""What an employer announces about one employee; each announcement is declared once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from core.declare.declaration import Declaration, Fieldset
from core.declare.kinds import Choice, Date, Email, LongText, Money, Percent, Text
from core.jurisdictions.ch.kinds import AvsNumber, Canton, Sex
from core.kernel.text import N_

OASI = "RAVS art. 136 (RS 831.101)"
CIVIL_STATUS = {
    "single": N_("Single"),
    "married": N_("Married"),
    "registeredPartnership": N_("Registered partnership"),
    "separated": N_("Separated"),
    "divorced": N_("Divorced"),
    "widowed": N_("Widowed"),
    "unknown": N_("Not known"),
}
EXIT_REASONS = {
    "withdrawal": N_("Has left the company"),
    "retirement": N_("Retirement"),
    "death": N_("Death"),
    "other": N_("Another reason"),
}
DUPLICATE_REASONS = {
    "lost": N_("Lost or stolen"),
    "damaged": N_("Damaged"),
    "name": N_("The name has changed"),
    "never": N_("Never received"),
}

Number = Annotated[str, AvsNumber(label=N_("AHV number"), help=N_("13 digits, on the insurance card."))]
LastName = Annotated[str, Text(label=N_("Last name"), max_length=100)]
FirstName = Annotated[str, Text(label=N_("First name"), max_length=100)]
BirthDate = Annotated[date, Date(label=N_("Date of birth"), earliest=date(1900, 1, 1), latest=date(2099, 12, 31))]
Remark = Annotated[str | None, LongText(label=N_("Remark"), required=False, max_length=2000)]


class Entry(Declaration):
    """An employee who begins work."""

    fieldsets: ClassVar[tuple[Fieldset, ...]] = (
        Fieldset(
            N_("Person"), ("ahv_number", "last_name", "first_name", "birth_date", "sex", "nationality", "civil_status")
        ),
        Fieldset(N_("Work"), ("entry_date", "canton", "activity_rate", "annual_wage")),
        Fieldset(N_("Further"), ("email", "remark")),
    )

    ahv_number: Annotated[
        str | None,
        AvsNumber(
            label=N_("AHV number"),
            required=False,
            help=N_(
                "Leave it empty if the person has none yet; then we ask for one. Announce such a person within 30 days."
            ),
            source=OASI,
        ),
    ] = None
    last_name: LastName
    first_name: FirstName
    birth_date: BirthDate
    sex: Annotated[str, Sex(label=N_("Sex"))]
    nationality: Annotated[
        str,
        Text(
            label=N_("Nationality"),
            help=N_("Two letters, such as CH, FR, IT."),
            max_length=2,
            pattern="[A-Z]{2}",
            examples=("CH",),
        ),
    ]
    civil_status: Annotated[str | None, Choice(label=N_("Civil status"), required=False, choices=CIVIL_STATUS)] = None
    entry_date: Annotated[date, Date(label=N_("First day of work"))]
    canton: Annotated[str, Canton(label=N_("Canton of work"), help=N_("Where the person works, not where she lives."))]
    activity_rate: Annotated[Decimal | None, Percent(label=N_("Activity rate"), required=False)] = None
    annual_wage: Annotated[
        Decimal | None, Money(label=N_("Expected yearly wage"), required=False, currency="CHF", minimum=Decimal(0))
    ] = None
    email: Annotated[str | None, Email(label=N_("E-mail of the person"), required=False)] = None
    remark: Remark = None


class Exit(Declaration):
    """An employee who leaves."""

    ahv_number: Number
    last_name: LastName
    first_name: FirstName
    birth_date: BirthDate
    exit_date: Annotated[date, Date(label=N_("Last day of work"))]
    reason: Annotated[str, Choice(label=N_("Reason"), choices=EXIT_REASONS)]
    last_wage: Annotated[
        Decimal | None,
        Money(label=N_("AHV wage of the year until the exit"), required=False, currency="CHF"),
    ] = None
    remark: Remark = None


class Change(Declaration):
    """Personal data that have changed; only what changed is filled in."""

    fieldsets: ClassVar[tuple[Fieldset, ...]] = (
        Fieldset(N_("Person as known until now"), ("ahv_number", "last_name", "first_name", "birth_date")),
        Fieldset(
            N_("What has changed"),
            ("valid_from", "new_last_name", "new_first_name", "new_birth_date", "new_civil_status", "new_canton"),
            N_("Fill in only what has changed."),
        ),
        Fieldset(N_("Further"), ("remark",)),
    )

    ahv_number: Number
    last_name: LastName
    first_name: FirstName
    birth_date: BirthDate
    valid_from: Annotated[date, Date(label=N_("Valid from"))]
    new_last_name: Annotated[str | None, Text(label=N_("New last name"), required=False, max_length=100)] = None
    new_first_name: Annotated[str | None, Text(label=N_("New first name"), required=False, max_length=100)] = None
    new_birth_date: Annotated[date | None, Date(label=N_("Corrected date of birth"), required=False)] = None
    new_civil_status: Annotated[
        str | None, Choice(label=N_("New civil status"), required=False, choices=CIVIL_STATUS)
    ] = None
    new_canton: Annotated[str | None, Canton(label=N_("New canton of work"), required=False)] = None
    remark: Remark = None


class Duplicate(Declaration):
    """A new copy of the insurance certificate."""

    ahv_number: Number
    last_name: LastName
    first_name: FirstName
    birth_date: BirthDate
    reason: Annotated[str, Choice(label=N_("Reason"), choices=DUPLICATE_REASONS)]
    remark: Remark = None
