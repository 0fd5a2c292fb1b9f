"""Field kinds of Djibouti: the registration numbers that the CNSS gives to employers and insured persons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from core.declare.faults import FieldFault
from core.declare.kinds import Kind, SqlColumn, Widget
from core.declare.texts import squeeze
from core.jurisdictions.dj import faults as _faults  # noqa: F401 -- registers the texts of the code below

# No public rule says how many digits there are, or that one of them checks the others: to be confirmed by the CNSS.
_FEWEST, _MOST = 3, 12


@dataclass(frozen=True, kw_only=True)
class RegistrationNumber(Kind[str]):
    """A number of the CNSS: digits only, kept without leading blanks, points or dashes. Its form is to be confirmed."""

    examples: tuple[str, ...] = ("104523",)

    name: ClassVar[str] = "dj_registration"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        digits = re.sub(r"[.\-–/ ]", "", squeeze(text))
        if not re.fullmatch(f"[0-9]{{{_FEWEST},{_MOST}}}", digits):
            raise FieldFault("dj_registration_unreadable")
        return digits

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^[0-9]{{{_FEWEST},{_MOST}}}$"}

    def widget(self) -> Widget:
        return Widget(inputmode="numeric")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=_MOST)
