"""The two registers of a package: which part points to which, and what each part is."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from core.intake.markup.edits import Edits, attribute, tag_name
from core.intake.markup.namespaces import PACKAGE_RELATIONSHIPS, XML_DECLARATION
from core.intake.markup.positions import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

_EMPTY = XML_DECLARATION + f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"/>'.encode()


@dataclass(frozen=True, slots=True)
class Relationship:
    """One pointer: ``kind`` is the end of its type, ``target`` a part's name from the root."""

    id: str
    kind: str
    target: str


class Relationships:
    """The relationships of one part; without data there are none yet."""

    def __init__(self, source: str, data: bytes | None) -> None:
        self._folder = posixpath.dirname(source)
        self._part = Part(data or _EMPTY)
        self._new: list[bytes] = []
        elements = list(self._part.root.named("Relationship"))
        self._ids = {element.attributes.get("Id", "") for element in elements}
        self.items = [
            Relationship(e.attributes["Id"], _kind(e.attributes["Type"]), self._resolve(e.attributes))
            for e in elements
            if {"Id", "Type", "Target"} <= e.attributes.keys()
            and e.attributes.get("TargetMode", "Internal") == "Internal"
        ]

    def _resolve(self, attributes: Mapping[str, str]) -> str:
        target = unquote(attributes["Target"].replace("\\", "/"))
        return posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")

    def of_kind(self, kind: str) -> Relationship | None:
        """Return the first relationship of a kind such as ``comments``."""
        return next((item for item in self.items if item.kind == kind), None)

    def by_id(self, identifier: str) -> Relationship | None:
        """Return the relationship with an identifier."""
        return next((item for item in self.items if item.id == identifier), None)

    @property
    def is_changed(self) -> bool:
        """Whether anything was added."""
        return bool(self._new)

    def add(self, type_uri: str, target: str) -> str:
        """Add a pointer to a part of the package and return its new identifier."""
        number = len(self._ids) + 1
        while (identifier := f"rId{number}") in self._ids:
            number += 1
        self._ids.add(identifier)
        relative = posixpath.relpath(f"/{target}", f"/{self._folder}")
        tag = tag_name(self._part.root.prefix, "Relationship")
        self._new.append(
            b"<%s Id=%s Type=%s Target=%s/>" % (tag, attribute(identifier), attribute(type_uri), attribute(relative))
        )
        self.items.append(Relationship(identifier, _kind(type_uri), target))
        return identifier

    def content(self) -> bytes:
        """Return the part with what was added."""
        edits = Edits(self._part)
        edits.append_child(self._part.root, b"".join(self._new))
        return edits.apply()


class ContentTypes:
    """What each part is, by extension or by name."""

    def __init__(self, data: bytes) -> None:
        self._part = Part(data)
        self._new: list[bytes] = []

    @property
    def is_changed(self) -> bool:
        """Whether anything was added."""
        return bool(self._new)

    def add(self, part: str, content_type: str) -> None:
        """State what a new part is, unless its extension says so already."""
        extension = posixpath.splitext(part)[1].lstrip(".")
        known = self._default(extension)
        if known is None and extension != "xml":
            self._append("Default", "Extension", extension, content_type)
        elif known != content_type:
            self._append("Override", "PartName", f"/{part}", content_type)

    def _default(self, extension: str) -> str | None:
        for element in self._part.root.named("Default"):
            if element.attributes.get("Extension", "").casefold() == extension:
                return element.attributes.get("ContentType")
        return None

    def _append(self, name: str, key: str, value: str, content_type: str) -> None:
        tag = tag_name(self._part.root.prefix, name)
        new = (tag, key.encode(), attribute(value), attribute(content_type))
        entry = b"<%s %s=%s ContentType=%s/>" % new
        if entry not in self._new:
            self._new.append(entry)

    def content(self) -> bytes:
        """Return the part with what was added."""
        edits = Edits(self._part)
        edits.append_child(self._part.root, b"".join(self._new))
        return edits.apply()


def relationships_name(part: str) -> str:
    """Return the name of the part that holds another part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _kind(type_uri: str) -> str:
    return type_uri.rstrip("/").rpartition("/")[2]
