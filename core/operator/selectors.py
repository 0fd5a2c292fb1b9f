"""Reading operators, their sessions and what was done; within a platform scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.operator.models import Act

if TYPE_CHECKING:
    from django.db.models import QuerySet


def list_acts() -> QuerySet[Act]:
    """Return what was done, newest first."""
    return Act.objects.order_by("-at", "-id")
