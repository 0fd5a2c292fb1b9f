"""Whose signatures count in a caisse: this platform's keys, and those of the platforms where it was before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.documents.evidence import signing
from core.documents.evidence.keys import TRUST_FORMAT, Keyring, SigningKey
from core.documents.models import TrustedKey
from core.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def get_keyring() -> Keyring:
    """Return all keys under which a receipt of the open scope's caisse is authentic."""
    brought = (
        SigningKey(
            id=one.id,
            public=one.public,
            created_at=one.created_at,
            retired_at=one.retired_at or None,
            revoked_at=one.revoked_at or None,
        )
        for one in TrustedKey.objects.order_by("id")
    )
    return Keyring((*signing.get_keyring().keys, *brought))


def get_trust_list() -> dict[str, Any]:
    """Return what the open scope's caisse publishes, so that anyone can check its receipts."""
    return get_keyring().trust_list(settings.PLATFORM_DOMAIN)


def list_foreign() -> list[dict[str, Any]]:
    """Return a trust list for each platform where the open scope's caisse was before."""
    lists: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in TrustedKey.objects.order_by("issuer", "id"):
        lists[one.issuer].append(
            {
                "id": one.id,
                "algorithm": "Ed25519",
                "public": one.public,
                "created_at": one.created_at,
                "retired_at": one.retired_at or None,
                "revoked_at": one.revoked_at or None,
            }
        )
    return [{"format": TRUST_FORMAT, "issuer": issuer, "keys": keys} for issuer, keys in lists.items()]


def bring_keys(trust_lists: Iterable[Mapping[str, Any]]) -> None:
    """Let the keys of other platforms count in the open scope's caisse; this platform's own are known. Repeatable."""
    own = {key.id for key in signing.get_keyring().keys}
    rows = [
        TrustedKey(
            id=key["id"],
            public=key["public"],
            issuer=one["issuer"],
            created_at=key["created_at"],
            retired_at=key["retired_at"] or "",
            revoked_at=key["revoked_at"] or "",
            added_at=clock.now(),
        )
        for one in trust_lists
        for key in one["keys"]
        if key["id"] not in own
    ]
    TrustedKey.objects.bulk_create(rows, ignore_conflicts=True)
