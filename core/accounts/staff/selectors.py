"""Reading the caisse's own people: the list with filters and counts, one person, her history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Count, OuterRef, Q, Subquery

from core.accounts.by_name import after, write_cursor
from core.accounts.models import Activation, StaffMember
from core.accounts.policy import caisse_today
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.errors import NotFound
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.models import User
    from core.kernel.actors import Actor

State = Literal["active", "invited", "blocked", "later", "ended"]
STATES: tuple[State, ...] = ("active", "invited", "blocked", "later", "ended")
PAGE, HISTORY = 50, 50
CONSOLE = frozenset({"administrator", "auditor"})
_ORDER = ("user__family_name", "user__given_name", "user_id")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; ``user_ids`` limits the list to a team's members. An empty state: all but the ended."""

    search: str = ""
    role: str = ""
    state: str = ""
    theme: str = ""
    user_ids: Collection[UUID] | None = None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people by name; each has ``code_until``, the day to which a code is open, or None."""

    people: list[StaffMember]
    next_cursor: str


def list_staff(viewer: Actor, filters: Filters, *, cursor: str = "", limit: int = PAGE) -> PeoplePage:
    """Return a page of the caisse's people; one query."""
    found = _with_code(_fitting(viewer, filters)).order_by(*_ORDER)
    if cursor:
        found = found.filter(after(cursor, "user_id"))
    rows = list(found[: limit + 1])
    return PeoplePage(
        rows[:limit], write_cursor(rows[limit - 1].user, rows[limit - 1].user_id) if len(rows) > limit else ""
    )


def count_staff(viewer: Actor, filters: Filters) -> dict[str, int]:
    """Return how many people of the search are in each state, whatever state is asked for; one query."""
    wide = Filters(filters.search, filters.role, "all", filters.theme, filters.user_ids)
    today = caisse_today(current_caisse())
    counts = {state: Count("user_id", filter=_in_state(state, today)) for state in STATES}
    return _fitting(viewer, wide).aggregate(**counts)


def access_staff(viewer: Actor, user_id: UUID) -> StaffMember:
    """Return one of the caisse's people with ``last_way``, by which her last code went; raises ``not_found``."""
    _check_may_see(viewer)
    last = Activation.objects.filter(user_id=OuterRef("user_id")).order_by("-created_at")
    named = StaffMember.objects.filter(user_id=user_id).annotate(last_way=Subquery(last.values("way")[:1]))
    found = _with_code(named).first()
    if found is None:
        raise NotFound
    return found


def treats(user_id: UUID, theme: str) -> bool:
    """Whether somebody treats the cases of a theme today; one query, within the caller's scope."""
    today = caisse_today(current_caisse())
    clerks = StaffMember.objects.filter(_in_state("active", today), user_id=user_id, roles__contains=["clerk"])
    return clerks.filter(Q(themes__isnull=True) | Q(themes__contains=[theme])).exists()


def list_administrators() -> list[User]:
    """Return who keeps the caisse today and can be written to; one query, within the caller's scope."""
    today = caisse_today(current_caisse())
    found = StaffMember.objects.select_related("user").filter(
        _in_state("active", today),
        roles__contains=["administrator"],
        user__state="active",
        user__contact_email__gt="",
    )
    return [one.user for one in found.order_by("user_id")]


def state_of(staff: StaffMember) -> State:
    """Return in which state somebody is today."""
    today = caisse_today(current_caisse())
    if staff.ended_at is not None or (staff.valid_until is not None and staff.valid_until < today):
        return "ended"
    if staff.user.state in {"blocked", "invited"}:
        return "blocked" if staff.user.state == "blocked" else "invited"
    return "later" if staff.valid_from > today else "active"


def list_history(viewer: Actor, user_id: UUID, *, limit: int = HISTORY) -> list[Entry]:
    """Return what was last done with a person's place here, newest first."""
    _check_may_see(viewer)
    found = Entry.objects.filter(object_type="staff", object_id=str(user_id))
    return list(found.order_by("-at", "-id")[:limit])


def _check_may_see(viewer: Actor) -> None:
    if not (viewer.is_desk and viewer.roles & CONSOLE):
        raise NotFound


def _with_code(found: QuerySet[StaffMember]) -> QuerySet[StaffMember]:
    code = Activation.objects.filter(
        user_id=OuterRef("user_id"), used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now()
    )
    return found.select_related("user").annotate(code_until=Subquery(code.values("expires_at")[:1]))


def _fitting(viewer: Actor, filters: Filters) -> QuerySet[StaffMember]:
    _check_may_see(viewer)
    found = StaffMember.objects.all()
    for word in filters.search.split():
        found = found.filter(
            Q(user__given_name__icontains=word)
            | Q(user__family_name__icontains=word)
            | Q(user__sign_in_name__icontains=word)
        )
    if filters.role:
        found = found.filter(roles__contains=[filters.role])
    if filters.theme:
        found = found.filter(Q(themes__isnull=True) | Q(themes__contains=[filters.theme]), roles__contains=["clerk"])
    if filters.user_ids is not None:
        found = found.filter(user_id__in=list(filters.user_ids))
    today = caisse_today(current_caisse())
    wanted = next((state for state in STATES if state == filters.state), None)
    if wanted:
        return found.filter(_in_state(wanted, today))
    return found if filters.state == "all" else found.exclude(_in_state("ended", today))


def _in_state(state: State, today: date) -> Q:
    ended = Q(ended_at__isnull=False) | Q(valid_until__isnull=False, valid_until__lt=today)
    if state == "ended":
        return ended
    if state in {"blocked", "invited"}:
        return ~ended & Q(user__state=state)
    begun = Q(valid_from__lte=today)
    return ~ended & ~Q(user__state__in=["blocked", "invited"]) & (begun if state == "active" else ~begun)
