"""The texts that can be sent: each declared once, with its merge fields, found by its code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.kernel.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

# Filled in for every text: the caisse's own name.
STANDARD_FIELDS = frozenset({"caisse"})
NEUTRAL_SUBJECT = N_("News from %(caisse)s")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_notices: dict[str, Notice] = {}


@dataclass(frozen=True, slots=True)
class Notice:
    """A text to a person. ``subject`` may name the caisse only: subjects are read by bystanders.

    ``title`` names the occasion in the console, where a caisse can put its own text into the place of this one;
    a text without a title, such as one from the platform to the caisse itself, is the platform's alone.
    """

    code: str
    body: Text
    subject: Text = NEUTRAL_SUBJECT
    fields: frozenset[str] = frozenset()
    title: Text | None = None

    def __post_init__(self) -> None:
        if placeholders(self.subject) - STANDARD_FIELDS:
            message = f"the subject of {self.code!r} may hold no merge field but the caisse"
            raise ValueError(message)
        if placeholders(self.body) - STANDARD_FIELDS != self.fields:
            message = f"the body of {self.code!r} and its declared fields differ"
            raise ValueError(message)

    def check(self, fields: Mapping[str, str]) -> None:
        """Raise ``ValueError`` unless exactly the declared merge fields are given."""
        if set(fields) != self.fields:
            message = f"{self.code!r} takes {sorted(self.fields)}, not {sorted(fields)}"
            raise ValueError(message)


def declare(notice: Notice) -> Notice:
    """Add a text to the registry and return it; a code may be used once."""
    if _notices.get(notice.code, notice) != notice:
        message = f"two texts have the code {notice.code!r}"
        raise ValueError(message)
    _notices[notice.code] = notice
    return notice


def get_notice(code: str) -> Notice:
    """Return a declared text; raises ``KeyError``."""
    return _notices[code]


def list_notices() -> list[Notice]:
    """Return every declared text by its code."""
    return [_notices[code] for code in sorted(_notices)]


def list_replaceable() -> list[tuple[Notice, Text]]:
    """Return the texts that a caisse can replace, each with its marked name, by code."""
    return [(one, one.title) for one in list_notices() if one.title]


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the merge fields in a text."""
    return frozenset(_PLACEHOLDER.findall(text))
