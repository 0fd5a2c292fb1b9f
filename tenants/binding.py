"""The caisse that this request or task works for, for log lines, cache keys and metrics.

A binding opens no scope and gives no access: that is what ``tenants.scope`` does.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from core.kernel.telemetry import caisse_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.reference import CaisseRef

_bound: ContextVar[CaisseRef | None] = ContextVar("relais_caisse", default=None)


def bound_caisse() -> CaisseRef | None:
    """Return the caisse bound in this context, or None (the platform's pages, commands)."""
    return _bound.get()


@contextmanager
def bind(caisse: CaisseRef | None) -> Iterator[None]:
    """Bind a caisse within the block."""
    token = _bound.set(caisse)
    try:
        with caisse_context(caisse.id if caisse else ""):
            yield
    finally:
        _bound.reset(token)
