"""Signing with this installation's key file, read again whenever it changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.documents.evidence import seals
from core.documents.evidence.keys import Keyring, create_key_file, read_key_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.documents.evidence.seals import SealedReceipt


def key_file() -> Path:
    """Return the path of the file with the signing keys."""
    return Path(str(settings.SIGNING_KEY_FILE))


def get_keyring() -> Keyring:
    """Return the keys; on the embedded default the file is made at its first use.

    In production a missing or badly protected file raises ``KeyFileUnusable``.
    """
    path = key_file()
    if settings.EMBEDDED and not path.exists():
        create_key_file(path)
    return _read(path, _state_of(path))


def _state_of(path: Path) -> tuple[int, ...]:
    """Return what tells one file from its successor: where clocks tick slowly both may bear the same moment."""
    if not path.exists():
        return ()
    found = path.stat()
    return found.st_mtime_ns, found.st_ino, found.st_size


@lru_cache(maxsize=1)
def _read(path: Path, state: tuple[int, ...]) -> Keyring:
    del state  # part of the cache's key only: a rotated file is another entry
    return read_key_file(path)


def seal(payload: Mapping[str, Any]) -> SealedReceipt:
    """Sign a receipt's payload (text, whole numbers, lists and mappings; no floats).

    Cheap enough for a transaction: no file beyond the cached keys, some 0.1 ms.
    """
    return seals.seal_payload(payload, get_keyring().active)


def trust_list() -> dict[str, Any]:
    """Return the public list of keys, for the page that publishes it and for the checker."""
    return get_keyring().trust_list(settings.PLATFORM_DOMAIN)
