"""What a user of a company holds in the mailbox, and how it goes to a colleague when she leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from core.accounts.memberships.coverage import find_only_hers
from core.accounts.memberships.holdings import (
    Holding,
    register_deadline,
    register_holding,
    register_open_count,
)
from core.accounts.models import Mandate
from core.kernel.text import N_
from core.messaging.models import Message
from core.messaging.states import State
from core.messaging.transitions import append_event

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from core.kernel.actors import Actor

_WAITING = (str(State.DRAFT), str(State.OPEN))


def register() -> None:
    """Say what the mailbox knows of people who leave, of themes that are declined, of deadlines."""
    register_holding(Holding("drafts", N_("Drafts"), _count_drafts, _hand_drafts_over))
    register_holding(Holding("delegations", N_("Delegated"), _count_delegations, _hand_delegations_over))
    register_holding(Holding("requests", N_("Requests that only she can answer"), _count_requests, _hand_requests_over))
    register_holding(Holding("answers", N_("Answers begun to requests"), _count_answers, _hand_answers_over))
    register_open_count(_count_open)
    register_deadline(_has_deadline)


def _drafts(user_id: UUID, company_id: UUID) -> QuerySet[Message]:
    return Message.objects.filter(
        created_by=user_id, acting_party_id=company_id, drafted_by="party", state=str(State.DRAFT)
    )


def _delegations(user_id: UUID, company_id: UUID) -> QuerySet[Message]:
    """Return what she gave to somebody outside the mailbox, to be filled in there."""
    return Message.objects.filter(created_by=user_id, acting_party_id=company_id, state=str(State.DELEGATED))


def _requests(user_id: UUID, company_id: UUID, to: UUID | None = None) -> QuerySet[Message]:
    """Return the open requests that she has not begun to answer, and that no colleague could."""
    found = Message.objects.filter(state=str(State.OPEN), party_id__in=_clients(company_id))
    found = found.exclude(changed_by=user_id)
    known = set(found.order_by().values_list("theme", "party_id").distinct())
    places = find_only_hers(user_id, company_id, known, apart=to)
    only_hers = Q(id__in=[])
    for theme, party_id in places:
        only_hers |= Q(theme=theme, party_id=party_id)
    return found.filter(only_hers)


def _answers(user_id: UUID, company_id: UUID) -> QuerySet[Message]:
    """Return the open requests whose answer she has begun to write."""
    return Message.objects.filter(changed_by=user_id, state=str(State.OPEN), party_id__in=_clients(company_id))


def _count_drafts(user_id: UUID, company_id: UUID) -> dict[tuple[str, UUID], int]:
    return _by_place(_drafts(user_id, company_id))


def _count_delegations(user_id: UUID, company_id: UUID) -> dict[tuple[str, UUID], int]:
    return _by_place(_delegations(user_id, company_id))


def _count_requests(user_id: UUID, company_id: UUID) -> dict[tuple[str, UUID], int]:
    return _by_place(_requests(user_id, company_id))


def _count_answers(user_id: UUID, company_id: UUID) -> dict[tuple[str, UUID], int]:
    return _by_place(_answers(user_id, company_id))


def _hand_drafts_over(actor: Actor, company_id: UUID, user_id: UUID, to: UUID) -> int:
    return _hand_over(actor, _drafts(user_id, company_id), "created_by", to)


def _hand_delegations_over(actor: Actor, company_id: UUID, user_id: UUID, to: UUID) -> int:
    return _hand_over(actor, _delegations(user_id, company_id), "created_by", to)


def _hand_requests_over(actor: Actor, company_id: UUID, user_id: UUID, to: UUID) -> int:
    """Write down to whom they pass; whoever writes an answer is written down with it."""
    return _hand_over(actor, _requests(user_id, company_id, to), "", to)


def _hand_answers_over(actor: Actor, company_id: UUID, user_id: UUID, to: UUID) -> int:
    return _hand_over(actor, _answers(user_id, company_id), "changed_by", to)


def _hand_over(actor: Actor, found: QuerySet[Message], column: str, to: UUID) -> int:
    moved = 0
    for message in found.select_for_update():
        if column:
            Message.objects.filter(id=message.id).update(**{column: to})
        append_event(message=message, name="handed_over", actor=actor, data={"to": str(to)}, internal=True)
        moved += 1
    return moved


def _count_open(party_id: UUID, theme: str) -> int:
    waiting = Message.objects.filter(party_id=party_id, theme=theme, drafted_by="party", state__in=_WAITING)
    return waiting.count()


def _has_deadline(company_id: UUID, today: date) -> bool:
    return Message.objects.filter(party_id__in=_clients(company_id), state__in=_WAITING, due_on__gte=today).exists()


def _clients(company_id: UUID) -> QuerySet[Mandate]:
    return Mandate.objects.filter(acting_party_id=company_id, state="accepted").values("for_party_id")  # type: ignore[return-value]  # a subquery of one column


def _by_place(found: QuerySet[Message]) -> dict[tuple[str, UUID], int]:
    counted = found.order_by().values_list("theme", "party_id").annotate(n=Count("id"))
    return {(theme, party_id): n for theme, party_id, n in counted}
