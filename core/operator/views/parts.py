"""What this room shows on the console's first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.kernel.text import Text
from core.operator.acts import name_actor
from core.operator.audit import list_actions
from core.operator.selectors import list_acts
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from core.kernel.actors import Actor

NEWEST = 5


def read_acts(actor: Actor) -> dict[str, Any]:
    """Read what was done last."""
    del actor
    labels = list_actions()
    with platform_transaction():
        acts = list(list_acts()[:NEWEST])
    return {"newest_acts": [(act, gettext(labels.get(act.action, Text(act.action))), name_actor(act)) for act in acts]}
