"""The parties for whom a user acts: searched and paged, as quick for a thousand as for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, Func, IntegerField, Q, UUIDField, Value, When
from django.db.models.functions import Lower

from core.accounts.mandates.paging import PAGE, ListPage, page_of
from core.accounts.models import Mandate, Party
from core.accounts.policy import caisse_today
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


def list_clients(user_id: UUID, *, search: str = "", after: str = "", limit: int = PAGE) -> ListPage[Party]:
    """Return a page of the parties for whom she may act today, her own companies first, then by name."""
    found = _clients(user_id)
    for word in search.split():
        found = found.filter(
            Q(name__icontains=word) | Q(number__istartswith=word) | Q(enterprise_number__icontains=word)
        )
    return page_of(found, ("rank", "lower_name", "id"), after, limit, known=_ranked(user_id))


def _clients(user_id: UUID) -> QuerySet[Party]:
    return _ranked(user_id).filter(id__in=_mandates(user_id).values("for_party_id")).exclude(state="ended")


def _ranked(user_id: UUID) -> QuerySet[Party]:
    """Own companies first: those for which one acts within themselves."""
    own = _mandates(user_id).filter(basis="self").values("for_party_id")
    rank = Case(When(id__in=own, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Party.objects.annotate(rank=rank, lower_name=Lower(F("name")))


def _mandates(user_id: UUID) -> QuerySet[Mandate]:
    today = caisse_today(current_caisse())
    place = "acting_party__memberships__"
    running = Q(valid_from__lte=today) & (Q(valid_until__isnull=True) | Q(valid_until__gte=today))
    placed = Q(**{f"{place}valid_until__isnull": True}) | Q(**{f"{place}valid_until__gte": today})
    reaching = Q(**{f"{place}clients__isnull": True}) | Q(**{f"{place}clients__contains": _ForParty(F("for_party_id"))})
    return Mandate.objects.filter(
        running,
        placed,
        reaching,
        state="accepted",
        paused_at__isnull=True,
        **{
            f"{place}user_id": user_id,
            f"{place}ended_at__isnull": True,
            f"{place}paused_at__isnull": True,
            f"{place}valid_from__lte": today,
        },
    )


class _ForParty(Func):
    """One identifier as an array."""

    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(UUIDField())
