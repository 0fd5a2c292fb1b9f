"""How much of the platform one caisse may use: the limits, their defaults, and setting them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.conf import settings

from core.kernel import clock
from tenants import hosts, revisions
from tenants.errors import QuotaNotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.kernel.actors import Actor
    from tenants.reference import CaisseRef

WARN_PERCENT = 80
# Below these a caisse could not work at all.
_LEAST = {"api_per_minute": 1, "uploads_at_once": 1, "background_share": 1}
_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Quotas:
    """The limits that hold for one caisse.

    ``uploads_at_once`` counts files being read by workers, ``background_share`` effects of any kind
    that workers do for the caisse at the same moment.
    """

    storage_bytes: int
    sms_per_hour: int
    sms_per_day: int
    uploads_at_once: int
    api_per_minute: int
    background_share: int


NAMES = tuple(field.name for field in fields(Quotas))


def get_defaults() -> Quotas:
    """Return what holds for a caisse that was given no limits of its own."""
    return Quotas(**settings.QUOTAS)


def get_quotas(caisse: CaisseRef) -> Quotas:
    """Return the limits of a caisse, from memory."""
    own = hosts.get_entry(caisse).limits
    return Quotas(**{**settings.QUOTAS, **own})


def percent_of(used: int, limit: int) -> int:
    """Return how much of a limit is used, rounded down; a limit of nothing is always reached."""
    return used * 100 // limit if limit else 100


def set_quotas(*, actor: Actor, caisse: CaisseRef, limits: Mapping[str, int | None]) -> dict[str, list[int | None]]:
    """Give a caisse limits of its own, None for the platform's; within a platform scope. Repeatable.

    Returns what changed, as ``name: [before, after]``. Raises ``QuotaNotAllowed``.
    """
    from tenants.steering import CaisseQuota  # noqa: PLC0415

    for name, limit in limits.items():
        if name not in NAMES or (limit is not None and not _LEAST.get(name, 0) <= limit <= _MOST):
            raise QuotaNotAllowed(name=name, least=_LEAST.get(name, 0))
    row = CaisseQuota.objects.select_for_update().filter(caisse_id=caisse.id).first() or CaisseQuota(
        caisse_id=caisse.id
    )
    changed = {name: [getattr(row, name), limit] for name, limit in limits.items() if getattr(row, name) != limit}
    if changed:
        for name, (_before, after) in changed.items():
            setattr(row, name, after)
        row.changed_at, row.changed_by = clock.now(), actor.name[:200]
        row.save()
        revisions.bump(revisions.HOSTS)
    return changed
