"""Limits and closings as an operator sets them, waited for until this process has heard of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.kernel.actors import Actor
from tenants import hosts, services
from tenants.quotas import get_quotas, set_quotas
from tenants.scope import platform_transaction
from tests.integration.tenants.support import wait_until

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

OLGA = Actor(kind="operator", name="Olga")


def limit(caisse: CaisseRef, **limits: int | None) -> None:
    """Give a caisse limits of its own."""
    with platform_transaction():
        set_quotas(actor=OLGA, caisse=caisse, limits=limits)
    wait_until(
        lambda: all(value is None or getattr(get_quotas(caisse), name) == value for name, value in limits.items())
    )


def suspend(caisse: CaisseRef, **values: Any) -> None:
    """Close a caisse."""
    with platform_transaction():
        services.suspend_caisse(actor=OLGA, caisse=caisse, **{"reason": "unpaid", **values})
    wait_until(lambda: hosts.get_caisse(caisse.id).state == "suspended")


def resume(caisse: CaisseRef) -> None:
    """Open it again."""
    with platform_transaction():
        services.resume_caisse(actor=OLGA, caisse=caisse)
    wait_until(lambda: hosts.get_caisse(caisse.id).state == "active")
