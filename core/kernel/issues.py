"""What a check can say: a rule that exists once, and an issue where the rule was hit."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import TYPE_CHECKING

from core.kernel.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | int | float | bool | None


class Severity(StrEnum):
    """How far a finding stands in the way of sending."""

    BLOCK = "block"
    JUSTIFY = "justify"
    INFORM = "inform"

    @property
    def label(self) -> Text:
        """The word shown beside the finding, never its colour alone."""
        return _LABELS[self]


_LABELS = {
    Severity.BLOCK: N_("to correct"),
    Severity.JUSTIFY: N_("to justify"),
    Severity.INFORM: N_("for information"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A plausibility check. Texts are message identifiers with ``%(param)s`` placeholders."""

    code: str
    severity: Severity
    title: Text
    why: Text
    fix: Text
    legal_source: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One place where a rule was hit; ``row`` is the row number that the person sees, from 1."""

    code: str
    severity: Severity
    row: int | None = None
    field: str | None = None
    params: Mapping[str, Scalar] = dataclass_field(default_factory=dict)
