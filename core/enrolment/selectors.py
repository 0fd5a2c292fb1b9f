"""Reading applications: the clerk's list with filters and counts, newest first."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q

from core.accounts.models import Membership, Party, User
from core.audit.models import Entry
from core.enrolment.models import Application
from core.kernel.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.kernel.actors import Actor

STATES = ("open", "approved", "refused", "declined")
PAGE = 50


class PageLost(InvalidInput):
    """This page of the list no longer exists. Start again from its first page."""

    code = "page_lost"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; an empty state stands for the open ones, ``all`` for every one."""

    search: str = ""
    way: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """One page of applications, newest first, and the cursor of the next."""

    applications: list[Application]
    next_cursor: str


def list_applications(viewer: Actor, filters: Filters, *, cursor: str = "", limit: int = PAGE) -> ApplicationPage:
    """Return a page of applications; one query."""
    found = _fitting(viewer, filters)
    if filters.state != "all":
        found = found.filter(state=filters.state or "open")
    if cursor:
        at, last = _read_cursor(cursor)
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=last))
    rows = list(found.order_by("-created_at", "-id")[: limit + 1])
    more = len(rows) > limit
    return ApplicationPage(rows[:limit], _write_cursor(rows[limit - 1]) if more else "")


def count_applications(viewer: Actor, filters: Filters) -> dict[str, int]:
    """Return how many of the search are in each state; one query."""
    counts = {state: Count("id", filter=Q(state=state)) for state in STATES}
    return _fitting(viewer, filters).aggregate(**counts)


def count_open(viewer: Actor) -> int:
    """Return how many applications wait for a clerk."""
    return Application.objects.filter(state="open").count() if viewer.is_desk else 0


def list_history(viewer: Actor, application: Application, *, limit: int = 50) -> list[Entry]:
    """Return what was done with an application, newest first."""
    _check(viewer)
    found = Entry.objects.filter(object_type="application", object_id=str(application.id))
    return list(found.order_by("-at", "-id")[:limit])


def list_users(application: Application) -> list[User]:
    """Return the users who came in by an application, by identifier."""
    if application.party_id is None:
        return []
    people = Membership.objects.filter(party_id=application.party_id, ended_at__isnull=True)
    made = people.filter(created_at__gte=application.decided_at) if application.decided_at else people.none()
    return [one.user for one in made.select_related("user").order_by("user__sign_in_name")[:20]]


def access_user(application: Application, user_id: UUID) -> User:
    """Return one of the users who came in by an application; raises ``not_found``."""
    for user in list_users(application):
        if user.id == user_id:
            return user
    raise NotFound


def list_without_access(viewer: Actor, search: str, *, cursor: str = "", limit: int = PAGE) -> tuple[list[Party], str]:
    """Return a page of active companies that nobody acts for yet, by number, and the cursor of the next; one query."""
    _check(viewer)
    members = Membership.objects.filter(ended_at__isnull=True, user__state__in=["active", "invited", "blocked"])
    found = Party.objects.filter(kind__in=("employer", "agent", "self_employed"), state="active").exclude(number="")
    found = found.exclude(id__in=members.values("party_id"))
    for word in search.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(number__icontains=word) | Q(town__icontains=word))
    if cursor:
        number, last = _read_party_cursor(cursor)
        found = found.filter(Q(number__gt=number) | Q(number=number, id__gt=last))
    rows = list(found.order_by("number", "id")[: limit + 1])
    more = len(rows) > limit
    return rows[:limit], f"{rows[limit - 1].id}:{rows[limit - 1].number}" if more else ""


def _fitting(viewer: Actor, filters: Filters) -> QuerySet[Application]:
    _check(viewer)
    found = Application.objects.filter(state__in=STATES).select_related("party")
    for word in filters.search.split()[:6]:
        found = found.filter(
            Q(name__icontains=word) | Q(number__icontains=word) | Q(reference__iexact=word) | Q(email__icontains=word)
        )
    return found.filter(way=filters.way) if filters.way else found


def _check(viewer: Actor) -> None:
    if not viewer.is_desk:
        raise NotFound


def _read_party_cursor(cursor: str) -> tuple[str, UUID]:
    last, _colon, number = cursor.partition(":")
    try:
        return number, UUID(last)
    except ValueError as error:
        raise PageLost from error


def _write_cursor(row: Application) -> str:
    return base64.urlsafe_b64encode(json.dumps([row.created_at.isoformat(), str(row.id)]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = json.loads(base64.urlsafe_b64decode(cursor))
        return datetime.fromisoformat(at), UUID(last)
    except (ValueError, TypeError) as error:
        raise PageLost from error
