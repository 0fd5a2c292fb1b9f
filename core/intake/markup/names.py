"""How our own sheet and our own comments are recognised when the workbook comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

# The same in every language and for every caisse; spreadsheet programs keep it when they save.
MARK = " · Relais"
SHEET_NAME_LIMIT = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EDGES = " '"
_OWN_SHEET = re.compile(rf".+{re.escape(MARK)}(?: \d{{1,4}})?", re.DOTALL)
_OWN_AUTHOR = re.compile(rf".*{re.escape(MARK)}", re.DOTALL)


def is_summary_sheet(name: str) -> bool:
    """Whether a sheet of this name is a summary that we added; readers pass over it."""
    return _OWN_SHEET.fullmatch(name.strip()) is not None


def is_own_author(name: str) -> bool:
    """Whether a comment by this author is ours."""
    return _OWN_AUTHOR.fullmatch(name.strip()) is not None


def own_author(author: str) -> str:
    """Return the author's name as it stands on our comments."""
    return f"{' '.join(author.split())[:100]}{MARK}"


def summary_sheet_name(title: str, taken: Collection[str]) -> str:
    """Return a valid sheet name that carries the mark and that ``taken`` does not hold."""
    used = {name.casefold() for name in taken}
    number = 1
    while (name := clean_sheet_name(title, _ending(number))).casefold() in used:
        number += 1
    return name


def _ending(number: int) -> str:
    return MARK if number == 1 else f"{MARK} {number}"


def clean_sheet_name(title: str, ending: str = "") -> str:
    """Return ``title`` as spreadsheet programs allow it for a sheet, shortened to fit ``ending``."""
    clean = _FORBIDDEN.sub(" ", title).strip(_EDGES) or "-"
    # They count UTF-16 units; one character outside the basic plane counts as two.
    while len(clean.encode("utf-16-le")) // 2 > SHEET_NAME_LIMIT - len(ending):
        clean = clean[:-1]
    return f"{clean.rstrip(_EDGES)}{ending}"
