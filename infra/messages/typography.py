"""How a language sets its signs: done by ``update``, so that a translator types as her keyboard lets her.

Sources: Guide du typographe (Groupe de Lausanne) for French in Switzerland, the narrow space before double signs and
inside guillemets; the apostrophe is the curved one, and the percent sign stays with its figure, in all languages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NARROW, NO_BREAK = "\u202f", "\u00a0"
_SPACES = f"[ {NO_BREAK}{NARROW}]"
# Code and addresses are left as they are.
_VERBATIM = re.compile(r"(`[^`]*`|https?://\S+)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_PERCENT = re.compile(r"(?:(?<=\d)|(?<=\)s)|(?<=\})) (?=%%|%(?![(\w%]))")
_OPENING = re.compile(rf"«{_SPACES}*")
_CLOSING = re.compile(rf"{_SPACES}*»")
# A double sign that ends a word; not the one in 10:30 or host:port.
_DOUBLE = re.compile(rf"(?<=[\w)\]%’”»]){_SPACES}?([:;?!]+)(?=[\s.,)”»]|$)")


def set_text(language: str, text: str) -> str:
    """Return a text as the language's printers set it; the same again changes nothing."""
    parts = _VERBATIM.split(text)
    parts[::2] = [_set(language, part) for part in parts[::2]]
    return "".join(parts)


def _set(language: str, text: str) -> str:
    return _RULES.get(language, str)(_PERCENT.sub(NO_BREAK, _APOSTROPHE.sub("’", text)))


def _set_french(text: str) -> str:
    quoted = _CLOSING.sub(f"{NARROW}»", _OPENING.sub(f"«{NARROW}", text))
    return _DOUBLE.sub(rf"{NARROW}\1", quoted)


_RULES: dict[str, Callable[[str], str]] = {"fr": _set_french}
