"""The part of a caisse's page on support access: what this operator asked for and was granted there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.support.selectors import list_of_operator, state_of
from core.kernel.text import N_
from core.operator.caisses.parts import CaissePart, add_caisse_part
from tenants.models import Operator
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from core.operator.caisses.parts import View

STATES = {
    "asked": (N_("asked for"), "warn"),
    "refused": (N_("refused"), ""),
    "coming": (N_("not yet"), "info"),
    "running": (N_("running"), "ok"),
    "ended": (N_("ended early"), ""),
    "over": (N_("over"), ""),
}


def read_support(view: View) -> dict[str, Any]:
    """Read the accesses of this operator at the caisse; nobody else's, and nothing besides."""
    if view.caisse.state != "active":
        return {"support_open": False, "support": []}
    with platform_transaction():
        emails = Operator.objects.filter(id__in=[view.actor.user_id] if view.actor.user_id else [])
        email = emails.values_list("email", flat=True).first()
    with tenant_transaction(view.caisse.ref):
        found = list_of_operator(email) if email else []
    listed = []
    for grant in found:
        state = state_of(grant)
        label, chip = STATES[state]
        listed.append({"grant": grant, "state": state, "label": gettext(label), "chip": chip})
    return {"support_open": True, "support": listed, "support_may_ask": all(one["state"] != "asked" for one in listed)}


add_caisse_part(CaissePart("operator/caisse/_support.html", read_support, order=60))
