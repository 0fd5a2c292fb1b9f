"""A document store in a folder: written aside, synced, then linked to its name at once."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from core.documents.ports import CHUNK_BYTES, ObjectMissing, ObjectTaken, PortUnavailable, StoredObject, check_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class LocalFolderStore:
    """Implements ``core.documents.ports.DocumentStore``; see there for what each method promises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._aside = folder / ".aside"

    def put(self, key: str, chunks: Iterable[bytes]) -> StoredObject:
        target, draft = self._path(key), self._aside / uuid4().hex
        try:
            self._aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            with draft.open("xb") as file:
                size, digest = _write(file, chunks)
            self._link(draft, target, digest)
        except OSError as error:
            raise PortUnavailable(str(error)) from error
        finally:
            with suppress(OSError):
                draft.unlink()
        return StoredObject(key, size, digest)

    def open(self, key: str) -> Iterator[bytes]:
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError as error:
            raise ObjectMissing(key) from error
        return _read(file)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def stat(self, key: str) -> StoredObject:
        try:
            found = self._path(key).stat()
        except FileNotFoundError as error:
            raise ObjectMissing(key) from error
        return StoredObject(key, found.st_size, stored_at=datetime.fromtimestamp(found.st_mtime, UTC))

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def list_objects(self, prefix: str) -> Iterator[StoredObject]:
        files = (path for path in self._folder.rglob("*") if path.is_file())
        keys = (path.relative_to(self._folder).as_posix() for path in files)
        for key in sorted(key for key in keys if key.startswith(prefix) and not key.startswith(".")):
            yield self.stat(key)

    def _path(self, key: str) -> Path:
        return self._folder / check_key(key)

    def _link(self, draft: Path, target: Path, digest: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(draft, target)  # unlike a rename, a link never replaces what is there
        except FileExistsError:
            with target.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise ObjectTaken(str(target)) from None
        _sync_folder(target.parent)


def _write(file: BinaryIO, chunks: Iterable[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        file.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    file.flush()
    os.fsync(file.fileno())
    return size, digest.hexdigest()


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
