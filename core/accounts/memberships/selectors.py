"""Reading the users of a company: the list with filters and counts, one user, what was changed by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from core.accounts.by_name import PageGone, after, write_cursor
from core.accounts.memberships.services import access_company
from core.accounts.models import Activation, Mandate, Membership, Party
from core.accounts.policy import caisse_today
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.errors import NotFound
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from core.kernel.actors import Actor

State = Literal["active", "invited", "blocked", "later", "paused", "ended"]
STATES: tuple[State, ...] = ("active", "invited", "blocked", "later", "paused", "ended")
PAGE, HISTORY, MOST_CLIENTS = 50, 50, 500
HISTORY_OF = ("membership", "company_theme", "access_request")
_ORDER = ("user__family_name", "user__given_name", "id")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for. An empty state: all but the ended."""

    search: str = ""
    role: str = ""
    state: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class MembersPage:
    """One page of users by name; each has ``code_until``, the moment to which a code is open, or None."""

    members: list[Membership]
    next_cursor: str


def list_members(viewer: Actor, filters: Filters, *, cursor: str = "", limit: int = PAGE) -> MembersPage:
    """Return a page of the users of the viewer's company; one query beside the company's own."""
    found = _with_code(_fitting(viewer, filters)).order_by(*_ORDER)
    if cursor:
        found = found.filter(after(cursor, "id"))
    rows = list(found[: limit + 1])
    return MembersPage(
        rows[:limit], write_cursor(rows[limit - 1].user, rows[limit - 1].id) if len(rows) > limit else ""
    )


def count_members(viewer: Actor, filters: Filters) -> dict[str, int]:
    """Return how many users of the search are in each state, whatever state is asked for."""
    wide = Filters(filters.search, filters.role, "all", filters.theme)
    today = caisse_today(current_caisse())
    counts = {state: Count("id", filter=in_state(state, today)) for state in STATES}
    return _fitting(viewer, wide).aggregate(**counts)


def get_member(viewer: Actor, membership_id: UUID) -> Membership:
    """Return one user of the viewer's company with her open code, also an ended one; raises ``not_found``."""
    party = access_company(viewer)
    found = Membership.objects.filter(id=membership_id, party=party, substitute_for__isnull=True)
    member = _with_code(found).first()
    if member is None:
        raise NotFound
    return member


def list_colleagues(party_id: UUID, *, apart: UUID | None = None) -> list[Membership]:
    """Return those who can enter for a company today, by name; one query."""
    today = caisse_today(current_caisse())
    found = Membership.objects.filter(in_state("active", today), party_id=party_id, substitute_for__isnull=True)
    return list((found.exclude(id=apart) if apart else found).select_related("user").order_by(*_ORDER)[:MOST_CLIENTS])


def list_substitutions(memberships: Iterable[UUID], users: Iterable[UUID], party_id: UUID) -> list[Membership]:
    """Return who stands in for these places, and for whom these users stand in, that is not over; one query."""
    today = caisse_today(current_caisse())
    found = Membership.objects.filter(
        Q(substitute_for_id__in=list(memberships)) | Q(user_id__in=list(users)),
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        party_id=party_id,
        substitute_for__isnull=False,
        ended_at__isnull=True,
    )
    return list(found.select_related("user", "substitute_for__user").order_by("valid_from", "id"))


def list_clients(party_id: UUID) -> list[Party]:
    """Return for whom a company acts besides itself, by name; one query."""
    held = Mandate.objects.filter(acting_party_id=party_id, state="accepted").exclude(basis="self")
    return list(Party.objects.filter(id__in=held.values("for_party_id")).order_by("name", "id")[:MOST_CLIENTS])


def list_history(
    party_id: UUID, *, membership_id: UUID | None = None, before: str = "", limit: int = HISTORY
) -> tuple[list[Entry], str]:
    """Return who changed what among a company's users, newest first, and what leads to the older ones."""
    found = Entry.objects.filter(for_party_id=party_id, object_type__in=HISTORY_OF)
    if membership_id is not None:
        found = found.filter(object_type="membership", object_id=str(membership_id))
    if before:
        found = found.filter(_older(before))
    rows = list(found.order_by("-at", "-id")[: limit + 1])
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else ""


def name_members(entries: Iterable[Entry]) -> dict[str, str]:
    """Return of whom each act is, by the identifier of her place; one query."""
    wanted = {entry.object_id for entry in entries if entry.object_type == "membership"}
    found = Membership.objects.filter(id__in=wanted).select_related("user")
    return {str(one.id): one.user.name for one in found}


def state_of(member: Membership) -> State:
    """Return in which state somebody's place is today."""
    today = caisse_today(current_caisse())
    if member.ended_at is not None or (member.valid_until is not None and member.valid_until < today):
        return "ended"
    if member.user.state in {"blocked", "left"}:
        return "blocked"
    if member.user.state == "invited":
        return "invited"
    if member.paused_at is not None:
        return "paused"
    return "later" if member.valid_from > today else "active"


def in_state(state: State, today: date) -> Q:
    """Return the condition of a state on that day."""
    ended = Q(ended_at__isnull=False) | Q(valid_until__isnull=False, valid_until__lt=today)
    shut, waits, paused = Q(user__state__in=["blocked", "left"]), Q(user__state="invited"), Q(paused_at__isnull=False)
    begun = Q(valid_from__lte=today)
    enters = ~ended & Q(user__state="active") & ~paused
    return {
        "ended": ended,
        "blocked": ~ended & shut,
        "invited": ~ended & waits,
        "paused": ~ended & Q(user__state="active") & paused,
        "later": enters & ~begun,
        "active": enters & begun,
    }[state]


def _with_code(found: QuerySet[Membership]) -> QuerySet[Membership]:
    code = Activation.objects.filter(
        user_id=OuterRef("user_id"), used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now()
    )
    return found.select_related("user", "party").annotate(code_until=Subquery(code.values("expires_at")[:1]))


def _fitting(viewer: Actor, filters: Filters) -> QuerySet[Membership]:
    found = Membership.objects.filter(party=access_company(viewer), substitute_for__isnull=True)
    for word in filters.search.split():
        found = found.filter(
            Q(user__given_name__icontains=word)
            | Q(user__family_name__icontains=word)
            | Q(user__sign_in_name__icontains=word)
        )
    if filters.role:
        found = found.filter(role=filters.role)
    if filters.theme:
        found = found.filter(Q(themes__isnull=True) | Q(themes__contains=[filters.theme]))
    today = caisse_today(current_caisse())
    wanted = next((state for state in STATES if state == filters.state), None)
    if wanted:
        return found.filter(in_state(wanted, today))
    return found if filters.state == "all" else found.exclude(in_state("ended", today))


def _older(entry_id: str) -> Q:
    try:
        last = Entry.objects.filter(id=UUID(entry_id)).values_list("at", "id").first()
    except ValueError as error:
        raise PageGone from error
    if last is None:
        raise PageGone
    return Q(at__lt=last[0]) | Q(at=last[0], id__lt=last[1])
