"""Opening an enrolment by its code: uses nothing up, but takes it over from whoever had opened it before."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from core.accounts import limiter
from core.accounts.invitations.codes import hash_code
from core.accounts.invitations.errors import (
    ActivationExpired,
    ActivationLocked,
    ActivationRefused,
    ActivationReplaced,
    ActivationTaken,
    ActivationUsed,
)
from core.accounts.invitations.sending import object_type
from core.accounts.limits import ACTIVATION_BY_ADDRESS
from core.accounts.models import Activation
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from tenants.scope import CaisseRef


def open_activation(*, caisse: CaisseRef, typed: str, address: str) -> Activation:
    """Return the activation that a code opens, with a fresh ``holder``; it is not used up by that.

    Whoever had opened it before is told at her next step that it was opened elsewhere, so that no
    account is put together from what two people entered. Raises ``activation_locked`` after too many
    tries from one address, else ``activation_refused``: wrong, used, expired, revoked are told apart nowhere.
    """
    with tenant_transaction(caisse):
        verdict = limiter.take(ACTIVATION_BY_ADDRESS, address)
        found = _usable().filter(code_hash=hash_code(typed)).first() if verdict.allowed else None
        opened = found is not None and take_over(found)
        if opened:
            limiter.give_back(ACTIVATION_BY_ADDRESS, address)
    if not verdict.allowed:
        raise ActivationLocked(minutes=verdict.wait_minutes)
    if found is None or not opened:
        raise ActivationRefused
    return found


def get_activation(*, caisse: CaisseRef, activation_id: UUID, holder: str) -> Activation:
    """Return an activation that this browser has opened and that can still be used.

    Raises a kind of ``activation_refused`` that says what became of it; only who held the code learns that.
    """
    with tenant_transaction(caisse):
        found = Activation.objects.filter(id=activation_id).select_related("user__staff").first()
    if found is None:
        raise ActivationRefused
    _check_usable(found, holder)
    return found


def open_rows(activation: Activation) -> QuerySet[Activation]:
    """Return the row to update, empty where it is used, revoked, expired, or opened elsewhere meanwhile.

    No other table is joined: the condition of an UPDATE must stand on the row that it waits for.
    """
    return _open().filter(id=activation.id, holder=activation.holder)


def note(activation: Activation, action: str, **data: str) -> None:
    """Write what was done into the audit trail, within the open scope."""
    kept_as = object_type(activation.kind)
    record(actor=actor_of(activation), action=action, object_type=kept_as, object_id=activation.user_id, data=data)


def actor_of(activation: Activation) -> Actor:
    """Return who enrols, as the audit trail names her."""
    user = activation.user
    return Actor(kind="clerk" if activation.kind == "staff" else "party", name=user.name, user_id=user.id)


def _open() -> QuerySet[Activation]:
    return Activation.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now())


def _usable() -> QuerySet[Activation]:
    """Of those, the ones of somebody who still waits for her access."""
    return _open().filter(user__state="invited", user__staff__ended_at__isnull=True).select_related("user")


def take_over(found: Activation) -> bool:
    """Let the browser at hand hold an activation from now on, in the open scope; whether it can still be used.

    By its code, or for who proved in another way that it is hers.
    """
    holder, before = secrets.token_hex(16), found.opened_at
    opened_at = before or clock.now()
    if not _open().filter(id=found.id).update(holder=holder, opened_at=opened_at):
        return False
    note(found, "activation_opened" if before is None else "activation_opened_again")
    found.holder, found.opened_at = holder, opened_at
    return True


def _check_usable(found: Activation, holder: str) -> None:
    if found.used_at is not None:
        raise ActivationUsed
    if found.revoked_at is not None:
        raise ActivationReplaced
    if found.expires_at <= clock.now():
        raise ActivationExpired
    staff = getattr(found.user, "staff", None)
    if found.user.state != "invited" or (staff is not None and staff.ended_at is not None):
        raise ActivationRefused
    if found.holder != holder:
        raise ActivationTaken
