"""A package of parts: reading them by name, changing and adding some, keeping all others."""

from __future__ import annotations

import posixpath
from typing import IO, TYPE_CHECKING

from core.intake.markup.archive import Archive, Entry
from core.intake.markup.archive_writer import ArchiveWriter
from core.intake.markup.errors import UnmarkableWorkbook
from core.intake.markup.relationships import ContentTypes, Relationships, relationships_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Blocks = Callable[[], Iterable[bytes]]

_CONTENT_TYPES = "[Content_Types].xml"
# Far above what people's files hold, far below what would fill a worker's memory.
PART_LIMIT = 64 << 20
SHEET_LIMIT = 1 << 30


class Package:
    """An Office file. Part names are compared as the standard says: without regard to case."""

    def __init__(self, source: IO[bytes]) -> None:
        self._archive = Archive(source)
        self._entries = {_key(entry.name): entry for entry in self._archive.entries}
        self._changed: dict[str, Blocks] = {}
        self._added: dict[str, bytes] = {}
        self._relationships: dict[str, Relationships] = {}
        self.content_types = ContentTypes(self.read(_CONTENT_TYPES))

    def holds(self, part: str) -> bool:
        """Whether the part exists, or was added."""
        return _key(part) in self._entries or part in self._added

    def names(self) -> list[str]:
        """Return the names of the source's parts, in its order."""
        return [entry.name for entry in self._archive.entries]

    def _entry(self, part: str) -> Entry:
        if _key(part) not in self._entries:
            raise UnmarkableWorkbook(reason=f"missing part {part[:100]}")
        return self._entries[_key(part)]

    def read(self, part: str) -> bytes:
        """Return a part as it stood in the source."""
        return self._archive.read(self._entry(part), PART_LIMIT)

    def stream(self, part: str) -> Iterator[bytes]:
        """Yield a part, such as a sheet, in blocks."""
        return self._archive.stream(self._entry(part), SHEET_LIMIT)

    def change(self, part: str, blocks: Blocks) -> None:
        """Replace a part by what ``blocks()`` yields when the package is written."""
        self._changed[_key(self._entry(part).name)] = blocks

    def put(self, part: str, data: bytes) -> None:
        """Replace the part, or add it where it does not exist."""
        if _key(part) in self._entries:
            self.change(part, lambda: (data,))
        else:
            self._added[part] = data

    def new_name(self, pattern: str) -> str:
        """Return the first free name for a pattern with ``{}`` where the number goes."""
        number = 1
        while self.holds(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def relationships(self, part: str) -> Relationships:
        """Return the part's relationships, which may be added to."""
        if part not in self._relationships:
            name = relationships_name(part)
            data = self.read(name) if self.holds(name) else None
            self._relationships[part] = Relationships(part, data)
        return self._relationships[part]

    def write(self, target: IO[bytes]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Write the package to a seekable file; return the changed and the added parts."""
        self._settle()
        writer = ArchiveWriter(self._archive, target)
        for entry in self._archive.entries:
            if blocks := self._changed.get(_key(entry.name)):
                writer.write(entry.name, blocks())
            else:
                writer.keep(entry)
        for name, data in self._added.items():
            writer.write(name, (data,))
        writer.close()
        changed = (e.name for e in self._archive.entries if _key(e.name) in self._changed)
        return tuple(changed), tuple(self._added)

    def _settle(self) -> None:
        for part, relationships in self._relationships.items():
            if relationships.is_changed:
                self.put(relationships_name(part), relationships.content())
        if self.content_types.is_changed:
            self.put(_CONTENT_TYPES, self.content_types.content())


def _key(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).casefold()
