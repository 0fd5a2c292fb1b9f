"""French field kinds: SIREN and SIRET of companies, NIR of insured persons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from core.declare.faults import FieldFault
from core.declare.kinds import Kind, SqlColumn, Widget
from core.declare.texts import squeeze
from core.jurisdictions.fr import faults as _faults  # noqa: F401 -- registers the texts of the codes below

_BETWEEN = re.compile(r"[.\-– ]")


def _compact(text: str) -> str:
    return _BETWEEN.sub("", squeeze(text)).upper()


@dataclass(frozen=True, kw_only=True)
class Siren(Kind[str]):
    """The number of a company in the register SIRENE: nine digits, the last one a check digit (Luhn)."""

    source: str = "C. com. art. R123-221"
    examples: tuple[str, ...] = ("732 829 320",)

    name: ClassVar[str] = "siren"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        from stdnum.fr import siren  # noqa: PLC0415 -- brings ssl and pydoc, which the parsing child need not load

        digits = _compact(text)
        if not re.fullmatch("[0-9]{9}", digits):
            raise FieldFault("siren_unreadable")
        if not siren.is_valid(digits):
            raise FieldFault("siren_check_digit")
        return digits

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- one form in the whole country
        return f"{value[:3]} {value[3:6]} {value[6:]}"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{9}$"}

    def widget(self) -> Widget:
        return Widget(inputmode="numeric")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=9)


@dataclass(frozen=True, kw_only=True)
class Siret(Kind[str]):
    """The number of an establishment: the company's SIREN, five digits of the place, the last one a check digit."""

    source: str = "C. com. art. R123-221"
    examples: tuple[str, ...] = ("732 829 320 00074",)

    name: ClassVar[str] = "siret"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        from stdnum.fr import siret  # noqa: PLC0415 -- brings ssl and pydoc, which the parsing child need not load

        digits = _compact(text)
        if not re.fullmatch("[0-9]{14}", digits):
            raise FieldFault("siret_unreadable")
        if not siret.is_valid(digits):
            raise FieldFault("siret_check_digit")
        return digits

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- one form in the whole country
        return f"{value[:3]} {value[3:6]} {value[6:9]} {value[9:]}"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{14}$"}

    def widget(self) -> Widget:
        return Widget(inputmode="numeric")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=14)


@dataclass(frozen=True, kw_only=True)
class Nir(Kind[str]):
    """The number of an insured person (NIR): thirteen signs and a key of two digits; Corsica has 2A and 2B."""

    source: str = "CSS art. R115-1"
    examples: tuple[str, ...] = ("2 95 10 99 126 111 93",)

    name: ClassVar[str] = "nir"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        from stdnum.fr import nir  # noqa: PLC0415 -- brings ssl and pydoc, which the parsing child need not load

        compact = _compact(text)
        if not re.fullmatch("[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", compact):
            raise FieldFault("nir_unreadable")
        if not nir.is_valid(compact):
            raise FieldFault("nir_check_digits")
        return compact

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- one form in the whole country
        cuts = (0, 1, 3, 5, 7, 10, 13, 15)
        return " ".join(value[begin:end] for begin, end in pairwise(cuts))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}$"}

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=15)
