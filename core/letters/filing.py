"""The files of a campaign in the store: encrypted, since they hold codes, and never shown to the room of documents."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from core.documents import reconciling
from core.documents.ports import ObjectMissing, get_store
from core.letters.errors import FileDamaged, FileGone
from core.letters.models import Campaign
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenants.scope import CaisseRef

FOLDER = "letters"
PIECE_BYTES = 256 * 1024
NONCE_BYTES, TAG_BYTES = 12, 16
_SEALED = NONCE_BYTES + PIECE_BYTES + TAG_BYTES


def key_of(caisse: CaisseRef, campaign_id: object, name: str) -> str:
    """Return an object's key."""
    return f"{caisse.id}/{FOLDER}/{campaign_id}/{name}"


def put_sealed(key: str, file: BinaryIO) -> int:
    """Encrypt a file from where it stands into the store; return the plain size. Outside any transaction."""
    start = file.tell()
    get_store().put(key, _seal(key, file))
    return file.tell() - start


def open_sealed(key: str) -> Iterator[bytes]:
    """Yield the plain bytes; a piece that was changed, moved or cut off raises ``file_damaged``."""
    try:
        yield from _unseal(key, _exactly(get_store().open(key), _SEALED))
    except ObjectMissing as error:
        raise FileGone(most=0) from error


def delete(keys: Iterable[str]) -> None:
    """Delete objects; repeatable."""
    for key in keys:
        get_store().delete(key)


def list_kept(caisse: CaisseRef) -> set[str]:
    """Return the keys that a campaign still speaks of."""
    with tenant_transaction(caisse):
        rows = list(Campaign.objects.exclude(state="cleared").values_list("file_key", "parts"))
    return {key for file_key, parts in rows for key in (file_key, *parts) if key}


def register() -> None:
    """Let reconciling know whose these objects are."""
    reconciling.keep_also(list_kept)


def _box() -> AESGCM:
    return AESGCM(hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"relais-letters", digest_size=32).digest())


def _seal(key: str, file: BinaryIO) -> Iterator[bytes]:
    box, number, piece = _box(), 0, file.read(PIECE_BYTES)
    while True:
        following = file.read(PIECE_BYTES) if len(piece) == PIECE_BYTES else b""
        nonce = os.urandom(NONCE_BYTES)
        yield nonce + box.encrypt(nonce, piece, _place(key, number, last=not following))
        if not following:
            return
        number, piece = number + 1, following


def _unseal(key: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    box, number, piece = _box(), 0, next(pieces, b"")
    while piece:
        following = next(pieces, b"")
        try:
            yield box.decrypt(piece[:NONCE_BYTES], piece[NONCE_BYTES:], _place(key, number, last=not following))
        except (InvalidTag, ValueError) as error:
            raise FileDamaged from error
        number, piece = number + 1, following


def _place(key: str, number: int, *, last: bool) -> bytes:
    """Bind a piece to its object, its place there, and to being the last one."""
    return f"{key}:{number}:{int(last)}".encode()


def _exactly(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        held += chunk
        while len(held) >= size:
            yield held[:size]
            held = held[size:]
    if held:
        yield held
