"""Crossing from the platform's host to the caisse's: a token that works once within a minute, then a session."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY

from core.accounts.models import Session, SupportGrant, SupportPass, User
from core.accounts.policy import sign_in_policy
from core.accounts.sessions import hash_key, new_key
from core.accounts.support.services import note, running
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotFound
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.sessions import Origin

VALID_SECONDS = 60


def issue_pass(*, actor: Actor, email: str, grant_id: UUID) -> str:
    """Return a token for an access that runs now and is hers; raises ``not_found`` for any other."""
    now = clock.now()
    grant = SupportGrant.objects.filter(running(now), id=grant_id, operator_email=email.lower()).first()
    if grant is None or actor.kind != "operator" or actor.user_id is None:
        raise NotFound
    token = secrets.token_urlsafe(32)
    SupportPass.objects.create(
        grant=grant,
        token_hash=_hash(token),
        operator_id=actor.user_id,
        operator_name=actor.name,
        created_at=now,
        expires_at=now + timedelta(seconds=VALID_SECONDS),
    )
    return token


def use_pass(*, token: str, origin: Origin) -> str:
    """Turn a token into a session and return its key; raises ``not_found``, whatever is wrong with it.

    The session reads only, and ends with the grant.
    """
    now = clock.now()
    unused = SupportPass.objects.filter(token_hash=_hash(token), used_at__isnull=True, expires_at__gt=now)
    if not unused.update(used_at=now):
        raise NotFound
    found = SupportPass.objects.get(token_hash=_hash(token))
    grant = SupportGrant.objects.filter(running(now), id=found.grant_id).first()
    if grant is None or grant.valid_until is None:
        raise NotFound
    user = _user_of(found)
    key = new_key()
    Session.objects.create(
        key_hash=hash_key(current_caisse(), key),
        user=user,
        data={SESSION_KEY: str(user.id), HASH_SESSION_KEY: user.get_session_auth_hash()},
        support=grant,
        created_at=now,
        signed_in_at=now,
        last_seen_at=now,
        idle_until=now + timedelta(minutes=sign_in_policy(current_caisse()).session_idle_minutes),
        expires_at=grant.valid_until,
        methods=["support"],
        ip_prefix=origin.ip_prefix,
        device=origin.device,
    )
    actor = Actor(kind="operator", name=found.operator_name, user_id=found.operator_id)
    note(actor, "support_entered", grant.id)
    return key


def _user_of(found: SupportPass) -> User:
    """Return the row that stands for the operator in this caisse; nobody can sign in with it."""
    user, made = User.objects.get_or_create(
        sign_in_name=f"support:{found.operator_id}",
        defaults={"given_name": found.operator_name[:100], "created_at": clock.now(), "password": "!"},
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def _hash(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
