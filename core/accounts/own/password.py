"""Changing one's own password: the present one is asked for, and all else that is open ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from core.accounts.factors import list_enrolled
from core.accounts.own.errors import AccountChanged, NoPassword
from core.accounts.passwords import check_chosen, put_in_force
from core.accounts.policy import sign_in_policy
from core.accounts.sign_in import verify_reentry
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.models import User
    from tenants.scope import CaisseRef

_DAYS_A_MONTH = 30


def change_password(
    *, caisse: CaisseRef, user: User, session_id: UUID | None, present: str, password: str, repeated: str
) -> None:
    """Put a new password in force; sessions elsewhere, remembered browsers and codes on their way end, programs go on.

    Raises ``no_password``, ``password_wrong``, ``sign_in_locked``, what ``check_chosen`` raises, ``account_changed``.
    """
    if not user.has_usable_password():
        raise NoPassword
    verify_reentry(caisse=caisse, user=user, password=present)
    alone = is_alone(caisse=caisse, user=user)
    check_chosen(caisse=caisse, user=user, password=password, repeated=repeated, alone=alone)
    hashed = make_password(password)
    actor = Actor(kind="party", name=user.name, user_id=user.id)
    with tenant_transaction(caisse):
        done = put_in_force(actor=actor, user=user, hashed=hashed, keep_session=session_id, action="password_changed")
    if not done:
        raise AccountChanged


def is_alone(*, caisse: CaisseRef, user: User) -> bool:
    """Whether she has no second factor, so that her password must be longer."""
    with tenant_transaction(caisse):
        return not list_enrolled(caisse, user)


def is_to_be_reminded(caisse: CaisseRef, user: User) -> bool:
    """Whether her password is older than the caisse likes; she may leave it at that."""
    months = sign_in_policy(caisse).password_reminder_months
    since = user.password_changed_at or user.created_at
    return bool(months) and user.has_usable_password() and (clock.now() - since).days > months * _DAYS_A_MONTH
