"""Names of files as people gave them, made safe to store, show and hand out."""

from __future__ import annotations

import re
import unicodedata

from core.documents.errors import FilenameUnusable

LONGEST = 150
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def clean_filename(given: str, *, fallback: str = "document") -> str:
    """Return the last part of a path, without what a file system or a header could stumble over.

    Raises ``FilenameUnusable`` for characters that turn the reading direction: they exist in
    names only to make one ending look like another.
    """
    if _TURNING.search(given):
        raise FilenameUnusable
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char) not in {"Cf", "Co", "Cs", "Cn"})
    name = " ".join(_UNSAFE.sub("_", name).split()).strip(". ")
    if not name or _RESERVED.fullmatch(name):
        name = f"{fallback}_{name}".rstrip("_")
    return _shorten(name)


def extension_of(name: str) -> str:
    """Return the ending in small letters without its dot, or an empty text."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def _shorten(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    ending = extension_of(name)[:10]
    return f"{name[: LONGEST - len(ending) - 1].rstrip()}.{ending}" if ending else name[:LONGEST]
