"""What a table that goes out must know of its columns, and what may stand in its cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

Cell = str | int | float | Decimal | bool | date | datetime | None
Style = Literal["text", "integer", "amount", "date", "moment"]


class TemplateColumn(Protocol):
    """A column of a template, in one language; texts are translated.

    ``number_format`` is the spreadsheet's, ``@`` for text; ``choices`` become a list to pick from.
    """

    @property
    def name(self) -> str:
        """The field."""

    @property
    def heading(self) -> str:
        """What the first row says; the reader knows it again."""

    @property
    def help(self) -> str:
        """What to enter."""

    @property
    def example(self) -> str:
        """One entry as it may be typed."""

    @property
    def required(self) -> bool:
        """Whether a row without it is incomplete."""

    @property
    def number_format(self) -> str:
        """How a spreadsheet shows it."""

    @property
    def width(self) -> int:
        """How many characters fit."""

    @property
    def choices(self) -> Sequence[str]:
        """The entries there are; empty where anything may be written."""

    @property
    def legend(self) -> Sequence[str]:
        """The same with what each means."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list; ``style`` says how its cells are shown, ``width`` is in characters."""

    heading: str
    style: Style = "text"
    width: int = 18
    wrapped: bool = False
