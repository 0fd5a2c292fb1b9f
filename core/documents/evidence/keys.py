"""Signing keys: one file, one active Ed25519 key, the retired ones by their public half only."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.kernel import clock

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FILE_FORMAT = "relais-signing-keys-1"
TRUST_FORMAT = "relais-trust-list-1"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileUnusable(Exception):
    """The file with the signing keys is missing, open to others, or not readable as such."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key as written in the file: hex halves and times in UTC; a retired one has no private half."""

    id: str
    public: str
    created_at: str
    private: str | None = None
    retired_at: str | None = None
    revoked_at: str | None = None

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes that are the same each time (RFC 8032)."""
        if self.private is None:
            raise KeyFileUnusable(f"{self.id} is retired and cannot sign")
        return _load(self.private).sign(message)


@lru_cache(maxsize=4)
def _load(private: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private))


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys that ever signed, newest first; the first one signs."""

    keys: tuple[SigningKey, ...]

    @property
    def active(self) -> SigningKey:
        """The key that signs now."""
        return self.keys[0]

    def trust_list(self, issuer: str) -> dict[str, Any]:
        """Return what is published, so that anyone can check: every key's public half and its times."""
        return {
            "format": TRUST_FORMAT,
            "issuer": issuer,
            "keys": [_public_part(key) for key in self.keys],
        }


def new_key() -> SigningKey:
    """Return a fresh key, named after the digest of its public half."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return SigningKey(
        id=hashlib.sha256(public).hexdigest()[:16],
        public=public.hex(),
        private=private.private_bytes_raw().hex(),
        created_at=to_utc_text(clock.now()),
    )


def to_utc_text(moment: datetime) -> str:
    """Return ``2026-11-21T09:12:33Z``; seconds are enough for a receipt."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def create_key_file(path: Path) -> Keyring:
    """Write a file with one new key, readable by its owner only; an existing file is kept and read.

    Repeatable and safe beside another process that does the same: the first one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write(draft, Keyring((new_key(),)))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return read_key_file(path)


def read_key_file(path: Path) -> Keyring:
    """Return the keys; raise :class:`KeyFileUnusable` if the file cannot be relied upon."""
    try:
        mode = path.stat().st_mode
        content = json.loads(path.read_text(encoding="utf-8"))
        keys = tuple(SigningKey(**key) for key in content["keys"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileUnusable(f"{path}: {type(error).__name__}") from error
    if mode & _OPEN_TO_OTHERS:
        raise KeyFileUnusable(f"{path} may be read by others than its owner (chmod 600)")
    if content.get("format") != FILE_FORMAT or not keys or keys[0].private is None:
        raise KeyFileUnusable(f"{path} holds no key that can sign")
    return Keyring(keys)


def rotate_key_file(path: Path) -> Keyring:
    """Retire the active key, destroying its private half, and let a new one sign from now on."""
    keyring = read_key_file(path)
    retired = replace(keyring.active, private=None, retired_at=to_utc_text(clock.now()))
    rotated = Keyring((new_key(), retired, *keyring.keys[1:]))
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write(draft, rotated)
    draft.replace(path)
    return rotated


def revoke_key(path: Path, key_id: str) -> Keyring:
    """Mark a retired key as no longer to be trusted, as after a theft; its receipts stop verifying."""
    keyring = read_key_file(path)
    if key_id == keyring.active.id:
        raise KeyFileUnusable("rotate first: the active key cannot be revoked")
    now = to_utc_text(clock.now())
    keys = [replace(key, revoked_at=now) if key.id == key_id else key for key in keyring.keys]
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write(draft, Keyring(tuple(keys)))
    draft.replace(path)
    return read_key_file(path)


def _write(path: Path, keyring: Keyring) -> None:
    content = {"format": FILE_FORMAT, "keys": [asdict(key) for key in keyring.keys]}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _public_part(key: SigningKey) -> dict[str, str | None]:
    return {
        "id": key.id,
        "algorithm": "Ed25519",
        "public": key.public,
        "created_at": key.created_at,
        "retired_at": key.retired_at,
        "revoked_at": key.revoked_at,
    }
