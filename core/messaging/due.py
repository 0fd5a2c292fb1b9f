"""What is due for all clients of a user: requests, drafts, and yearly declarations that have not been sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Lower

from core.accounts.mandates.paging import PAGE, ListPage, page_of
from core.accounts.models import Party
from core.accounts.policy import caisse_today
from core.catalogue import offers
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel.periods import day_of
from core.messaging.models import Message
from core.messaging.selectors import of_seats
from core.messaging.states import AT_THE_DESK, State
from core.parameters.book import find_parameter
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.seats import Seat
    from core.catalogue.types import MessageType

# What has no day comes after everything that has one.
NO_DAY = date(9999, 12, 31)
STANDING = [*map(str, AT_THE_DESK), str(State.DONE)]


@dataclass(frozen=True, slots=True)
class DueFilters:
    """What the list is narrowed to: a client by name or number, a theme, what is due until a day."""

    client: str = ""
    theme: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Yearly:
    """A declaration that each year asks for: its type, the year, and the day by which it is due."""

    message_type: MessageType
    year: int
    due_on: date


def list_due_requests(
    seats: Sequence[Seat], filters: DueFilters, *, after: str = "", limit: int = PAGE
) -> ListPage[Message]:
    """Return a page of what the caisse asks and waits for, the most urgent first."""
    found = _messages(seats, filters).filter(state=str(State.OPEN)).select_related("party")
    return page_of(found, ("sort_due", "created_at", "id"), after, limit, known=_dated())


def list_due_drafts(
    seats: Sequence[Seat], filters: DueFilters, *, after: str = "", limit: int = PAGE
) -> ListPage[Message]:
    """Return a page of what was begun and is not sent, the oldest change first."""
    found = _drafts(_messages(seats, filters)).select_related("party")
    return page_of(found, ("changed_at", "id"), after, limit, known=_dated())


def list_due_yearly(
    seats: Sequence[Seat], yearly: Yearly, filters: DueFilters, *, after: str = "", limit: int = PAGE
) -> ListPage[Party]:
    """Return a page of the clients for whom a yearly declaration has not been sent here, by name."""
    found = _missing(seats, yearly, filters).annotate(lower_name=Lower(F("name")))
    known = Party.objects.annotate(lower_name=Lower(F("name")))
    return page_of(found, ("lower_name", "id"), after, limit, known=known)


def count_due(seats: Sequence[Seat], filters: DueFilters, yearly: Sequence[Yearly]) -> dict[str, int]:
    """Return how many requests, drafts and, by type, missing declarations there are; one query and one for each."""
    counted = _messages(seats, filters).aggregate(
        requests=Count("id", filter=Q(state=str(State.OPEN))),
        drafts=Count("id", filter=Q(state=str(State.DRAFT), drafted_by="party")),
    )
    missing = {one.message_type.key: _missing(seats, one, filters).count() for one in yearly}
    return {**counted, **missing}


def list_yearly() -> list[Yearly]:
    """Return the declarations for the year that ended which the caisse offers; no query."""
    caisse = current_caisse()
    today = caisse_today(caisse)
    jurisdiction = configuration.get(caisse, LocaleSection).jurisdiction
    found = []
    for message_type in offers.list_startable_types(caisse, "party"):
        if message_type.due is None:
            continue
        day = find_parameter(jurisdiction, message_type.due.parameter, today, caisse=caisse)
        if day is not None:
            due_on = day_of(today.year, day.value)
            found.append(Yearly(message_type, today.year - 1, due_on))
    return found


def find_busy(party_ids: set[UUID]) -> set[UUID]:
    """Return which of some parties have a request open whose day has not passed."""
    today = caisse_today(current_caisse())
    open_now = Message.objects.filter(party_id__in=party_ids, state=str(State.OPEN), due_on__gte=today)
    return set(open_now.values_list("party_id", flat=True))


def _dated() -> QuerySet[Message]:
    return Message.objects.annotate(sort_due=Coalesce(F("due_on"), Value(NO_DAY, output_field=DateField())))


def _messages(seats: Sequence[Seat], filters: DueFilters) -> QuerySet[Message]:
    found = _dated().filter(of_seats(seats))
    if filters.theme:
        found = found.filter(theme=filters.theme)
    if filters.until is not None:
        found = found.filter(due_on__lte=filters.until)
    for word in filters.client.split():
        found = found.filter(Q(party__name__icontains=word) | Q(party__number__istartswith=word))
    return found


def _drafts(found: QuerySet[Message]) -> QuerySet[Message]:
    return found.filter(state=str(State.DRAFT), drafted_by="party")


def _missing(seats: Sequence[Seat], yearly: Yearly, filters: DueFilters) -> QuerySet[Party]:
    kind = yearly.message_type
    able = [
        seat.party.id
        for seat in seats
        if kind.theme in seat.rights
        and seat.party.kind in kind.party_kinds
        and (kind.theme not in seat.types or kind.key in seat.types[kind.theme])
    ]
    sent = Message.objects.filter(
        party_id=OuterRef("id"), type_key=kind.key, period=str(yearly.year), state__in=STANDING
    )
    first, last = date(yearly.year, 1, 1), date(yearly.year, 12, 31)
    found = Party.objects.filter(
        Q(affiliated_from__isnull=True) | Q(affiliated_from__lte=last),
        Q(affiliated_until__isnull=True) | Q(affiliated_until__gte=first),
        ~Exists(sent),
        id__in=able,
    )
    if (filters.theme and filters.theme != kind.theme) or (filters.until and filters.until < yearly.due_on):
        return found.none()
    for word in filters.client.split():
        found = found.filter(Q(name__icontains=word) | Q(number__istartswith=word))
    return found
