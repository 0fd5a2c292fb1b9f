"""What an operator does to her own sign-in and sessions; never so that she has no way in left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import NotFound
from core.operator.audit import record_act
from core.operator.errors import OperatorChanged, WayLast
from core.operator.factors import has_password_and_code
from core.operator.passkeys import keep_passkey
from core.operator.policies import actor_of
from core.operator.sessions import end_sessions, hash_key
from core.operator.setting_up import check_choice
from core.operator.webauthn import read_new_passkey
from tenants.models import Operator, OperatorPasskey, OperatorSession
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.operator.sessions import OperatorSessionStore


def sign_out_here(*, session: OperatorSessionStore) -> None:
    """End this session; repeatable."""
    signed_in = session.operator
    if signed_in is None:
        return
    with platform_transaction():
        record_act(actor=actor_of(signed_in, session.level), action="signed_out")
        session.end()


def sign_out_everywhere(*, actor: Actor, session: OperatorSessionStore, operator: Operator) -> None:
    """End all sessions, this one too."""
    with platform_transaction():
        count = end_sessions(operator.id)
        session.end()
        record_act(actor=actor, action="signed_out_everywhere", data={"sessions": count})


def end_session(*, actor: Actor, operator: Operator, name: str) -> None:
    """End another session of hers, named as ``name_session`` does. Raises ``NotFound``."""
    try:
        key_hash = bytes.fromhex(name)
    except ValueError as error:
        raise NotFound from error
    with platform_transaction():
        if not OperatorSession.objects.filter(operator=operator, key_hash=key_hash).delete()[0]:
            raise NotFound
        record_act(actor=actor, action="session_ended")


def name_session(session: OperatorSession) -> str:
    """Return by what a form names a session: the hash, from which nobody finds the key."""
    return bytes(session.key_hash).hex()


def is_this_session(session: OperatorSession, key: str | None) -> bool:
    """Whether the row is that of this browser."""
    return key is not None and bytes(session.key_hash) == hash_key(key)


def add_passkey(
    *,
    actor: Actor,
    session: OperatorSessionStore,
    operator: Operator,
    credential: str,
    state: str,
    origin: str,
    label: str,
) -> None:
    """Add a passkey. Raises ``PasskeyUnusable``, ``PasskeyKnown`` or ``OperatorChanged``."""
    made = read_new_passkey(operator=operator, credential=credential, state=state, origin=origin)
    with platform_transaction():
        kept = keep_passkey(_locked(operator, session), made, label=label)
        record_act(actor=actor, action="passkey_added", about=operator, data={"label": kept.label})


def remove_passkey(*, actor: Actor, session: OperatorSessionStore, operator: Operator, passkey_id: UUID) -> None:
    """Remove a passkey and end her other sessions. Raises ``NotFound`` or ``WayLast``."""
    with platform_transaction():
        now = _locked(operator, session)
        passkeys = OperatorPasskey.objects.filter(operator=now)
        if not passkeys.exclude(pk=passkey_id).exists() and not has_password_and_code(now):
            raise WayLast
        label = passkeys.filter(pk=passkey_id).values_list("label", flat=True).first()
        if not passkeys.filter(pk=passkey_id).delete()[0]:
            raise NotFound
        end_sessions(now.id, keep=session.session_key)
        record_act(actor=actor, action="passkey_removed", about=now, data={"label": label or ""})


def set_password(
    *,
    actor: Actor,
    session: OperatorSessionStore,
    operator: Operator,
    password: str,
    again: str,
    sealed: str,
    typed: str,
) -> None:
    """Set or replace password and one-time password together, and end her other sessions."""
    chosen = check_choice(operator, password=password, again=again, sealed=sealed, typed=typed)
    with platform_transaction():
        _locked(operator, session)
        Operator.objects.filter(pk=operator.pk).update(
            password=chosen.password, totp_secret=chosen.totp_secret, totp_last_step=chosen.step
        )
        end_sessions(operator.id, keep=session.session_key)
        record_act(actor=actor, action="password_set", about=operator)


def remove_password(*, actor: Actor, session: OperatorSessionStore, operator: Operator) -> None:
    """Leave her passkeys as the only way in, and end her other sessions. Raises ``WayLast``."""
    with platform_transaction():
        now = _locked(operator, session)
        if not OperatorPasskey.objects.filter(operator=now).exists():
            raise WayLast
        Operator.objects.filter(pk=now.pk).update(password="", totp_secret=None, totp_last_step=None)
        end_sessions(now.id, keep=session.session_key)
        record_act(actor=actor, action="password_removed", about=now)


def _locked(operator: Operator, session: OperatorSessionStore) -> Operator:
    """Return her as she is now; what she changes elsewhere waits, so that not both last ways go at once.

    Raises ``OperatorChanged`` where this session was ended meanwhile: whoever it was taken away from must not set
    up a new way in with a request that was already on its way.
    """
    found = Operator.objects.select_for_update().get(pk=operator.pk)
    here = OperatorSession.objects.filter(operator=found, key_hash=hash_key(str(session.session_key)))
    if found.state != Operator.States.ACTIVE or not here.exists():
        raise OperatorChanged
    return found
