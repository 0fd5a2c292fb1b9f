"""The published versions in this process' memory: asking costs no query, a change is heard within a second."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection, transaction

from core.terms.models import Version
from tenants import listening
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tenants.reference import CaisseRef

CHANNEL = "relais_terms"


@dataclass(frozen=True, slots=True)
class Published:
    """One published version, without its texts."""

    id: UUID
    audience: str
    number: int
    valid_from: date
    grace_days: int
    asks: bool


_known: dict[str, tuple[Published, ...]] = {}
_heard = 0


def list_published(caisse: CaisseRef, audience: str = "") -> tuple[Published, ...]:
    """Return the versions for a kind of party, or all, by the day on which they take effect."""
    if not listening.is_started():
        listening.start()
    known = _known.get(caisse.id)
    if known is None:
        heard = _heard
        with tenant_transaction(caisse):
            known = read()
        if heard == _heard:
            _known[caisse.id] = known
    return tuple(one for one in known if audience in {"", one.audience})


def read() -> tuple[Published, ...]:
    """Read the published versions of the open scope's caisse."""
    rows = Version.objects.filter(state=Version.States.PUBLISHED).order_by("valid_from")
    fields = ("id", "audience", "number", "valid_from", "grace_days", "asks")
    return tuple(Published(*row) for row in rows.values_list(*fields))


def announce() -> None:
    """Let every process forget the open scope's caisse after the commit."""
    caisse_id = current_caisse().id
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, caisse_id])
    transaction.on_commit(partial(forget, caisse_id))


def forget(caisse_id: str = "") -> None:
    """Drop what this process remembers of one caisse, or of all."""
    global _heard  # noqa: PLW0603 -- one memory per process
    _heard += 1
    if caisse_id:
        _known.pop(caisse_id, None)
    else:
        _known.clear()


def start_listening() -> None:
    """Forget a caisse when another process has published, and everything when the line was down."""
    listening.subscribe(
        CHANNEL,
        listening.Subscription(
            on_notice=lambda _connection, caisse_id: forget(caisse_id), on_connect=lambda _connection: forget()
        ),
    )
