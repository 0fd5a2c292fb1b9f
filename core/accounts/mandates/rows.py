"""One line of a list of mandates: with whom, in what, and for how long."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from core.declare.declaration import Fieldset, Row
from core.declare.kinds import Choice, Date, Text
from core.kernel.text import N_

KINDS = {
    "employer": N_("Employer"),
    "agent": N_("Agent (fiduciary)"),
    "insured": N_("Insured person"),
    "self_employed": N_("Self-employed person"),
}
RIGHTS = {"act": N_("read and act"), "read": N_("read only")}


class MandateRow(Row):
    """A party by number, and the terms; what is left empty means all themes, acting, from today, without end."""

    fieldsets: ClassVar[tuple[Fieldset, ...]] = (
        Fieldset(N_("Mandates"), ("number", "kind", "themes", "right", "valid_from", "valid_until")),
    )

    number: Annotated[
        str,
        Text(
            label=N_("Number"),
            help=N_("As the caisse writes it."),
            max_length=40,
            headings={"de": "Nummer", "fr": "Numéro", "it": "Numero", "en": "Number"},
            aliases=("No", "Nr.", "N°"),
            examples=("100-2211.4",),
        ),
    ]
    kind: Annotated[
        str | None,
        Choice(
            label=N_("Kind"),
            help=N_("Empty: an employer."),
            required=False,
            choices=KINDS,
            spoken={
                "Employeur": "employer", "Arbeitgeber": "employer", "Datore di lavoro": "employer",
                "Mandataire (fiduciaire)": "agent", "Vertretung (Treuhand)": "agent",
                "Mandatario (fiduciaria)": "agent", "Fiduciaire": "agent", "Treuhand": "agent", "Fiduciaria": "agent",
                "Personne assurée": "insured", "Versicherte Person": "insured", "Persona assicurata": "insured",
                "Indépendant": "self_employed", "Selbständigerwerbende Person": "self_employed",
                "Indipendente": "self_employed",
            },
            headings={"de": "Art", "fr": "Genre", "it": "Genere", "en": "Kind"},
        ),
    ] = None  # fmt: skip
    themes: Annotated[
        str | None,
        Text(
            label=N_("Themes"),
            help=N_("Names of themes, parted by semicolons. Empty: all themes."),
            required=False,
            max_length=400,
            headings={"de": "Themen", "fr": "Thèmes", "it": "Temi", "en": "Themes"},
        ),
    ] = None
    right: Annotated[
        str | None,
        Choice(
            label=N_("Right"),
            help=N_("Empty: read and act."),
            required=False,
            choices=RIGHTS,
            spoken={
                "lire et agir": "act", "lesen und handeln": "act", "leggere e agire": "act",
                "lire seulement": "read", "nur lesen": "read", "solo leggere": "read",
            },
            headings={"de": "Recht", "fr": "Droit", "it": "Diritto", "en": "Right"},
        ),
    ] = None  # fmt: skip
    valid_from: Annotated[
        date | None,
        Date(
            label=N_("From"),
            help=N_("Empty: from today."),
            required=False,
            headings={"de": "Von", "fr": "Du", "it": "Dal", "en": "From"},
        ),
    ] = None
    valid_until: Annotated[
        date | None,
        Date(
            label=N_("Until"),
            help=N_("Empty: without end."),
            required=False,
            headings={"de": "Bis", "fr": "Jusqu’au", "it": "Fino al", "en": "Until"},
            aliases=("Au", "Jusqu'au"),
        ),
    ] = None
