"""A sheet's comments part: ours put in, those of an earlier run taken out, hers kept as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.intake.markup import edits as xml
from core.intake.markup.cells import Place, address, parse_address
from core.intake.markup.edits import Edits, tag_name
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.names import is_own_author
from core.intake.markup.namespaces import XML_DECLARATION
from core.intake.markup.notes import own_start
from core.intake.markup.positions import Element, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.intake.markup.namespaces import Dialect

_FONT = b'<%(p)ssz val="9"/><%(p)scolor indexed="81"/><%(p)srFont val="Tahoma"/><%(p)sfamily val="2"/></%(p)srPr>'
_RUNS = (
    b"<%(p)sr><%(p)srPr><%(p)sb/>" + _FONT + b'<%(p)st xml:space="preserve">%(first)s</%(p)st>'
    b"</%(p)sr><%(p)sr><%(p)srPr>" + _FONT + b'<%(p)st xml:space="preserve">%(rest)s</%(p)st>'
    b"</%(p)sr>"
)


def empty_comments(dialect: Dialect) -> bytes:
    """Return a comments part without comments."""
    body = f'<comments xmlns="{dialect.main}"><authors/><commentList/></comments>'
    return XML_DECLARATION + body.encode()


@dataclass(slots=True)
class Outcome:
    """What became of a sheet's comments.

    ``cleared``: places whose comment was wholly ours and is gone. ``added``: places with a new
    comment, which need a shape. ``extended``: places where our words follow a comment of hers.
    ``hidden``: places with a threaded conversation, behind which a note cannot be seen.
    """

    cleared: list[Place] = field(default_factory=list)
    added: list[Place] = field(default_factory=list)
    extended: list[Place] = field(default_factory=list)
    hidden: list[Place] = field(default_factory=list)


class Comments:
    """One comments part; :meth:`mark` may be called once."""

    def __init__(self, data: bytes) -> None:
        self._part = Part(data)
        self._edits = Edits(self._part)
        self._prefix = b"%s:" % self._part.root.prefix.encode() if self._part.root.prefix else b""
        self._authors = [author.text for author in self._children("authors", "author")]
        self._comments: dict[Place, Element] = {}
        for comment in self._children("commentList", "comment"):
            if place := parse_address(comment.attributes.get("ref", "")):
                self._comments[place] = comment

    def _children(self, container: str, name: str) -> list[Element]:
        found = self._part.root.first(container)
        return list(found.named(name)) if found else []

    @property
    def is_changed(self) -> bool:
        """Whether the part differs from its source."""
        return bool(self._edits)

    def content(self) -> bytes:
        """Return the part with all changes."""
        return self._edits.apply()

    def mark(self, notes: Mapping[Place, str], author: str) -> Outcome:
        """Take our earlier words out and put ``notes`` in."""
        outcome = Outcome()
        for place, comment in self._comments.items():
            self._treat(place, comment, notes.get(place), outcome)
        taken = {*outcome.extended, *outcome.hidden}
        outcome.added = sorted(place for place in notes if place not in taken)
        if outcome.added:
            self._append(outcome.added, notes, author)
        return outcome

    def _treat(self, place: Place, comment: Element, note: str | None, outcome: Outcome) -> None:
        if self._author(comment).startswith("tc="):
            outcome.hidden += [place] if note else []
        elif self._is_wholly_own(comment):
            self._edits.replace(comment.start, comment.end)
            outcome.cleared.append(place)
        elif note:
            self._cut_own(comment)
            self._extend(comment, note)
            outcome.extended.append(place)
        else:
            self._cut_own(comment)

    def _author(self, comment: Element) -> str:
        number = comment.attributes.get("authorId", "")
        if number.isdecimal() and int(number) < len(self._authors):
            return self._authors[int(number)]
        return ""

    def _is_wholly_own(self, comment: Element) -> bool:
        start = own_start("".join(t.text for t in _texts(comment)))
        return start == 0 or (start is None and is_own_author(self._author(comment)))

    def _cut_own(self, comment: Element) -> None:
        """Take our words off the end of her comment."""
        texts = _texts(comment)
        start = own_start("".join(t.text for t in texts))
        position = 0
        for element in texts if start is not None else ():
            keep = max(0, (start or 0) - position)
            position += len(element.text)
            if keep < len(element.text):
                self._shorten(element, keep)

    def _shorten(self, element: Element, keep: int) -> None:
        run = element.parent
        if keep:
            self._edits.replace(element.inner, element.inner_end, xml.plain(element.text[:keep]))
        elif run is not None and run.name == "r":
            self._edits.replace(run.start, run.end)
        else:
            self._edits.replace(element.start, element.end)

    def _extend(self, comment: Element, note: str) -> None:
        """Put our words after hers, as a run of their own; plain text becomes a run first."""
        body = comment.first("text")
        new = self._runs(f"\n\n{note}")
        if body is None:
            self._edits.append_child(comment, self._wrap(b"text", new))
            return
        for element in body.named("t"):
            self._edits.insert(element.start, b"<%sr>" % self._prefix)
            self._edits.insert(element.end, b"</%sr>" % self._prefix)
        runs = [child for child in body.children if child.name in ("t", "r")]
        if runs:
            self._edits.insert(runs[-1].end, new)
        else:
            self._edits.append_child(body, new)

    def _append(self, places: list[Place], notes: Mapping[Place, str], author: str) -> None:
        number = self._author_number(author)
        listed = self._part.root.first("commentList")
        new = b"".join(self._comment(place, notes[place], number) for place in places)
        if listed is None:
            self._edits.append_child(self._part.root, self._wrap(b"commentList", new))
        else:
            self._edits.append_child(listed, new)

    def _author_number(self, author: str) -> int:
        if author in self._authors:
            return self._authors.index(author)
        authors = self._part.root.first("authors")
        if authors is None:
            raise UnmarkableWorkbook(reason="comments without authors")
        self._edits.append_child(authors, self._wrap(b"author", xml.text(author)))
        return len(self._authors)

    def _comment(self, place: Place, note: str, author: int) -> bytes:
        head = b'<%scomment ref="%s" authorId="%d">'
        opening = head % (self._prefix, address(place).encode(), author)
        closing = b"</" + tag_name(self._part.root.prefix, "comment") + b">"
        return opening + self._wrap(b"text", self._runs(note)) + closing

    def _runs(self, note: str) -> bytes:
        """Return the author's line in bold, then the rest."""
        at = note.index(":\n") + 1
        texts = {b"first": xml.text(note[:at]), b"rest": xml.text(note[at:])}
        return _RUNS % {b"p": self._prefix, **texts}

    def _wrap(self, name: bytes, content: bytes) -> bytes:
        return b"<%(p)s%(n)s>%(c)s</%(p)s%(n)s>" % {b"p": self._prefix, b"n": name, b"c": content}


def _texts(comment: Element) -> list[Element]:
    """Return the elements that hold the comment's text, in order; phonetic hints are left out."""
    body = comment.first("text")
    if body is None:
        return []
    direct = [child for child in body.children if child.name in ("t", "r")]
    return [t for child in direct for t in ([child] if child.name == "t" else child.named("t"))]
