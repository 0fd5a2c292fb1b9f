"""Changes to a part as text: insertions and replacements at byte offsets, all in plain ASCII."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from core.intake.markup.positions import Element, Part

# What XML 1.0 cannot carry, even escaped.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Spreadsheet strings read _x0041_ as an escaped character, so a literal one is escaped itself.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def text(value: str) -> bytes:
    """Return ``value`` as content of an element that holds a spreadsheet string."""
    return plain(_ESCAPE_LIKE.sub("_x005F_", value))


def plain(value: str) -> bytes:
    """Return ``value`` as content of an element, references instead of what is not ASCII."""
    clean = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value.replace("\r\n", "\n"))
    return escape(clean, {"\r": "&#13;"}).encode("ascii", "xmlcharrefreplace")


def attribute(value: str) -> bytes:
    """Return ``value`` quoted as an attribute."""
    clean = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    return quoteattr(clean).encode("ascii", "xmlcharrefreplace")


class Edits:
    """Collects changes to one part; offsets are those of the original."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._changes: list[tuple[int, int, bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._changes)

    def insert(self, offset: int, new: bytes) -> None:
        """Put ``new`` before the byte at ``offset``; several at one offset keep their order."""
        self._changes.append((offset, offset, new))

    def replace(self, start: int, end: int, new: bytes = b"") -> None:
        """Put ``new`` in place of the bytes from ``start`` up to ``end``."""
        self._changes.append((start, end, new))

    def append_child(self, parent: Element, new: bytes) -> None:
        """Put ``new`` last within ``parent``, which may be an empty tag; once per parent."""
        if not parent.is_empty_tag:
            self.insert(parent.inner_end, new)
            return
        closing = b"</" + tag_name(parent.prefix, parent.name) + b">"
        self.replace(parent.inner - 2, parent.inner, b">" + new + closing)

    def apply(self) -> bytes:
        """Return the part with all changes made."""
        pieces, done = [], 0
        for start, end, new in sorted(self._changes, key=lambda change: change[:2]):
            pieces += [self._part.data[done:start], new]
            done = end
        return b"".join([*pieces, self._part.data[done:]])


def tag_name(prefix: str, name: str) -> bytes:
    """Return ``prefix:name``, or ``name`` where there is no prefix."""
    return (f"{prefix}:{name}" if prefix else name).encode()
