"""Where the elements of a small XML part stand, in bytes, so that it can be edited as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from core.intake.markup.errors import UnmarkableWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TAG = re.compile(rb"""<[^\s/>"'<]+(?:[^>"'<]|"[^"]*"|'[^']*')*>""")
_SEPARATOR = "\x1f"
_MAX_DEPTH = 100
_ASCII_COMPATIBLE = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}


@dataclass(slots=True)
class Element:
    """An element's names and byte offsets: of its start tag, its content, and what follows it."""

    space: str
    name: str
    prefix: str
    attributes: Mapping[str, str]
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    text: str = ""
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written ``<name/>``."""
        return self.inner == self.inner_end == self.end

    def named(self, name: str) -> Iterator[Element]:
        """Yield the children with a local name in the element's own namespace."""
        return (c for c in self.children if c.name == name and c.space == self.space)

    def first(self, name: str) -> Element | None:
        """Return the first such child."""
        return next(self.named(name), None)

    def walk(self) -> Iterator[Element]:
        """Yield the element and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


class Part:
    """An XML part: its bytes, its root element and the namespace prefixes declared at the root."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.prefixes: dict[str, str] = {}
        self._stack: list[Element] = []
        self._roots: list[Element] = []
        self._parse()

    @property
    def root(self) -> Element:
        """The document element."""
        return self._roots[0]

    def _parse(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self._parser.namespace_prefixes = True
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = _refuse_wide
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartNamespaceDeclHandler = self._declare
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._add_text
        if self.data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UnmarkableWorkbook(reason="two-byte encoding")
        try:
            self._parser.Parse(self.data, True)
        except expat.ExpatError as error:
            raise UnmarkableWorkbook(reason="malformed part") from error

    def _declare(self, prefix: str | None, uri: str) -> None:
        if not self._roots:
            self.prefixes.setdefault(uri, prefix or "")

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self.data, start)
        if tag is None or len(self._stack) > _MAX_DEPTH:
            raise UnmarkableWorkbook(reason="malformed tag")
        space, local, prefix = _split(name)
        plain = {_attribute(key): value for key, value in attributes.items()}
        parent = self._stack[-1] if self._stack else None
        element = Element(space, local, prefix, plain, start, tag.end(), parent=parent)
        (parent.children if parent else self._roots).append(element)
        self._stack.append(element)

    def _close(self, _name: str) -> None:
        element = self._stack.pop()
        if self.data[element.inner - 2 : element.inner] == b"/>":
            element.inner_end = element.end = element.inner
            return
        element.inner_end = self._parser.CurrentByteIndex
        element.end = self.data.index(b">", element.inner_end) + 1

    def _add_text(self, text: str) -> None:
        self._stack[-1].text += text


def _split(name: str) -> tuple[str, str, str]:
    """Return namespace, local name and prefix; expat leaves out what there is not."""
    pieces = name.split(_SEPARATOR)
    if len(pieces) == 1:
        return "", name, ""
    space, local, *prefix = pieces
    return space, local, "".join(prefix)


def _attribute(name: str) -> str:
    """Return ``uri|local`` for an attribute with a namespace, else its plain name."""
    space, local, _prefix = _split(name)
    return f"{space}|{local}" if space else local


def _refuse_doctype(*_declaration: object) -> None:
    raise UnmarkableWorkbook(reason="document type")


def _refuse_wide(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ASCII_COMPATIBLE:
        raise UnmarkableWorkbook(reason="unusual encoding")
