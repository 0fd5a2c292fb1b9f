"""Which account at the provider is whose here: linked by the person herself once she is in, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.accounts import limiter
from core.accounts.errors import SignInLocked
from core.accounts.limits import SIGN_IN_BY_ADDRESS
from core.accounts.models import OutsideKey
from core.accounts.openid.errors import OpenIdTaken, OpenIdUnknown
from core.accounts.openid.provider import settings_of
from core.accounts.outside.telling import tell_added
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.models import User
    from core.accounts.openid.flow import Proof
    from tenants.scope import CaisseRef

_DOOR = Actor.system("sign-in")


def verify_proof(*, caisse: CaisseRef, proof: Proof, address: str) -> User:
    """Return the active user to whom the account is linked; committed before this returns or raises.

    Nobody is ever found by an e-mail, and no account is made. Raises ``sign_in_locked``, ``openid_unknown``.
    """
    with tenant_transaction(caisse):
        verdict = limiter.take(SIGN_IN_BY_ADDRESS, address)
        found = _find(proof).filter(user__state="active").select_related("user").first() if verdict.allowed else None
        if found is not None:
            limiter.give_back(SIGN_IN_BY_ADDRESS, address)
            OutsideKey.objects.filter(id=found.id).update(last_used_at=clock.now())
        elif verdict.allowed or verdict.first_refusal:
            reason = {"reason": "openid" if verdict.allowed else "limited"}
            record(actor=_DOOR, action="sign_in_refused", object_type="user", object_id=None, data=reason)
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if found is None:
        raise OpenIdUnknown(name=settings_of(caisse).name)
    return found.user


def link_account(*, actor: Actor, user_id: UUID, proof: Proof) -> OutsideKey:
    """Let the account at the provider open this one here, as its holder asks; raises ``openid_taken``."""
    try:
        with transaction.atomic():
            made = OutsideKey.objects.create(
                kind="openid",
                user_id=user_id,
                issuer=proof.issuer,
                subject=proof.subject,
                label=proof.label,
                created_at=clock.now(),
                created_by=actor.user_id,
            )
    except IntegrityError:
        raise OpenIdTaken(name=settings_of(current_caisse()).name) from None
    record(actor=actor, action="openid_linked", object_type="user", object_id=user_id)
    tell_added(made)
    return made


def _find(proof: Proof) -> QuerySet[OutsideKey]:
    return OutsideKey.objects.filter(kind="openid", issuer=proof.issuer, subject=proof.subject, revoked_at__isnull=True)
