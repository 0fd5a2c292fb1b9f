"""Kinds with few values: a choice from a list, and yes or no."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from core.declare.faults import FieldFault
from core.declare.kinds.base import Json, Kind, SheetColumn, SqlColumn, Widget
from core.declare.texts import fold
from core.kernel.text import N_
from core.kernel.text import Text as Msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

YES, NO = N_("Yes"), N_("No")
FEW = 3
CHOICES_NAMED = 12
TRUE_WORDS = frozenset({"true", "1", "x", "yes", "y", "oui", "o", "ja", "j", "si", "s", "vrai", "wahr", "vero"})
FALSE_WORDS = frozenset({"false", "0", "no", "n", "non", "nein", "faux", "falsch", "falso"})


@dataclass(frozen=True, kw_only=True)
class Choice(Kind[str]):
    """One of ``choices`` (value to label). ``spoken`` maps what people write in any language to a value."""

    choices: Mapping[str, Msgid] = field(hash=False)
    spoken: Mapping[str, str] = field(default_factory=dict, hash=False)

    name: ClassVar[str] = "choice"
    column: ClassVar[str] = "core.declare.columns:ChoiceColumn"

    def read(self, text: str) -> str:
        if text in self.choices:
            return text
        value = self._folded.get(fold(text))
        if value is None:
            named = list(self.choices)[:CHOICES_NAMED]
            more = ["…"] if len(self.choices) > CHOICES_NAMED else []
            raise FieldFault("choice_unknown", choices=", ".join([*named, *more]))
        return value

    @cached_property
    def _folded(self) -> dict[str, str]:
        """Every accepted spelling in folded form; a value beats a spoken word beats a label."""
        labels = {fold(label): value for value, label in self.choices.items()}
        spoken = {fold(word): value for word, value in self.spoken.items()}
        values = {fold(value): value for value in self.choices}
        found = labels | spoken | values
        found.pop("", None)
        return found

    def show(self, value: str, language: str) -> str:  # noqa: ARG002 -- the page translates the label
        return self.choices.get(value, Msgid(value))

    def options(self, language: str) -> list[tuple[str, str]]:
        return [(value, self.show(value, language)) for value in self.choices]

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    def widget(self) -> Widget:
        return Widget(control="radio" if len(self.choices) <= FEW else "select")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("text", length=max(len(value) for value in self.choices))

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(width=12, choices=tuple(self.choices))


@dataclass(frozen=True, kw_only=True)
class Boolean(Kind[bool]):
    """Yes or no. With ``empty_is_no`` it is a tick: an empty cell or box means no."""

    empty_is_no: bool = False

    name: ClassVar[str] = "boolean"
    column: ClassVar[str] = "core.declare.columns:BooleanColumn"

    def empty(self) -> bool | None:
        return False if self.empty_is_no else super().empty()

    def read(self, text: str) -> bool:
        word = fold(text.removesuffix(".0")) or ("x" if text in TICKS else "")
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        raise FieldFault("boolean_unreadable")

    def to_text(self, value: bool) -> str:  # noqa: FBT001 -- the value itself is a boolean
        return "true" if value else "false"

    def to_json(self, value: bool) -> Json:  # noqa: FBT001 -- the value itself is a boolean
        return value

    def show(self, value: bool, language: str) -> str:  # noqa: ARG002, FBT001 -- the page translates yes and no
        return YES if value else NO

    def options(self, language: str) -> list[tuple[str, str]]:  # noqa: ARG002 -- the page translates yes and no
        return [("true", YES), ("false", NO)]

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def widget(self) -> Widget:
        return Widget(control="checkbox" if self.empty_is_no else "radio")

    def sql_column(self) -> SqlColumn:
        return SqlColumn("boolean")

    def sheet_column(self) -> SheetColumn:
        return SheetColumn(width=8, choices=("x",) if self.empty_is_no else ())


TICKS = frozenset({"✓", "✔", "☑", "☒", "✗", "✘"})
