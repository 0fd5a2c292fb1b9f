"""What a new text says otherwise than the one that was accepted: paragraph by paragraph, then word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["same", "added", "removed"]
# Below this likeness two paragraphs are no versions of one another: the old goes, the new comes.
ALIKE = 0.5
HEADING = "# "
_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they are new, gone, or as before."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph in pieces; ``changed`` tells whether anything in it differs."""

    pieces: tuple[Piece, ...]
    heading: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything in it differs."""
        return any(piece.kind != "same" for piece in self.pieces)


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text; empty lines part them."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def show_whole(text: str) -> list[Paragraph]:
    """Return a text as paragraphs without any difference."""
    return [_whole("same", part) for part in split_paragraphs(text)]


def compare(old: str, new: str) -> list[Paragraph]:
    """Return the new text with what is new and what is gone; equal texts have no changed paragraph."""
    before, after = split_paragraphs(old), split_paragraphs(new)
    return list(_compare_paragraphs(before, after))


def _compare_paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    for tag, begin, end, new_begin, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (_whole("same", text) for text in after[new_begin:new_end])
        else:
            yield from _replace(list(before[begin:end]), list(after[new_begin:new_end]))


def _replace(gone: list[str], come: list[str]) -> Iterator[Paragraph]:
    """Pair each new paragraph with the first old one that is like it, in order; what is left over is gone or new."""
    for text in come:
        twin = next((at for at, old in enumerate(gone) if _are_versions(old, text)), None)
        if twin is None:
            yield _whole("added", text)
            continue
        yield from (_whole("removed", old) for old in gone[:twin])
        yield Paragraph(tuple(_compare_words(_bare(gone[twin]), _bare(text))), heading=_is_heading(text))
        del gone[: twin + 1]
    yield from (_whole("removed", old) for old in gone)


def _are_versions(old: str, new: str) -> bool:
    """Whether one paragraph became the other: a heading never becomes text."""
    if _is_heading(old) != _is_heading(new):
        return False
    words = _WORDS.findall(_bare(old)), _WORDS.findall(_bare(new))
    return SequenceMatcher(None, *words, autojunk=False).ratio() >= ALIKE


def _compare_words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for tag, begin, end, new_begin, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(after[new_begin:new_end]))
            continue
        if begin < end:
            yield Piece("removed", "".join(before[begin:end]))
        if new_begin < new_end:
            yield Piece("added", "".join(after[new_begin:new_end]))


def _whole(kind: Kind, text: str) -> Paragraph:
    return Paragraph((Piece(kind, _bare(text)),), heading=_is_heading(text))


def _is_heading(text: str) -> bool:
    return text.startswith(HEADING)


def _bare(text: str) -> str:
    return text.removeprefix(HEADING)
