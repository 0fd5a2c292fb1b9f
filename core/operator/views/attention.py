"""The caisses that need attention, on the console's first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.operator.caisses.listing import Filters, list_caisses
from core.operator.views.caisses import describe
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from core.kernel.actors import Actor

SHOWN = 5


def read_attention(actor: Actor) -> dict[str, Any]:
    """Read the first few, and how many there are."""
    del actor
    with platform_transaction():
        listed = list_caisses(Filters(attention=True), limit=SHOWN)
    return {"attention": [describe(line) for line in listed.lines], "caisse_counts": listed.counts}
