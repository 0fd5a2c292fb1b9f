"""The words of our comments: how marks become a note, and how a note is told apart from hers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.intake.markup.names import MARK
from core.kernel.issues import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.intake.markup.types import CellMark

# A note opens with its author's line, as spreadsheet programs do it themselves; this line also
# finds our words again when a program dropped the author's name.
_OWN_LINE = re.compile(rf"(?:\n\n)?(?:^|(?<=\n))[^\n]*{re.escape(MARK)}:\n")
_LIMIT = 4_000
_ORDER = list(Severity)


def compose(marks: Sequence[CellMark], author: str, labels: Mapping[Severity, str]) -> str:
    """Return the note for one cell: the author's line, then each remark, gravest first."""
    ordered = sorted(marks, key=lambda mark: _ORDER.index(mark.severity))
    lines = dict.fromkeys(f"{labels[m.severity]}: {m.text}" for m in ordered)
    body = "\n".join(lines)
    if len(body) > _LIMIT:
        body = body[: _LIMIT - 1] + "…"
    return f"{author}:\n{body}"


def gravest(marks: Iterable[CellMark]) -> Severity:
    """Return the severity that stands in the way most."""
    return min((mark.severity for mark in marks), key=_ORDER.index)


def own_start(text: str) -> int | None:
    """Return where our words begin in a note, or nothing if there are none."""
    found = _OWN_LINE.search(text)
    return found.start() if found else None
