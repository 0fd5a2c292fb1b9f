"""What every field kind is: what is told about a field, and how its value is read, kept and shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

from pydantic_core import PydanticCustomError, core_schema

from core.declare.faults import FieldFault
from core.declare.texts import strip
from core.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetCoreSchemaHandler

V = TypeVar("V")
NOTHING = Text("")
Filler = Literal["employer", "beneficiary", "caisse"]
EVERYBODY: frozenset[Filler] = frozenset({"employer", "beneficiary", "caisse"})
Json = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Widget:
    """How a page asks for the entry. ``control``: text, textarea, select, radio, checkbox or document."""

    control: str = "text"
    inputmode: str = "text"
    placeholder: str = ""
    maxlength: int | None = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column's type: text (with a length), numeric, integer, smallint, bigint, date, boolean or uuid."""

    type: str
    length: int | None = None
    precision: int = 0
    scale: int = 0


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """How a spreadsheet shows and bounds a column; ``choices`` become a list to pick from."""

    number_format: str = "@"
    width: int = 20
    align: Literal["left", "right"] = "left"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[V]):
    """A field of a declaration.

    ``label``, ``help`` and ``unit`` are message identifiers; ``source`` is the legal source.
    ``headings`` gives the spreadsheet's header per language where it differs from the label;
    ``aliases`` are further headers that a reader recognises.
    """

    label: Text
    help: Text = NOTHING
    unit: Text = NOTHING
    source: str = ""
    filled_by: Filler = "employer"
    readable_by: frozenset[Filler] = EVERYBODY
    released_by_decision: bool = False
    required: bool = True
    examples: tuple[str, ...] = ()
    autocomplete: str = "off"
    headings: Mapping[str, str] = field(default_factory=dict, hash=False)
    aliases: tuple[str, ...] = ()

    name: ClassVar[str]
    # "module:Class" of the kind's polars side; a string, so that a web process never imports polars.
    column: ClassVar[str] = "core.declare.columns:TextColumn"

    def clean(self, raw: object) -> V | None:
        """Return the canonical value of what was typed, read or sent; None for an empty entry.

        Raises ``FieldFault``: ``required``, ``value_unreadable``, or what the kind finds wrong. The
        fault's params always hold the entry as ``text``.
        """
        text = text_of(raw)
        if text == "":
            return self.empty()
        try:
            return self.read(text)
        except FieldFault as fault:
            fault.params = {"text": text, **fault.params}
            raise

    def empty(self) -> V | None:
        """Return what an empty entry means."""
        if self.required:
            raise FieldFault("required", text="", label=self.label)
        return None

    def read(self, text: str) -> V:
        """Return the value of a text that is not empty and has no blanks around it."""
        raise NotImplementedError

    def to_text(self, value: V) -> str:
        """Return the canonical text, which :meth:`clean` reads back to the same value."""
        return str(value)

    def to_json(self, value: V) -> Json:
        """Return the value as JSON carries it; amounts are strings, so that no float touches them."""
        return self.to_text(value)

    def display(self, value: V | None, language: str) -> str:
        """Return the value for people; a :class:`Text` is still to be translated by the page."""
        return "" if value is None else self.show(value, language)

    def show(self, value: V, language: str) -> str:  # noqa: ARG002 -- figures override it
        """Return a value that is there in the forms of ``language`` (``fr``, ``de-CH`` ...)."""
        return self.to_text(value)

    def options(self, language: str) -> list[tuple[str, str]]:  # noqa: ARG002 -- kinds with choices override it
        """Return value and label of each choice; a label that is a :class:`Text` is still to be translated."""
        return []

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON schema of the canonical form; more spellings are accepted."""
        return {"type": "string"}

    def widget(self) -> Widget:
        """Return how a page asks for it."""
        return Widget()

    def sql_column(self) -> SqlColumn:
        """Return how a row table stores it."""
        return SqlColumn("text", length=200)

    def sheet_column(self) -> SheetColumn:
        """Return how a spreadsheet shows it."""
        return SheetColumn()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Let pydantic ask this kind, and nobody else, whether a value is right."""
        return core_schema.no_info_plain_validator_function(
            self._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(self._serialise),
        )

    def _validate(self, raw: object) -> V | None:
        try:
            return self.clean(raw)
        except FieldFault as fault:
            raise PydanticCustomError(fault.code, fault.rule.why, fault.params) from None

    def _serialise(self, value: V | None) -> Json:
        return None if value is None else self.to_json(value)


def text_of(raw: object) -> str:
    """Return any plain value as the text that a person could have typed, without blanks around it."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return strip(raw)
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | float | Decimal | UUID):
        return str(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    if hasattr(raw, "first") and hasattr(raw, "last"):
        return f"{raw.first.isoformat()}/{raw.last.isoformat()}"
    raise FieldFault("value_unreadable", text="")
