"""The sentence that nobody ever asks for a password or a code: found in the platform's texts, added to a caisse's own.

It is looked for in the platform's translated texts alone; each text about an access holds it in every language.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext

if TYPE_CHECKING:
    from core.notices.texts import Notice

_SAID = re.compile(
    r"\b(Nobody|never)\b[^.\n]*\bask you for|demandera jamais|demandons jamais"
    r"|Niemand[^.\n]*\bje\b|fragen Sie nie|chiederà mai|chiediamo mai"
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s|\n{2,}")


def find_promise(notice: Notice, language: str) -> str:
    """Return the platform's sentence with its merge fields, or nothing where a text is not about an access."""
    with translation.override(language):
        body = gettext(notice.body)
    return next((one.strip() for one in _SENTENCE_ENDS.split(body) if _SAID.search(one)), "")


def add_promise(text: str, promise: str) -> str:
    """Return a filled text that holds the filled sentence: added at its end unless it says it already."""
    if not promise or " ".join(promise.split()) in " ".join(text.split()):
        return text
    return ("\n\n" if "\n" in text else " ").join([text.rstrip(), promise])
