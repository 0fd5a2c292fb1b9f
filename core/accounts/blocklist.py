"""Passwords that many people use: two lists shipped as data, and what is easily made of them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

_OWN = Path(__file__).with_name("data") / "common_passwords.txt"
_FEWEST_CHARACTERS = 5
_AROUND, _NO_LETTER = re.compile(r"^[\W\d_]+|[\W\d_]+$"), re.compile(r"[\W\d_]")
_STOOD_IN = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_ROWS = (
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertzuiop",
    "qwertyuiop",
    "azertyuiop",
    "asdfghjkl",
    "qsdfghjklm",
)
_LEAST_RUN = 4


def is_common(password: str) -> bool:
    """Whether it stands in a list, or is a word of one with digits and signs around, doubled, or a walk on the keys."""
    typed = password.lower()
    spellings = {typed, typed.translate(_STOOD_IN)}
    bare = {_AROUND.sub("", one) for one in spellings} | {
        _AROUND.sub("", typed).translate(_STOOD_IN),
        _NO_LETTER.sub("", typed),
    }
    return (
        len(set(typed)) < _FEWEST_CHARACTERS
        or any(_once(one) in _listed() for one in spellings | bare if one)
        or _is_walk(typed)
    )


@cache
def _listed() -> frozenset[str]:
    lines = _OWN.read_text(encoding="utf-8").splitlines()
    own = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return frozenset(own | CommonPasswordValidator().passwords)


def _once(text: str) -> str:
    """Return what a text repeats, such as ``soleil`` for ``soleilsoleil``."""
    period = (text + text).find(text, 1)
    return text[:period]


def _is_walk(typed: str) -> bool:
    """Whether next to nothing is left without runs of neighbours on the keyboard or in the alphabet."""
    rest = typed
    for row in _ROWS:
        for line in (row, row[::-1]):
            for length in range(len(line), _LEAST_RUN - 1, -1):
                for start in range(len(line) - length + 1):
                    rest = rest.replace(line[start : start + length], " ")
    return len(_NO_LETTER.sub("", rest)) < _LEAST_RUN and len(rest) < len(typed)
