"""Swiss field kinds: OASI number, UID, canton, and the short lists of the salary standard."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from core.declare.faults import FieldFault
from core.declare.kinds import Choice, Kind, SheetColumn, SqlColumn, Text, Widget
from core.declare.texts import APOSTROPHES, squeeze
from core.jurisdictions.ch import faults as _faults  # noqa: F401 -- registers the texts of the codes below
from core.jurisdictions.ch.cantons import canton_name, cantons
from core.jurisdictions.ch.checkdigits import AVS_DIGITS, avs_check_digit_fits, uid_check_digit_fits
from core.kernel.text import N_
from core.kernel.text import Text as Msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "756"
ABROAD = "EX"
_SEPARATORS = re.compile(f"[.\\-–{re.escape(APOSTROPHES)}]")
_WITH_POINT = re.compile(r"([0-9]{13})[.,]0+")
_MACHINE = re.compile(r"([0-9])[.,]?([0-9]*)[eE]\+?12")
_MACHINE_DIGITS = 10  # fewer digits behind the point mean that the rest was rounded away
_OLD = re.compile(r"(?!756)[0-9]{11}")
_UID = re.compile(r"(?:CHE)?([0-9]{9})(?:MWST|TVA|IVA|VAT|HR)?")


@dataclass(frozen=True, kw_only=True)
class AvsNumber(Kind[str]):
    """The OASI number: 756, nine digits, a check digit (EAN-13). Kept as 13 digits, shown in groups."""

    source: str = "LAVS/AHVG art. 50c"
    autocomplete: str = "off"
    examples: tuple[str, ...] = ("756.9217.0769.85",)

    name: ClassVar[str] = "avs_number"
    column: ClassVar[str] = "core.jurisdictions.ch.columns:AvsColumn"

    def read(self, text: str) -> str:
        digits = _digits_of(text)
        if not re.fullmatch(f"[0-9]{{{AVS_DIGITS}}}", digits):
            raise FieldFault("avs_old" if _OLD.fullmatch(digits) else "avs_unreadable")
        if not digits.startswith(PREFIX):
            raise FieldFault("avs_prefix")
        if not avs_check_digit_fits(digits):
            raise FieldFault("avs_check_digit")
        return digits

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- one form in the whole country
        return f"{value[:3]}.{value[3:7]}.{value[7:11]}.{value[11:]}"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^756[0-9]{10}$"}

    def widget(self) -> Widget:
        return Widget(inputmode="numeric", placeholder="756.____.____.__")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=AVS_DIGITS)

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(width=18)


def _digits_of(text: str) -> str:
    """Return the digits without separators, also where a spreadsheet made a decimal number of them."""
    if found := _WITH_POINT.fullmatch(text):
        return found[1]
    if found := _MACHINE.fullmatch(text):
        if len(found[2]) < _MACHINE_DIGITS:
            raise FieldFault("digits_lost")
        return f"{found[1]}{found[2]:0<12}"
    return _SEPARATORS.sub("", squeeze(text))


@dataclass(frozen=True, kw_only=True)
class Uid(Kind[str]):
    """The company number of the UID register; kept as ``CHE107787577``, shown as ``CHE-107.787.577``."""

    source: str = "LIDE/UIDG art. 3"
    examples: tuple[str, ...] = ("CHE-107.787.577",)

    name: ClassVar[str] = "uid"
    column: ClassVar[str] = "core.declare.columns:ScalarColumn"

    def read(self, text: str) -> str:
        found = _UID.fullmatch(_SEPARATORS.sub("", squeeze(text)).upper())
        if found is None:
            raise FieldFault("uid_unreadable")
        if not uid_check_digit_fits(found[1]):
            raise FieldFault("uid_check_digit")
        return f"CHE{found[1]}"

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- one form in the whole country
        return f"CHE-{value[3:6]}.{value[6:9]}.{value[9:]}"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^CHE[0-9]{9}$"}

    def widget(self) -> Widget:
        return Widget(placeholder="CHE-___.___.___")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=12)


def _canton_choices() -> dict[str, Msgid]:
    return {code: Msgid(names["en"]) for code, names in cantons().items()}


def _canton_words() -> dict[str, str]:
    return {name: code for code, names in cantons().items() for name in names.values()}


@dataclass(frozen=True, kw_only=True)
class Canton(Choice):
    """One of the 26 cantons by its code; their names in four languages are read too."""

    choices: Mapping[str, Msgid] = field(default_factory=_canton_choices, hash=False)
    spoken: Mapping[str, str] = field(default_factory=_canton_words, hash=False)

    name: ClassVar[str] = "canton"

    def show(self, value: str, language: str) -> str:
        return canton_name(value, language)

    def widget(self) -> Widget:
        return Widget(control="select")


@dataclass(frozen=True, kw_only=True)
class ResidenceCanton(Canton):
    """A canton, or ``EX`` for a residence abroad."""

    choices: Mapping[str, Msgid] = field(default_factory=lambda: _canton_choices() | {ABROAD: N_("Abroad")}, hash=False)
    spoken: Mapping[str, str] = field(
        default_factory=lambda: _canton_words() | dict.fromkeys(("étranger", "Ausland", "estero", "abroad"), ABROAD),
        hash=False,
    )

    name: ClassVar[str] = "residence_canton"

    def show(self, value: str, language: str) -> str:
        return self.choices[value] if value == ABROAD else super().show(value, language)


@dataclass(frozen=True, kw_only=True)
class Sex(Choice):
    """Female or male, as the salary standard and the register of insured persons know it."""

    choices: Mapping[str, Msgid] = field(default_factory=lambda: {"F": N_("female"), "M": N_("male")}, hash=False)
    spoken: Mapping[str, str] = field(
        default_factory=lambda: (
            dict.fromkeys(("w", "weiblich", "féminin", "femme", "femminile", "donna", "frau", "female", "2"), "F")
            | dict.fromkeys(("h", "männlich", "masculin", "homme", "maschile", "uomo", "mann", "male", "1"), "M")
        ),
        hash=False,
    )

    name: ClassVar[str] = "sex"


def _civil_statuses() -> dict[str, Msgid]:
    return {
        "single": N_("single"),
        "married": N_("married"),
        "widowed": N_("widowed"),
        "divorced": N_("divorced"),
        "separated": N_("separated"),
        "registeredPartnership": N_("registered partnership"),
        "partnershipDissolvedByLaw": N_("partnership dissolved by law"),
        "partnershipDissolvedByDeath": N_("partnership dissolved by death"),
        "partnershipDissolvedByDeclarationOfLost": N_("partnership dissolved by declaration of disappearance"),
        "unknown": N_("unknown"),
    }


@dataclass(frozen=True, kw_only=True)
class CivilStatus(Choice):
    """Civil status, with the codes of the salary standard ELM."""

    choices: Mapping[str, Msgid] = field(default_factory=_civil_statuses, hash=False)

    name: ClassVar[str] = "civil_status"


@dataclass(frozen=True, kw_only=True)
class PostalCode(Text):
    """A Swiss postal code of four digits."""

    pattern: str = "[1-9][0-9]{3}"
    max_length: int = 4
    autocomplete: str = "postal-code"
    examples: tuple[str, ...] = ("1003",)

    name: ClassVar[str] = "postal_code"

    def widget(self) -> Widget:
        return Widget(inputmode="numeric", maxlength=self.max_length)


@dataclass(frozen=True, kw_only=True)
class BranchNumber(Text):
    """The number of a compensation office and its branch, such as ``026.000``."""

    pattern: str = r"(?:[1-9][0-9]{2}|[0-9][1-9][0-9]|[0-9]{2}[1-9])\.[0-9]{3}"
    max_length: int = 7
    examples: tuple[str, ...] = ("026.000",)

    name: ClassVar[str] = "branch_number"
