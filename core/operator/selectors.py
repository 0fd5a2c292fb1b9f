"""Reading operators, their sessions and what was done; within a platform scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Count, Q

from core.kernel import clock
from core.operator.factors import has_password_and_code
from core.operator.limits import IDLE
from core.operator.models import Act, Enrolment
from tenants.models import Operator, OperatorPasskey, OperatorSession

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

Standing = Literal["active", "invited", "no_way_in", "blocked"]


@dataclass(frozen=True, slots=True)
class Listed:
    """An operator as the list shows her. ``invited_until`` is that of a link that can still be used."""

    operator: Operator
    passkeys: int
    has_password: bool
    invited_until: datetime | None

    @property
    def standing(self) -> Standing:
        """Whether she can come in, and if not why."""
        if self.operator.state == Operator.States.BLOCKED:
            return "blocked"
        if self.passkeys or self.has_password:
            return "active"
        return "invited" if self.invited_until else "no_way_in"


def list_operators() -> list[Listed]:
    """Return all operators by name; two queries for any number."""
    now = clock.now()
    open_links = Enrolment.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
    invited = dict(open_links.values_list("operator_id", "expires_at"))
    found = Operator.objects.annotate(keys=Count("passkeys")).order_by("name", "id")
    return [Listed(one, one.keys, has_password_and_code(one), invited.get(one.id)) for one in found]


def list_passkeys(operator: Operator) -> list[OperatorPasskey]:
    """Return her passkeys, oldest first."""
    return list(OperatorPasskey.objects.filter(operator=operator).order_by("created_at", "id"))


def list_sessions(operator: Operator) -> list[OperatorSession]:
    """Return her live sessions, the latest used first."""
    now = clock.now()
    live = Q(expires_at__gt=now, last_seen_at__gt=now - IDLE)
    return list(OperatorSession.objects.filter(live, operator=operator).order_by("-last_seen_at"))


def list_acts() -> QuerySet[Act]:
    """Return what was done, newest first."""
    return Act.objects.order_by("-at", "-id")
