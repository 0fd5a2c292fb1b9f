"""A cache whose keys carry the caisse; without one it raises. Nothing correct depends on it."""

from __future__ import annotations

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from tenants.binding import bound_caisse
from tenants.errors import ScopeMissing
from tenants.scope import current_bounds


def caisse_key(key: str, key_prefix: str, version: int) -> str:
    """Return the key within the caisse of the open scope, else of the request or task."""
    bounds = current_bounds()
    caisse = bounds.caisse if bounds is not None else bound_caisse()
    if caisse is None:
        message = "A cache key needs a caisse: open its scope or bind it."
        raise ScopeMissing(message)
    return f"{caisse.id}:{key_prefix}:{version}:{key}"


class CaisseLocMemCache(LocMemCache):
    """Process memory, keys per caisse."""

    def make_key(self, key: str, version: int | None = None) -> str:
        """Return the key with the caisse in it."""
        return caisse_key(key, self.key_prefix, version or self.version)


class CaisseRedisCache(RedisCache):
    """Redis, keys per caisse."""

    def make_key(self, key: str, version: int | None = None) -> str:
        """Return the key with the caisse in it."""
        return caisse_key(key, self.key_prefix, version or self.version)
