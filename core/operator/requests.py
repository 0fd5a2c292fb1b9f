"""The request as the console's middleware has prepared it; for types only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.operator.sessions import OperatorSessionStore
    from tenants.models import Operator


class OperatorRequest(HttpRequest):
    """A request under ``/operator/``; ``operator`` and ``actor`` stand only behind the policy."""

    caisse: None
    session: OperatorSessionStore
    operator: Operator
    actor: Actor
