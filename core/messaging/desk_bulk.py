"""One step for many cases: each in its own transaction, so that one that cannot go does not hold up the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.kernel.errors import InvalidInput, RelaisError
from core.messaging.access import access_message
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from tenants.scope import CaisseRef

LIMIT = 200


class NothingChosen(InvalidInput):
    """Tick at least one case."""

    code = "nothing_chosen"


class TooManyChosen(InvalidInput):
    """Choose at most %(limit)s cases at once."""

    code = "too_many_chosen"


@dataclass(slots=True)
class Outcome:
    """What went, and what did not with its reason; a case that is not the actor's to see has no message."""

    went: list[Message] = field(default_factory=list)
    refused: list[tuple[Message | None, RelaisError]] = field(default_factory=list)


def apply_to_many(
    *, caisse: CaisseRef, actor: Actor, message_ids: Iterable[UUID], step: Callable[[Message], Message]
) -> Outcome:
    """Do one step for each case named, once; opens its own scopes."""
    wanted = list(dict.fromkeys(message_ids))
    if not wanted:
        raise NothingChosen
    if len(wanted) > LIMIT:
        raise TooManyChosen(limit=LIMIT)
    outcome = Outcome()
    for message_id in wanted:
        _try(caisse, actor, message_id, step, outcome)
    return outcome


def _try(
    caisse: CaisseRef, actor: Actor, message_id: UUID, step: Callable[[Message], Message], outcome: Outcome
) -> None:
    found: Message | None = None
    try:
        with tenant_transaction(caisse):
            found = access_message(actor, message_id)
            moved = step(found)
    except RelaisError as error:
        outcome.refused.append((found, error))
    else:
        outcome.went.append(moved)
