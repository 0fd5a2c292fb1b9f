"""How the parsing child reads a list of numbers; imported there only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from core.declare.declaration import Row
from core.declare.kinds import Text
from core.intake.plans import Checked, IntakePlan
from core.kernel.text import N_

if TYPE_CHECKING:
    from core.intake.plans import CheckInput


class NumberRow(Row):
    """A party's number."""

    number: Annotated[
        str,
        Text(
            label=N_("Number"),
            headings={"fr": "Numéro", "de": "Nummer", "it": "Numero", "en": "Number"},
            aliases=(
                "No", "N°", "Nr.", "Nr", "Num", "Party", "Affilié", "No d'affilié", "Numéro d'affilié", "Mitglied",
                "Mitgliednummer", "Abrechnungsnummer", "Abr.-Nr.", "Affiliato", "No AVS", "AHV-Nummer", "AHVNr",
            ),
        ),
    ]  # fmt: skip


def check(_given: CheckInput) -> Checked:
    """Find nothing: whether a number is known is asked of the caisse's own list."""
    return Checked([], {})


PLAN = IntakePlan(rows=NumberRow, check=check)
