"""Words as a search compares them: without accents, in small letters; plain Python."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# What no decomposition takes apart, as PostgreSQL's unaccent writes it.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ħ": "h"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def fold(text: str) -> str:
    """Return a text in small letters without accents."""
    taken_apart = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(one for one in taken_apart if unicodedata.category(one) not in {"Mn", "Lm"})


def spell_out(text: str) -> str:
    """Return a text in small letters with its umlauts in two letters, as they are typed where there is no such key."""
    return fold(unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS))


def words_of(text: str) -> list[str]:
    """Return the words of a text that was folded; signs of every kind part them."""
    return _WORD.findall(text)
