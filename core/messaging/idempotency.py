"""One effect for one Idempotency-Key; a repeat is given the first answer again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from core.kernel import clock
from core.messaging.errors import KeyInWork, KeyReused
from core.messaging.models import IdempotencyKey

if TYPE_CHECKING:
    from core.kernel.actors import Actor

_CLAIM = """
INSERT INTO core_messaging_idempotencykey (scope, key, fingerprint, created_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (scope, key) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What the first call with this key was answered."""

    status: int
    body: Any


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return the digest by which two calls are told apart."""
    return hashlib.sha256(json.dumps([method, path]).encode() + b"\0" + body).hexdigest()


def claim(*, actor: Actor, key: str, print_: str) -> FirstAnswer | None:
    """Claim a key within the caller's transaction; return the first answer if there is one.

    A second call at the same time waits for the first to commit (unique index), then gets its
    answer. Raises ``idempotency_key_reused`` when the contents differ.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [_scope(actor), key, print_, clock.now()])
        if cursor.rowcount:
            return None
    return find_answer(actor=actor, key=key, print_=print_)


def find_answer(*, actor: Actor, key: str, print_: str) -> FirstAnswer | None:
    """Return the first answer to a key without claiming it, before costly work begins; raises as ``claim`` does."""
    held = IdempotencyKey.objects.filter(scope=_scope(actor), key=key).first()
    if held is None:
        return None
    if held.fingerprint != print_:
        raise KeyReused
    if held.status is None:
        raise KeyInWork
    return FirstAnswer(held.status, held.answer)


def keep_answer(*, actor: Actor, key: str, status: int, body: Any) -> None:
    """Keep the answer beside the effect, in the same transaction."""
    IdempotencyKey.objects.filter(scope=_scope(actor), key=key).update(status=status, answer=body)


def _scope(actor: Actor) -> str:
    return f"{actor.token_id or actor.user_id}:{actor.party_id or ''}"
