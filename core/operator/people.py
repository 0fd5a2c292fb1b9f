"""Adding, blocking and resetting operators; never so that nobody is left who can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction

from core.kernel import clock
from core.operator.audit import record_act
from core.operator.enrolment import make_link
from core.operator.errors import (
    OperatorChanged,
    OperatorDataMissing,
    OperatorIsYou,
    OperatorKnown,
    OperatorLast,
    OperatorUnknown,
)
from core.operator.factors import can_sign_in
from core.operator.models import Enrolment
from core.operator.sessions import end_sessions
from core.operator.sign_in import normalise_email
from tenants.models import Operator

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor

State = Operator.States
_LONGEST_NAME = 200


def add_operator(*, actor: Actor, email: str, name: str) -> tuple[Operator, str]:
    """Add an operator and return her with the secret of her link, within a platform scope.

    Raises ``OperatorDataMissing`` or ``OperatorKnown``.
    """
    address, called = normalise_email(email), " ".join(name.split())[:_LONGEST_NAME]
    try:
        validate_email(address)
    except ValidationError as error:
        raise OperatorDataMissing from error
    if not called:
        raise OperatorDataMissing
    _check_actor(actor)
    try:
        with transaction.atomic():
            made = Operator.objects.create(email=address, name=called, created_at=clock.now())
    except IntegrityError as error:
        raise OperatorKnown from error
    record_act(actor=actor, action="operator_added", about=made)
    return made, make_link(actor=actor, operator=made)


def invite_again(*, actor: Actor, operator_id: UUID) -> tuple[Operator, str]:
    """Make another link for an operator who has no way in yet. Raises ``OperatorChanged`` otherwise."""
    _check_actor(actor)
    operator = _locked(operator_id)
    if operator.state != State.ACTIVE or Operator.objects.filter(can_sign_in(), pk=operator.pk).exists():
        raise OperatorChanged
    record_act(actor=actor, action="operator_invited_again", about=operator)
    return operator, make_link(actor=actor, operator=operator)


def block_operator(*, actor: Actor, operator_id: UUID) -> Operator:
    """Block an operator and end her sessions at once.

    Raises ``OperatorIsYou``, ``OperatorLast``, ``OperatorChanged`` where she is blocked already.
    """
    operator = _guarded(actor, operator_id)
    if not Operator.objects.filter(pk=operator.pk, state=State.ACTIVE).update(state=State.BLOCKED):
        raise OperatorChanged
    _close_ways(operator)
    record_act(actor=actor, action="operator_blocked", about=operator)
    return operator


def unblock_operator(*, actor: Actor, operator_id: UUID) -> Operator:
    """Admit an operator again, with the sign-in that she had. Raises ``OperatorChanged``."""
    _check_actor(actor)
    operator = _locked(operator_id)
    if not Operator.objects.filter(pk=operator.pk, state=State.BLOCKED).update(state=State.ACTIVE):
        raise OperatorChanged
    record_act(actor=actor, action="operator_unblocked", about=operator)
    return operator


def reset_operator(*, actor: Actor, operator_id: UUID) -> tuple[Operator, str]:
    """Take away all that an operator signs in with, end her sessions, and make her a new link.

    The command line may do it to the last one too: its link lets her in. Raises ``OperatorIsYou``,
    ``OperatorLast``, or ``OperatorChanged`` where she is blocked.
    """
    operator = _guarded(actor, operator_id, last_too=actor.kind == "system")
    if operator.state != State.ACTIVE:
        raise OperatorChanged
    operator.passkeys.all().delete()
    Operator.objects.filter(pk=operator.pk).update(password="", totp_secret=None, totp_last_step=None)
    _close_ways(operator)
    record_act(actor=actor, action="operator_reset", about=operator)
    return operator, make_link(actor=actor, operator=operator)


def access_operator(operator_id: UUID) -> Operator:
    """Return an operator; raises ``OperatorUnknown``."""
    found = Operator.objects.filter(pk=operator_id).first()
    if found is None:
        raise OperatorUnknown
    return found


def _guarded(actor: Actor, operator_id: UUID, *, last_too: bool = False) -> Operator:
    """Return the operator, locked, if another active one who can sign in remains, or that does not matter."""
    if operator_id == actor.user_id:
        raise OperatorIsYou
    _check_actor(actor)
    operator = _locked(operator_id)
    others = Operator.objects.filter(can_sign_in(), state=State.ACTIVE).exclude(pk=operator.pk)
    if not last_too and not others.exists():
        raise OperatorLast
    return operator


def _check_actor(actor: Actor) -> None:
    """Let changes come one after the other; raises ``OperatorChanged`` if she who asks is blocked by then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('relais operators', 7))")
    if actor.user_id and not Operator.objects.filter(pk=actor.user_id, state=State.ACTIVE).exists():
        raise OperatorChanged


def _locked(operator_id: UUID) -> Operator:
    found = Operator.objects.select_for_update().filter(pk=operator_id).first()
    if found is None:
        raise OperatorUnknown
    return found


def _close_ways(operator: Operator) -> None:
    end_sessions(operator.id)
    open_links = Enrolment.objects.filter(operator=operator, used_at__isnull=True, revoked_at__isnull=True)
    open_links.update(revoked_at=clock.now())
