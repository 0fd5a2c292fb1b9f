"""Cache keys carry the caisse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from tenants.binding import bind
from tenants.errors import ScopeMissing
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from tenants.scope import CaisseRef


def test_caisses_do_not_share_what_is_cached(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    with bind(caisse):
        cache.set("key", "ours")
    with bind(other_caisse):
        assert cache.get("key") is None
    with tenant_transaction(caisse):
        assert cache.get("key") == "ours"
    with tenant_transaction(other_caisse), bind(caisse):
        assert cache.get("key") is None


def test_cache_without_a_caisse_raises() -> None:
    for act in (lambda: cache.get("key"), lambda: cache.set("key", 1), lambda: cache.delete("key")):
        with pytest.raises(ScopeMissing):
            act()
    with platform_transaction(), pytest.raises(ScopeMissing):
        cache.get("key")
