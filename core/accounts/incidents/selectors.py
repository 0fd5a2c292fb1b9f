"""Reading reports: the desk's list, a company's own, one person's; and which acts lie before and after one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q

from core.accounts.models import Incident, Membership, Party, StaffMember
from core.accounts.models.incidents import INCIDENT_STATES
from core.accounts.paging import page_of
from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from core.accounts.paging import Listed
    from core.kernel.actors import Actor

DESK_ROLES = frozenset({"clerk", "administrator"})
PAGE = 50
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; no state: all that is not settled."""

    state: str = ""
    search: str = ""


def list_incidents(viewer: Actor, filters: Filters, *, cursor: str = "", limit: int = PAGE) -> Listed[Incident]:
    """Return a page of the reports that a viewer may see, newest first; one query."""
    found = _fitting(viewer, filters.search)
    if filters.state in INCIDENT_STATES:
        found = found.filter(state=filters.state)
    elif filters.state != "all":
        found = found.exclude(state="closed")
    return page_of(found.select_related("user"), "reported_at", cursor, limit)


def count_incidents(viewer: Actor, search: str = "") -> dict[str, int]:
    """Return how many reports of the search are in each state; one query."""
    counts = {state: Count("id", filter=Q(state=state)) for state in INCIDENT_STATES}
    return _fitting(viewer, search).aggregate(**counts)


def access_incident(viewer: Actor, incident_id: UUID) -> Incident:
    """Return a report that the viewer may see; raises ``not_found``."""
    found = _visible(viewer).select_related("user__staff").filter(id=incident_id).first()
    if found is None:
        raise NotFound
    return found


def list_own(user_id: UUID) -> list[Incident]:
    """Return what somebody reported about her own access, newest first."""
    own = Incident.objects.select_related("user").filter(user_id=user_id)
    return list(own.order_by("-reported_at")[:PAGE])


def list_places(user_id: UUID) -> list[Party]:
    """Return the companies in which somebody works, by name."""
    own = Membership.objects.filter(user_id=user_id, ended_at__isnull=True)
    return list(Party.objects.filter(id__in=own.values("party_id")).order_by("name")[:PAGE])


def may_recover(viewer: Actor, incident: Incident) -> bool:
    """Whether the viewer may give the access back: never one's own, and an administrator's only by an administrator.

    Outside the desk it is an administrator of the company for which the person works, if she works for no other:
    nobody may renew an access that opens another house as well.
    """
    if incident.user_id == viewer.user_id or viewer.is_support:
        return False
    staff: StaffMember | None = getattr(incident.user, "staff", None)
    at_caisse = staff is not None and staff.ended_at is None
    if viewer.is_desk:
        return "administrator" in viewer.roles or ("clerk" in viewer.roles and not at_caisse)
    places = set(
        Membership.objects.filter(user_id=incident.user_id, ended_at__isnull=True).values_list("party_id", flat=True)
    )
    return "administrator" in viewer.roles and not at_caisse and places == {viewer.acting_party_id}


def list_recoverable(viewer: Actor, incidents: Iterable[Incident]) -> set[UUID]:
    """Return which of these reports still block somebody whose access an administrator of a company may renew."""
    waiting = [one for one in incidents if one.blocked and one.recovered_at is None and one.user_id != viewer.user_id]
    users = {one.user_id for one in waiting}
    elsewhere = Membership.objects.filter(user_id__in=users, ended_at__isnull=True)
    elsewhere = elsewhere.exclude(party_id=viewer.acting_party_id or _NOBODY)
    at_caisse = StaffMember.objects.filter(user_id__in=users, ended_at__isnull=True)
    others = set(elsewhere.values_list("user_id", flat=True).union(at_caisse.values_list("user_id", flat=True)))
    return {one.id for one in waiting if one.user_id not in others}


@dataclass(frozen=True, slots=True)
class Mark:
    """On which side of a report an act lies."""

    reference: str
    reported_at: datetime
    is_after: bool


class Marks:
    """The reports of some people, to tell acts before one from acts after; read at once."""

    def __init__(self, user_ids: Iterable[UUID | None]) -> None:
        self._of: dict[UUID, list[Incident]] = defaultdict(list)
        wanted = {one for one in user_ids if one is not None}
        for one in Incident.objects.filter(user_id__in=wanted, blocked=True).order_by("reported_at"):
            self._of[one.user_id].append(one)

    def find(self, user_id: UUID | None, at: datetime) -> Mark | None:
        """Return the mark of an act: the report under which it was done, else the next one after it."""
        if user_id is None:
            return None
        for one in self._of.get(user_id, ()):
            if one.reported_at > at:
                return Mark(one.reference, one.reported_at, is_after=False)
            if one.recovered_at is None or at < one.recovered_at:
                return Mark(one.reference, one.reported_at, is_after=True)
        return None


def _fitting(viewer: Actor, search: str) -> QuerySet[Incident]:
    found = _visible(viewer)
    for word in search.split():
        found = found.filter(
            Q(reference__icontains=word)
            | Q(user__given_name__icontains=word)
            | Q(user__family_name__icontains=word)
            | Q(user__sign_in_name__icontains=word)
        )
    return found


def _visible(viewer: Actor) -> QuerySet[Incident]:
    """Return all at the desk; of a company those of the people who work in it, for its administrators."""
    if viewer.is_desk:
        return Incident.objects.all()
    if "administrator" not in viewer.roles or viewer.acting_party_id is None:
        return Incident.objects.none()
    own = Membership.objects.filter(party_id=viewer.acting_party_id, ended_at__isnull=True)
    return Incident.objects.filter(user_id__in=own.values("user_id"))
