"""What a theme and a message type declare about themselves; plain Python, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.db.models import Model

    from core.declare.declaration import Declaration, Row
    from core.kernel.issues import Issue, Rule
    from core.kernel.text import Text


class Kind(StrEnum):
    """What a message is to its reader."""

    ANNOUNCEMENT = "announcement"
    REQUEST = "request"
    NOTICE = "notice"


class WayIn(StrEnum):
    """How rows or fields may be brought in."""

    PAGE = "page"
    WORKBOOK = "workbook"
    XML = "xml"


class Signature(StrEnum):
    """What stands for a signature when the message is sent."""

    NONE = "none"
    CONFIRMATION = "confirmation"
    UPLOADED = "uploaded"
    QUALIFIED = "qualified"


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """A yearly deadline: the day that a dated parameter names, for the year that ended."""

    parameter: str
    title: Text


@dataclass(frozen=True, slots=True)
class Total:
    """One figure of the review page, read from the check's summary by its key."""

    key: str
    label: Text
    kind: str = "money"


@dataclass(frozen=True, slots=True)
class JoinedColumns:
    """Columns that people join ("Name": last and first name).

    ``headings`` maps such a column to what stands above it. ``split`` takes one row's entries, joined
    columns among them, and the columns that the table has; it returns the entries by field.
    """

    headings: Mapping[str, tuple[str, ...]]
    split: Callable[[Mapping[str, str], Collection[str]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class MessageType:
    """One kind of announcement, request or notice, declared once.

    ``plan`` is the dotted path ``module:NAME`` of the plan by which the parsing child reads and
    checks the rows; ``row_table`` returns the Django model that holds them; ``row_identity`` names the columns
    that say who a row is about, so that a written reason follows the person and not the line;
    ``carry_over`` names those that last year's list fills in when a new one begins.
    """

    key: str
    version: int
    title: Text
    summary: Text
    declaration: type[Declaration]
    rows: type[Row] | None = None
    row_table: Callable[[], type[Model]] | None = None
    row_identity: tuple[str, ...] = ()
    row_label: tuple[str, ...] = ()
    carry_over: tuple[str, ...] = ()
    once_per_period: bool = False
    started_by: frozenset[str] = frozenset({"party"})
    ways_in: tuple[WayIn, ...] = (WayIn.PAGE,)
    party_kinds: frozenset[str] = frozenset({"employer"})
    min_assurance: int = 1
    signature: Signature = Signature.CONFIRMATION
    due: DuePeriod | None = None
    retention: str = "standard"
    nil_field: str | None = None
    period_field: str | None = None
    plan: str | None = None
    joined: JoinedColumns | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    check_message: Callable[[Any, Any], list[Issue]] | None = None
    totals: tuple[Total, ...] = ()
    breakdown_by: str = ""
    breakdown: tuple[Total, ...] = ()
    attachments: bool = True

    @property
    def theme(self) -> str:
        """The slug of the theme that owns this type."""
        return self.key.split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Theme:
    """A business domain. The slug gives URL, app label, rights and docs their name."""

    slug: str
    title: Text
    summary: Text
    icon: str
    order: int
    message_types: tuple[MessageType, ...]

    def serves(self, party_kind: str) -> bool:
        """Whether there is anything in it for such a party; a theme without messages is for all."""
        return not self.message_types or any(party_kind in one.party_kinds for one in self.message_types)
