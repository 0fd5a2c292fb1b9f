"""Canonical JSON: one byte string for one value, so that a signature can be checked anywhere.

The form is that of RFC 8785 for the values allowed here: no floats, whole numbers of at most
53 bits, names in the order of their UTF-16 code units, no blanks, UTF-8.
"""

from __future__ import annotations

import json
from typing import Any

MAX_WHOLE = 2**53 - 1


class NotCanonical(ValueError):
    """A value has no canonical form: a float, a number too long, a name that is no text."""


def to_canonical_json(value: Any) -> bytes:
    """Return the only encoding of ``value``; raise :class:`NotCanonical` where there is none."""
    try:
        text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError as error:
        message = "a text holds half a character"
        raise NotCanonical(message) from error


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        names = sorted(value, key=_utf16)
        return {name: _ordered(value[name]) for name in names}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return _scalar(value)


def _utf16(name: object) -> bytes:
    if not isinstance(name, str):
        message = f"the name {name!r} is no text"
        raise NotCanonical(message)
    return name.encode("utf-16-be")


def _scalar(value: object) -> object:
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= MAX_WHOLE:
        return int(value)
    message = f"a {type(value).__name__} has no canonical form; give it as text"
    raise NotCanonical(message)
