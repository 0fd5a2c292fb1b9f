"""Ending what somebody has open: sessions, programs' accesses, codes on their way, remembered browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.models import ApiToken, OneTimeCode, TrustedDevice
from core.accounts.sessions import end_sessions
from core.kernel import clock

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor


def end_access(
    *, actor: Actor, user_id: UUID, reason: str, keep_session: UUID | None = None, tokens: bool = True
) -> None:
    """End it all at once, within the caller's scope; the caller writes the audit entry. Repeatable.

    ``reason`` stands in the history of her sessions. With ``tokens`` False programs go on: their secret
    is another than hers. ``keep_session`` is the one from which she asks for it herself.
    """
    end_sessions([user_id], reason=reason, keep=keep_session)
    forget_devices(user_id=user_id)
    now = clock.now()
    waiting = OneTimeCode.objects.filter(user_id=user_id, used_at__isnull=True, revoked_at__isnull=True)
    waiting.update(revoked_at=now)
    if tokens:
        revoke_tokens(actor=actor, user_id=user_id)


def end_desk_access(*, actor: Actor, user_id: UUID, reason: str) -> None:
    """End what somebody has open, but leave programs alone that act for a company and not at the desk."""
    end_access(actor=actor, user_id=user_id, reason=reason, tokens=False)
    revoke_tokens(actor=actor, user_id=user_id, only_desk=True)


def forget_devices(*, user_id: UUID) -> int:
    """Ask for the second factor at all her browsers again; return how many were remembered."""
    return TrustedDevice.objects.filter(user_id=user_id, revoked_at__isnull=True).update(revoked_at=clock.now())


def revoke_tokens(*, actor: Actor, user_id: UUID, only_desk: bool = False) -> int:
    """End the accesses that programs have in her name; return how many."""
    live = ApiToken.objects.filter(user_id=user_id, revoked_at__isnull=True)
    if only_desk:
        live = live.filter(party__isnull=True)
    return live.update(revoked_at=clock.now(), revoked_by=actor.user_id)
