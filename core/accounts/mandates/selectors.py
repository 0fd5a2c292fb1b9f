"""Reading mandates and requests for them: a party's own, what waits for a clerk, and the history of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Count, Q

from core.accounts.mandates.paging import PAGE, ListPage, page_of
from core.accounts.models import Mandate, MandateRequest
from core.accounts.policy import caisse_today
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.errors import NotFound
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.models import Party
    from core.kernel.actors import Actor

Side = Literal["given", "held"]
Standing = Literal["in_force", "later", "paused", "over"]
SIDES: tuple[Side, ...] = ("given", "held")
STANDINGS: tuple[Standing, ...] = ("in_force", "later", "paused", "over")
TO_CHECK = ("waiting", "accepted", "refused")
HISTORY = 50
_OTHER = {"given": "acting_party", "held": "for_party"}


@dataclass(frozen=True, slots=True)
class MandateFilters:
    """What is looked for: a name or number of the other side, and a standing; empty: all but what is over."""

    search: str = ""
    standing: str = ""


def list_mandates(
    party_id: UUID, side: Side, filters: MandateFilters, *, after: str = "", limit: int = PAGE
) -> ListPage[Mandate]:
    """Return a page of the mandates that a party has given or holds, by the other's name; one or two queries."""
    found = _fitting(party_id, side, filters).select_related("acting_party", "for_party")
    return page_of(found, (f"{_OTHER[side]}__name", "valid_from", "id"), after, limit)


def count_mandates(party_id: UUID, side: Side, search: str = "") -> dict[str, int]:
    """Return how many mandates of a side have each standing; one query."""
    today = caisse_today(current_caisse())
    found = _fitting(party_id, side, MandateFilters(search, "all"))
    return found.aggregate(**{one: Count("id", filter=_has_standing(one, today)) for one in STANDINGS})


def standing_of(mandate: Mandate) -> Standing:
    """Return where a mandate stands today."""
    today = caisse_today(current_caisse())
    if mandate.state != "accepted" or (mandate.valid_until is not None and mandate.valid_until < today):
        return "over"
    if mandate.paused_at is not None:
        return "paused"
    return "later" if mandate.valid_from > today else "in_force"


def _fitting(party_id: UUID, side: Side, filters: MandateFilters) -> QuerySet[Mandate]:
    own = "for_party_id" if side == "given" else "acting_party_id"
    found = Mandate.objects.filter(**{own: party_id}).exclude(basis="self")
    other = _OTHER[side]
    for word in filters.search.split():
        found = found.filter(Q(**{f"{other}__name__icontains": word}) | Q(**{f"{other}__number__istartswith": word}))
    today = caisse_today(current_caisse())
    wanted = next((one for one in STANDINGS if one == filters.standing), None)
    if wanted:
        return found.filter(_has_standing(wanted, today))
    return found if filters.standing == "all" else found.exclude(_has_standing("over", today))


def _has_standing(standing: Standing, today: date) -> Q:
    over = ~Q(state="accepted") | Q(valid_until__isnull=False, valid_until__lt=today)
    match standing:
        case "over":
            return over
        case "paused":
            return ~over & Q(paused_at__isnull=False)
        case "later":
            return ~over & Q(paused_at__isnull=True, valid_from__gt=today)
        case _:
            return ~over & Q(paused_at__isnull=True, valid_from__lte=today)


def list_received(party_id: UUID, *, after: str = "", limit: int = PAGE) -> ListPage[MandateRequest]:
    """Return a page of what waits for this party's answer, the oldest first."""
    found = _open_requests().filter(to_party_id=party_id, proof="answer").select_related("from_party")
    return page_of(found, ("asked_at", "id"), after, limit)


def list_asked(party_id: UUID, *, after: str = "", limit: int = PAGE) -> ListPage[MandateRequest]:
    """Return a page of what this party has asked for, the newest first; it names nobody who has not answered."""
    found = MandateRequest.objects.filter(from_party_id=party_id).select_related("mandate")
    return page_of(found, ("-asked_at", "-id"), after, limit)


def count_requests(party_id: UUID) -> tuple[int, int]:
    """Return how many requests wait for this party's answer, and how many of its own wait; one query."""
    found = _open_requests().aggregate(
        received=Count("id", filter=Q(to_party_id=party_id, proof="answer")),
        asked=Count("id", filter=Q(from_party_id=party_id)),
    )
    return found["received"], found["asked"]


def list_to_check(
    state: str, *, search: str = "", files: QuerySet[Party] | None = None, after: str = "", limit: int = PAGE
) -> ListPage[MandateRequest]:
    """Return a page of the requests with a document, the oldest first where they wait, else the newest.

    ``files`` are the parties whose files are open to who looks.
    """
    order = ("asked_at", "id") if state == "waiting" else ("-asked_at", "-id")
    return page_of(_to_check(state, search, files), order, after, limit)


def count_to_check(*, search: str = "", files: QuerySet[Party] | None = None) -> dict[str, int]:
    """Return how many requests with a document are in each state that the desk lists; one query."""
    found = _to_check("", search, files)
    open_now = Q(state="waiting", lapses_at__gt=clock.now())
    states = {one: Q(state=one) for one in TO_CHECK[1:]} | {"waiting": open_now}
    return found.aggregate(**{name: Count("id", filter=fits) for name, fits in states.items()})


def _to_check(state: str, search: str, files: QuerySet[Party] | None) -> QuerySet[MandateRequest]:
    found = MandateRequest.objects.filter(proof="document").select_related("from_party", "to_party")
    if state == "waiting":
        found = found.filter(state="waiting", lapses_at__gt=clock.now())
    elif state:
        found = found.filter(state=state)
    if files is not None:
        found = found.filter(Q(to_party__isnull=True) | Q(to_party__in=files), from_party__in=files)
    for word in search.split():
        found = found.filter(
            Q(from_party__name__icontains=word)
            | Q(from_party__number__istartswith=word)
            | Q(to_party__name__icontains=word)
            | Q(other_number__istartswith=word)
        )
    return found


def access_request(actor: Actor, request_id: UUID) -> MandateRequest:
    """Return a request that the actor's party made or received, or one with a document at the desk."""
    found = MandateRequest.objects.select_related("from_party", "to_party", "mandate").filter(id=request_id).first()
    if found is None:
        raise NotFound
    mine = actor.party_id == found.from_party_id or (actor.party_id == found.to_party_id and found.proof == "answer")
    if not (found.proof == "document" if actor.is_desk else mine):
        raise NotFound
    return found


def list_history(mandate: Mandate, *, limit: int = HISTORY) -> list[Entry]:
    """Return what was done with a mandate, newest first, both sides' steps and the caisse's."""
    found = Entry.objects.filter(object_type="mandate", object_id=str(mandate.id))
    return list(found.order_by("-at", "-id")[:limit])


def _open_requests() -> QuerySet[MandateRequest]:
    return MandateRequest.objects.filter(state="waiting", lapses_at__gt=clock.now())
