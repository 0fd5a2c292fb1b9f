"""Seals: a signature beside a receipt's JSON, and one within a PDF file over all of its bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.documents.evidence.canonical import to_canonical_json
from core.kernel.identifiers import READABLE_ALPHABET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.documents.evidence.keys import Keyring, SigningKey

CODE_LENGTH = 16
_MARK = b"%%relais-seal-1 key=%s signature=%s\n"
_LINE = re.compile(rb"%relais-seal-1 key=([0-9a-f]{16}) signature=([0-9a-f]{128})\n")


class SealBroken(ValueError):
    """The file is not what was sealed, or it was never sealed by one of the trusted keys."""


@dataclass(frozen=True, slots=True)
class SealedReceipt:
    """The canonical JSON, its signature, and the code by which people look it up."""

    json_bytes: bytes
    signature: bytes
    key_id: str
    short_code: str

    @property
    def signature_file(self) -> bytes:
        """The detached signature as a small JSON file, also canonical."""
        return to_canonical_json({"algorithm": "Ed25519", "key_id": self.key_id, "signature": self.signature.hex()})


def short_code(json_bytes: bytes) -> str:
    """Return 16 readable characters: the first 80 bits of the SHA-256 of the sealed JSON."""
    number = int.from_bytes(hashlib.sha256(json_bytes).digest()[:10], "big")
    digits = (number >> 5 * place & 31 for place in reversed(range(CODE_LENGTH)))
    return "".join(READABLE_ALPHABET[digit] for digit in digits)


def seal_payload(payload: Mapping[str, Any], key: SigningKey) -> SealedReceipt:
    """Sign the canonical form of ``payload``; the same payload and key give the same receipt."""
    json_bytes = to_canonical_json(dict(payload))
    return SealedReceipt(json_bytes, key.sign(json_bytes), key.id, short_code(json_bytes))


def verify_receipt(sealed: SealedReceipt, keyring: Keyring) -> None:
    """Raise :class:`SealBroken` unless one of the keys signed exactly this JSON."""
    _verify(sealed.key_id, sealed.signature, sealed.json_bytes, keyring)


def seal_pdf(pdf: bytes, key: SigningKey) -> bytes:
    """Return the file with one comment line before its last ``startxref`` that signs all the rest.

    The line stands where PDF allows a comment and moves nothing that the file points at, so the
    file stays valid PDF/A, of which nothing may follow ``%%EOF``.
    """
    at = pdf.rindex(b"startxref")
    signature = key.sign(_sealed_text(key.id, pdf[:at], pdf[at:]))
    line = _MARK % (key.id.encode(), signature.hex().encode())
    return pdf[:at] + line + pdf[at:]


def verify_pdf(pdf: bytes, keyring: Keyring) -> str:
    """Return the id of the key that sealed the file; raise :class:`SealBroken` if a bit differs."""
    lines = list(_LINE.finditer(pdf))
    if len(lines) != 1:
        raise SealBroken("there is not exactly one seal")
    key_id, signature = lines[0][1].decode(), bytes.fromhex(lines[0][2].decode())
    text = _sealed_text(key_id, pdf[: lines[0].start()], pdf[lines[0].end() :])
    _verify(key_id, signature, text, keyring)
    return key_id


def _sealed_text(key_id: str, before: bytes, after: bytes) -> bytes:
    """Say what is signed: the place of the line matters as much as what stands around it."""
    digest = hashlib.sha256(before + after).hexdigest()
    return f"relais-seal-1\n{key_id}\n{len(before)}\n{digest}\n".encode()


def _verify(key_id: str, signature: bytes, message: bytes, keyring: Keyring) -> None:
    for key in keyring.keys:
        if key.id == key_id and key.revoked_at is None:
            try:
                Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public)).verify(signature, message)
            except InvalidSignature as error:
                raise SealBroken("the signature does not fit") from error
            return
    raise SealBroken(f"the key {key_id} is not trusted")
