"""Reading an export from beginning to end before anything is made of it: whole, unchanged, and from whom."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ValidationError

from core.documents.evidence import signing
from core.transfer import archive
from core.transfer.archive import read_parts
from core.transfer.errors import ExportDamaged, ExportUntrusted, NoExport
from core.transfer.manifest import FORMAT, Closing, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.transfer.archive import Part

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Checked:
    """What an export says of itself, once it has proved whole and trusted."""

    manifest: Manifest
    closing: Closing
    settings: str
    trust_lists: list[dict[str, Any]]
    signed_by: str


@dataclass(slots=True)
class _Found:
    small: dict[str, bytes] = field(default_factory=dict)
    sums: hashlib._Hash = field(default_factory=hashlib.sha256)
    sums_sha256: str = ""
    order: str = ""


def check_export(plain: Iterable[bytes], *, trusted_key: str = "") -> Checked:
    """Read the whole archive and return what it says; nothing of it is kept.

    ``trusted_key`` is the number of another platform's signing key that the operator vouches for.
    Raises ``NoExport``, ``ExportDamaged`` or ``ExportUntrusted``.
    """
    found = _Found()
    for part in watched(plain, found):
        if "/" not in part.name and part.name != archive.SUMS:
            found.small[part.name] = part.read()
    manifest = read_manifest(found.small[archive.MANIFEST])
    try:
        closing, signature = found.small[archive.CLOSING], found.small[archive.SIGNATURE]
        toml, trust_lists = found.small[archive.SETTINGS].decode(), json.loads(found.small[archive.TRUST])
    except (KeyError, ValueError) as error:
        raise ExportDamaged(place="end") from error
    return Checked(
        manifest=manifest,
        closing=_read_closing(closing, manifest, found),
        settings=toml,
        trust_lists=trust_lists,
        signed_by=_check_signature(closing, signature, trust_lists, trusted_key),
    )


def watched(plain: Iterable[bytes], found: _Found | None = None) -> Iterator[Part]:
    """Yield the parts, raising ``ExportDamaged`` unless their digests are those in the list of digests."""
    seen = found or _Found()
    for part in read_parts(plain):
        yield part
        for _rest in part.chunks:
            pass
        if part.name == archive.SUMS:
            seen.sums_sha256 = part.sha256
        elif not seen.sums_sha256:
            # A name that comes twice or not in its order would give another digest than the one that was signed.
            seen.sums.update(f"{part.sha256}  {part.name}\n".encode())
    if seen.sums_sha256 != seen.sums.hexdigest():
        raise ExportDamaged(place=archive.SUMS)


def read_manifest(content: bytes) -> Manifest:
    """Return the first part. Raises ``NoExport`` when it is not of our format."""
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise NoExport from error
    if manifest.format != FORMAT:
        raise NoExport
    return manifest


def _read_closing(content: bytes, manifest: Manifest, found: _Found) -> Closing:
    try:
        closing = Closing.model_validate_json(content)
    except ValidationError as error:
        raise ExportDamaged(place=archive.CLOSING) from error
    if (closing.sums_sha256, closing.caisse_id) != (found.sums.hexdigest(), manifest.caisse_id):
        raise ExportDamaged(place=archive.CLOSING)
    return closing


def _check_signature(closing: bytes, signature: bytes, trust_lists: list[dict[str, Any]], trusted_key: str) -> str:
    """Return the number of the key that signed; raise unless it is ours or vouched for, and not revoked."""
    try:
        sealed = json.loads(signature)
        key_id, signed = str(sealed["key_id"]), bytes.fromhex(sealed["signature"])
        keys = {key["id"]: {**key, "issuer": one["issuer"]} for one in trust_lists for key in one["keys"]}
        own = {key.id: key for key in signing.get_keyring().keys if key.revoked_at is None}
        public = own[key_id].public if key_id in own else keys[key_id]["public"]
        # The number is the digest of the key, so that naming the one names the other.
        if hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16] != key_id:
            raise ExportDamaged(place=archive.SIGNATURE)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signed, closing)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidSignature) as error:
        raise ExportDamaged(place=archive.SIGNATURE) from error
    if key_id not in own and key_id != trusted_key.strip().lower():
        raise ExportUntrusted(key=key_id, issuer=keys[key_id]["issuer"])
    return key_id
