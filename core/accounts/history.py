"""What somebody sees of her own access: the sessions that are open, and the history of sign-ins, good and refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.accounts.models import Session
from core.accounts.paging import page_of
from core.accounts.sessions import end_sessions
from core.audit.models import Entry
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.models import User
    from core.accounts.paging import Listed

Outcome = Literal["", "good", "refused"]
PAGE = 50
REFUSED = ("sign_in_refused", "code_refused", "factor_refused")


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries of a history there are in all, and of these how many tries that were refused."""

    total: int
    refused: int


def list_sessions(user_id: UUID) -> list[Session]:
    """Return the sessions that are open now, the one used last first; one query."""
    now = clock.now()
    live = Session.objects.filter(user_id=user_id, ended_at__isnull=True, support__isnull=True)
    return list(live.filter(idle_until__gt=now, expires_at__gt=now).order_by("-last_seen_at", "-id"))


def end_one_session(*, user: User, session_id: UUID) -> None:
    """End one of her own sessions, within the caller's scope; raises ``not_found`` for a foreign or an ended one."""
    own = Session.objects.filter(id=session_id, user_id=user.id, ended_at__isnull=True)
    if not own.update(ended_at=clock.now(), end_reason="revoked", data={}):
        raise NotFound
    _note(user, "session_revoked", sessions=1)


def end_other_sessions(*, user: User, keep: UUID | None) -> int:
    """End all of her sessions but the one in use, within the caller's scope; return how many."""
    ended = end_sessions([user.id], reason="revoked", keep=keep)
    _note(user, "session_revoked", sessions=ended)
    return ended


def list_history(user_id: UUID, *, outcome: Outcome = "", cursor: str = "", limit: int = PAGE) -> Listed[Entry]:
    """Return a page of what happened with her access, newest first; one query."""
    found = _entries(user_id)
    if outcome == "refused":
        found = found.filter(action__in=REFUSED)
    elif outcome == "good":
        found = found.exclude(action__in=REFUSED)
    return page_of(found, "at", cursor, limit)


def count_history(user_id: UUID) -> Counted:
    """Return how much there is, and how much of it was refused; two queries."""
    found = _entries(user_id)
    return Counted(found.count(), found.filter(action__in=REFUSED).count())


def _entries(user_id: UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(object_type="user", object_id=str(user_id))


def _note(user: User, action: str, **data: int) -> None:
    actor = Actor(kind="party", name=user.name, user_id=user.id)
    record(actor=actor, action=action, object_type="user", object_id=user.id, data=data)
