"""One line of a salary list: a person, a period, a canton, and the amounts of the branches of insurance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from core.declare.declaration import Fieldset, Row
from core.declare.kinds import Boolean, Choice, Date, Money, Text
from core.jurisdictions.ch.kinds import AvsNumber, Canton, Sex
from core.kernel.text import N_

CURRENCY = "CHF"
RELATIONS = {
    "unrelated": N_("Not related to the owner"),
    "OwnerWife": N_("Wife of the owner"),
    "OwnerHusband": N_("Husband of the owner"),
    "OwnerBloodRelation": N_("Blood relation of the owner"),
    "OwnerSiblings": N_("Brother or sister of the owner"),
    "OwnerFosterChild": N_("Foster child of the owner"),
    "unknown": N_("Not known"),
}
OASI = "LAVS art. 5 (RS 831.10)"
ALLOWANCES = "LAFam art. 11-12 (RS 836.2)"


class SalaryRow(Row):
    """A person and a period. Without ``period_from`` and ``period_until`` it is the whole accounting year.

    A person has several rows when she left and came back, or reached the reference age in the year.
    """

    fieldsets: ClassVar[tuple[Fieldset, ...]] = (
        Fieldset(
            N_("Person"),
            ("ahv_number", "last_name", "first_name", "birth_date", "sex", "employee_number", "relation"),
        ),
        Fieldset(
            N_("Work"),
            ("canton", "period_from", "period_until", "entry_date", "exit_date", "exit_final"),
        ),
        Fieldset(
            N_("Old-age insurance"),
            ("ahv_income", "ahv_open", "allowance_waived", "previous_year", "previous_income"),
        ),
        Fieldset(N_("Unemployment insurance"), ("alv_income", "alv_open", "alvz_income")),
        Fieldset(N_("Family allowances"), ("fak_income", "family_supplement")),
    )

    ahv_number: Annotated[
        str | None,
        AvsNumber(
            label=N_("AHV number"),
            help=N_("13 digits, on the insurance card. Leave it empty only for somebody who has none yet."),
            required=False,
            headings={"de": "AHVNr", "fr": "No AVS", "it": "No AVS", "en": "AHV number"},
            aliases=(
                "AHV-Nr.", "AHV-Nummer", "AHVN13", "Versichertennummer", "Vers.-Nr.", "SV-Nummer",
                "Sozialversicherungsnummer", "SV-AS-Nummer", "NAVS", "NAVS13", "N° AVS", "Numéro AVS", "AVS",
                "No d'assuré", "Numéro d'assuré", "NSS", "Numero AVS", "N. AVS", "OASI number", "AHV No", "SSN",
            ),
        ),
    ] = None  # fmt: skip
    last_name: Annotated[
        str,
        Text(
            label=N_("Last name"), max_length=100, autocomplete="off",
            headings={"de": "Nachname", "fr": "Nom", "it": "Cognome", "en": "Last name"},
            aliases=("Familienname", "Nom de famille", "Surname", "Family name", "Lastname"),
        ),
    ]  # fmt: skip
    first_name: Annotated[
        str,
        Text(
            label=N_("First name"), max_length=100,
            headings={"de": "Vorname", "fr": "Prénom", "it": "Nome", "en": "First name"},
            aliases=("Vornamen", "Prénoms", "Given name", "Firstname"),
        ),
    ]  # fmt: skip
    birth_date: Annotated[
        date,
        Date(
            label=N_("Date of birth"), earliest=date(1900, 1, 1), latest=date(2099, 12, 31),
            headings={"de": "GebDat", "fr": "Date de naissance", "it": "Data di nascita", "en": "Date of birth"},
            aliases=("Geburtsdatum", "Geb.-Datum", "Geb. Datum", "Geboren", "Né(e) le", "Naissance", "Nato il",
                     "Birth date", "Birthday", "DOB"),
        ),
    ]  # fmt: skip
    sex: Annotated[
        str,
        Sex(
            label=N_("Sex"),
            help=N_("As registered; the reference age depends on it for some years of birth."),
            headings={"de": "Geschlecht", "fr": "Sexe", "it": "Sesso", "en": "Sex"},
            aliases=("m/f", "m/w", "Gender", "Genre", "Geschl."),
        ),
    ]  # fmt: skip
    employee_number: Annotated[
        str | None,
        Text(
            label=N_("Your number for the person"), required=False, max_length=40,
            headings={"de": "Personalnummer", "fr": "Matricule", "it": "Matricola", "en": "Employee number"},
            aliases=("Pers.-Nr.", "PersNr", "Mitarbeiternummer", "No de personnel", "N° employé", "Numéro d'employé",
                     "Numero personale", "Staff number", "Employee ID"),
        ),
    ] = None  # fmt: skip
    relation: Annotated[
        str | None,
        Choice(
            label=N_("Relation to the owner"), required=False, choices=RELATIONS,
            headings={"de": "Verwandtschaft", "fr": "Lien de parenté", "it": "Parentela", "en": "Relation"},
        ),
    ] = None  # fmt: skip
    canton: Annotated[
        str | None,
        Canton(
            label=N_("Canton of work"), required=False, source=ALLOWANCES,
            help=N_("Where the person works, not where she lives."),
            headings={"de": "Kt.", "fr": "Canton", "it": "Cantone", "en": "Canton"},
            aliases=("Kanton", "Arbeitskanton", "Kanton Arbeitsort", "Canton de travail", "Canton du lieu de travail",
                     "Ct.", "Cantone di lavoro", "Canton of work", "Work canton"),
        ),
    ] = None  # fmt: skip
    period_from: Annotated[
        date | None,
        Date(
            label=N_("From"), required=False,
            help=N_("First day paid in the year. Empty means 1 January."),
            headings={"de": "von", "fr": "du", "it": "dal", "en": "from"},
            aliases=("Beschäftigungsdauer von", "Beschäftigt von", "Lohn von", "Periode von", "Période du",
                     "Occupé du", "Début", "de", "Periodo dal", "Period from", "Start"),
        ),
    ] = None  # fmt: skip
    period_until: Annotated[
        date | None,
        Date(
            label=N_("Until"), required=False,
            help=N_("Last day paid in the year. Empty means 31 December."),
            headings={"de": "bis", "fr": "au", "it": "al", "en": "until"},
            aliases=("Beschäftigungsdauer bis", "Beschäftigt bis", "Lohn bis", "Periode bis", "Période au",
                     "Occupé au", "Fin", "à", "jusqu'au", "Periodo al", "Period until", "to", "End"),
        ),
    ] = None  # fmt: skip
    entry_date: Annotated[
        date | None,
        Date(
            label=N_("Entry"), required=False, help=N_("First day of the employment, also of an earlier year."),
            headings={"de": "Eintritt", "fr": "Entrée", "it": "Entrata", "en": "Entry"},
            aliases=("Eintrittsdatum", "Date d'entrée", "Data d'entrata", "Entry date"),
        ),
    ] = None  # fmt: skip
    exit_date: Annotated[
        date | None,
        Date(
            label=N_("Exit date"), required=False, help=N_("Last day of the employment."),
            headings={"de": "Austrittsdatum", "fr": "Date de sortie", "it": "Data d'uscita", "en": "Exit date"},
            aliases=("Austritt am", "Sorti le", "Withdrawal date", "Leaving date"),
        ),
    ] = None  # fmt: skip
    exit_final: Annotated[
        bool | None,
        Boolean(
            label=N_("Has left for good"), required=False, empty_is_no=True,
            headings={"de": "Austritt", "fr": "Sortie", "it": "Uscita", "en": "Exit"},
            aliases=("Austritt definitiv", "Definitiver Austritt", "Sortie définitive", "Left", "Final exit"),
        ),
    ] = None  # fmt: skip
    ahv_income: Annotated[
        Decimal | None,
        Money(
            label=N_("AHV wage"), required=False, currency=CURRENCY, signs=("Fr.",), source=OASI,
            help=N_("Gross, without family allowances and daily benefits; after the reference age only the part "
                    "above the allowance."),
            headings={"de": "AHV-Lohn", "fr": "Salaire AVS", "it": "Salario AVS", "en": "AHV wage"},
            aliases=("AHV Lohn", "AHV-Lohnsumme", "AHV-pflichtiger Lohn", "AHV-Bruttolohn", "Lohn AHV",
                     "Salaire soumis AVS", "Salaire déterminant AVS", "Salaire AVS brut", "Salario soggetto AVS",
                     "OASI wage", "AHV income", "AHV-AVS-Income"),
        ),
    ] = None  # fmt: skip
    ahv_open: Annotated[
        Decimal | None,
        Money(
            label=N_("Exempt wage of a pensioner"), required=False, currency=CURRENCY, source="RAVS art. 6quater",
            minimum=Decimal(0),
            help=N_("The part of the wage below the pensioner's allowance."),
            headings={"de": "AHV-frei", "fr": "Part exonérée AVS", "it": "Esente AVS", "en": "Exempt AHV wage"},
            aliases=("AHV-freier Lohn", "Rentnerfreibetrag", "Freibetrag", "Franchise", "Franchise AVS", "Franchigia",
                     "AHV-AVS-Open"),
        ),
    ] = None  # fmt: skip
    allowance_waived: Annotated[
        bool | None,
        Boolean(
            label=N_("Pensioner's allowance waived"), required=False, empty_is_no=True,
            source="LAVS art. 4 al. 2 let. b",
            headings={"de": "Verzicht Freibetrag", "fr": "Renonciation franchise", "it": "Rinuncia franchigia",
                      "en": "Allowance waived"},
        ),
    ] = None  # fmt: skip
    previous_year: Annotated[
        str | None,
        Text(
            label=N_("Earlier year concerned"), required=False, pattern="[12][0-9]{3}(-[12][0-9]{3})?",
            examples=("2024",), max_length=9,
            help=N_("If a part of the amount belongs to an earlier year: which one."),
            headings={"de": "Vorjahr", "fr": "Année antérieure", "it": "Anno precedente", "en": "Earlier year"},
        ),
    ] = None  # fmt: skip
    previous_income: Annotated[
        Decimal | None,
        Money(
            label=N_("AHV wage for earlier years"), required=False, currency=CURRENCY,
            help=N_("The part of the AHV wage that belongs to the earlier year, also when it is negative."),
            headings={"de": "AHV-Lohn Vorjahr", "fr": "Salaire AVS antérieur", "it": "Salario AVS anni precedenti",
                      "en": "AHV wage earlier years"},
        ),
    ] = None  # fmt: skip
    alv_income: Annotated[
        Decimal | None,
        Money(
            label=N_("ALV wage"), required=False, currency=CURRENCY, signs=("Fr.",), source="LACI art. 3 (RS 837.0)",
            help=N_("The AHV wage up to the ceiling; nothing after the month of the reference age."),
            headings={"de": "ALV-Lohn", "fr": "Salaire AC", "it": "Salario AD", "en": "ALV wage"},
            aliases=("ALV Lohn", "ALV-Lohnsumme", "ALV-pflichtiger Lohn", "Salaire soumis AC", "Salaire AC brut",
                     "Salario soggetto AD", "ALV income", "ALV-AC-Income", "UI wage"),
        ),
    ] = None  # fmt: skip
    alv_open: Annotated[
        Decimal | None,
        Money(
            label=N_("Wage free of ALV"), required=False, currency=CURRENCY, minimum=Decimal(0),
            headings={"de": "ALV-frei", "fr": "Part exonérée AC", "it": "Esente AD", "en": "Exempt ALV wage"},
            aliases=("ALV-AC-Open",),
        ),
    ] = None  # fmt: skip
    alvz_income: Annotated[
        Decimal | None,
        Money(
            label=N_("Wage for the ALV solidarity contribution"), required=False, currency=CURRENCY,
            minimum=Decimal(0), help=N_("Only for years until 2022."),
            headings={"de": "ALVZ-Lohn", "fr": "Salaire ACC", "it": "Salario ADC", "en": "ALVZ wage"},
            aliases=("ALV2-Lohn", "ALVZ-ACS-Income", "Salaire AC2"),
        ),
    ] = None  # fmt: skip
    fak_income: Annotated[
        Decimal | None,
        Money(
            label=N_("Wage for family allowances"), required=False, currency=CURRENCY, source=ALLOWANCES,
            help=N_("Empty means the same as the AHV wage."),
            headings={"de": "FAK-Lohn", "fr": "Salaire CAF", "it": "Salario CAF", "en": "FAK wage"},
            aliases=("FAK Lohn", "Salaire AF", "Salaire soumis CAF", "FAK-CAF-ContributorySalary"),
        ),
    ] = None  # fmt: skip
    family_supplement: Annotated[
        Decimal | None,
        Money(
            label=N_("Family allowances paid"), required=False, currency=CURRENCY, source=ALLOWANCES,
            headings={"de": "Familienzulagen", "fr": "Allocations familiales", "it": "Assegni familiari",
                      "en": "Family allowances"},
            aliases=("Kinderzulagen", "KiZu", "Allocations", "Allocations pour enfants", "Assegni per figli",
                     "Child allowances"),
        ),
    ] = None  # fmt: skip
