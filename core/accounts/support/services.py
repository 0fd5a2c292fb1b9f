"""Asking for support access, granting, refusing and ending it; each step is told to who listens on the platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from core.accounts.invitations.services import check_may_keep_people
from core.accounts.models import Session, SupportGrant
from core.accounts.models.support import SUPPORT_HOURS
from core.accounts.staff.selectors import list_administrators
from core.accounts.support.errors import SupportAnswered, SupportAsked, SupportIncomplete, SupportTooLong
from core.accounts.support.texts import ASKED
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.notices.services import send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar
    from tenants.scope import CaisseRef

    Listener = Callable[[CaisseRef, str, Actor, UUID], None]

LONGEST_PURPOSE = 500
_listeners: list[Listener] = []


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted: to which operator, what for, from when until when, with or without documents."""

    operator_email: str
    purpose: str
    valid_from: datetime
    valid_until: datetime
    with_documents: bool = False


def listen(listener: Listener) -> None:
    """Have each step told after its commit: the caisse, the event's name, who did it, the grant's id."""
    if listener not in _listeners:
        _listeners.append(listener)


def ask_for_support(*, actor: Actor, email: str, purpose: str) -> SupportGrant:
    """Ask the caisse's administrators for access; raises ``support_incomplete``, ``support_asked``."""
    if actor.kind != "operator":
        raise NotPermitted
    address, why = _clean(email, purpose)
    if _waiting().filter(operator_email=address).exists():
        raise SupportAsked
    now = clock.now()
    made = SupportGrant.objects.create(
        operator_email=address, purpose=why, asked_at=now, asked_by=actor.name, created_at=now
    )
    _tell_administrators()
    note(actor, "support_asked", made.id)
    return made


def grant_support(*, actor: Actor, terms: Terms, grant_id: UUID | None = None) -> SupportGrant:
    """Let an operator in, on her request (``grant_id``) or without one; by an administrator.

    Raises ``not_permitted``, ``support_incomplete``, ``support_too_long``, ``support_answered``.
    """
    check_may_keep_people(actor)
    address, why = _clean(terms.operator_email, terms.purpose)
    now = clock.now()
    begin = max(terms.valid_from, now)
    longest = begin + timedelta(hours=SUPPORT_HOURS)
    if not begin < terms.valid_until <= longest:
        raise SupportTooLong
    values = {
        "purpose": why,
        "with_documents": terms.with_documents,
        "granted_at": now,
        "granted_by": actor.name,
        "valid_from": begin,
        "valid_until": terms.valid_until,
    }
    if grant_id is None:
        made = SupportGrant.objects.create(operator_email=address, created_at=now, **values)
    else:
        if not _waiting().filter(id=grant_id, operator_email=address).update(**values):
            raise SupportAnswered
        made = SupportGrant.objects.get(id=grant_id)
    until = made.valid_until.isoformat() if made.valid_until else ""
    note(actor, "support_granted", made.id, {"until": until, "documents": terms.with_documents})
    return made


def refuse_support(*, actor: Actor, grant_id: UUID) -> None:
    """Refuse a request; raises ``not_permitted``, ``support_answered``."""
    check_may_keep_people(actor)
    if not _waiting().filter(id=grant_id).update(refused_at=clock.now()):
        raise SupportAnswered
    note(actor, "support_refused", grant_id)


def end_support(*, actor: Actor, grant_id: UUID) -> None:
    """End an access at once, also one that has not begun; its sessions end with the commit.

    Raises ``not_permitted``, ``not_found``, ``support_answered`` where it has ended already.
    """
    check_may_keep_people(actor)
    now = clock.now()
    if not SupportGrant.objects.filter(id=grant_id).exists():
        raise NotFound
    open_one = SupportGrant.objects.filter(
        id=grant_id, granted_at__isnull=False, ended_at__isnull=True, valid_until__gt=now
    )
    if not open_one.update(ended_at=now, ended_by=actor.name):
        raise SupportAnswered
    live = Session.objects.filter(support_id=grant_id, ended_at__isnull=True)
    live.update(ended_at=now, end_reason="support_ended", data={})
    note(actor, "support_ended", grant_id)


def note(actor: Actor, action: str, grant_id: UUID, data: Mapping[str, Scalar] | None = None) -> None:
    """Write the caisse's own record, and tell the platform's side once it is committed."""
    record(actor=actor, action=action, object_type="support", object_id=grant_id, data=data or {})
    caisse = current_caisse()
    for listener in _listeners:
        transaction.on_commit(partial(listener, caisse, action, actor, grant_id), robust=True)


def running(now: datetime) -> Q:
    """Return the condition of an access that is open at that moment."""
    return Q(granted_at__isnull=False, ended_at__isnull=True, valid_from__lte=now, valid_until__gt=now)


def _tell_administrators() -> None:
    caisse = current_caisse()
    link = f"{portal_url(caisse)}/console/support/"
    for user in list_administrators():
        send_mail(notice=ASKED, to=str(user.contact_email), language=user.language, fields={"link": link})


def _waiting() -> QuerySet[SupportGrant]:
    return SupportGrant.objects.filter(asked_at__isnull=False, granted_at__isnull=True, refused_at__isnull=True)


def _clean(email: str, purpose: str) -> tuple[str, str]:
    address, why = email.strip().lower(), " ".join(purpose.split())[:LONGEST_PURPOSE]
    if "@" not in address or not why:
        raise SupportIncomplete
    return address, why
