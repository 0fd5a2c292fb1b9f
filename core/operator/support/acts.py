"""The platform's own record of support accesses: what operators did, and what caisses decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.support import services
from core.kernel.actors import Actor
from core.kernel.text import N_
from core.operator.audit import name_actions, record_act
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from tenants.scope import CaisseRef

name_actions(
    {
        "support_asked": N_("Support access asked for"),
        "support_granted": N_("Support access granted by the caisse"),
        "support_refused": N_("Support access refused by the caisse"),
        "support_ended": N_("Support access ended by the caisse"),
        "support_entered": N_("Went into a caisse for support"),
    }
)


def keep_record(caisse: CaisseRef, action: str, actor: Actor, grant_id: UUID) -> None:
    """Record a step that the caisse has committed; of the caisse's people no name is kept here."""
    known = actor if actor.kind == "operator" else Actor(kind="clerk", name=caisse.slug)
    with platform_transaction():
        record_act(actor=known, action=action, caisse=caisse, data={"grant": str(grant_id)})


services.listen(keep_record)
