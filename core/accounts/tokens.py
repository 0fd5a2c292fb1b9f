"""Tokens of programs: made, found again by their hash, ended."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from core.accounts.models import ApiToken
from core.accounts.rights import narrow
from core.accounts.seats import build_actor, build_staff_actor
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import InvalidInput, NotFound, NotPermitted
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor

VALID_DAYS = 365
PREFIX_BYTES, SECRET_BYTES = 6, 32
MARK = "relais_"
API_LEVEL = 1


class TokenNameMissing(InvalidInput):
    """Write what the token is for, so that you recognise it later."""

    code = "token_name_missing"


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token; its secret is known only now."""

    token: ApiToken
    secret: str


def create_token(*, actor: Actor, name: str, valid_days: int = VALID_DAYS) -> MadeToken:
    """Make a token for the actor's party or, by one of the caisse's people, for the desk.

    It has the rights that its maker has at each call. Raises ``not_permitted`` for who is no
    administrator of the acting party, ``token_name_missing``.
    """
    if actor.user_id is None or actor.is_support or not (actor.is_desk or "administrator" in actor.roles):
        raise NotPermitted
    if not name.strip():
        raise TokenNameMissing
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    now = clock.now()
    token = ApiToken.objects.create(
        prefix=prefix,
        secret_hash=_hash(secret),
        name=name.strip()[:80],
        user_id=actor.user_id,
        acting_party_id=actor.acting_party_id,
        party_id=actor.party_id,
        created_at=now,
        expires_at=now + timedelta(days=valid_days),
    )
    record(actor=actor, action="token_created", object_type="token", object_id=token.id)
    return MadeToken(token, f"{MARK}{prefix}_{secret}")


def revoke_token(*, actor: Actor, token_id: UUID) -> None:
    """End a token of the actor's party at once; repeatable. Raises ``not_found`` for a foreign one."""
    token = ApiToken.objects.filter(_within(actor), id=token_id).first()
    if token is None:
        raise NotFound
    if ApiToken.objects.filter(id=token.id, revoked_at__isnull=True).update(
        revoked_at=clock.now(), revoked_by=actor.user_id
    ):
        record(actor=actor, action="token_revoked", object_type="token", object_id=token.id)


def list_tokens(*, actor: Actor) -> list[ApiToken]:
    """Return the tokens of the actor's party through her company, or her own at the desk; newest first."""
    return list(ApiToken.objects.filter(_within(actor)).order_by("-created_at"))


def find_actor(secret: str) -> Actor | None:
    """Return the actor that a presented token is, or None; notes its use at most once a minute.

    The rights are those that the token's maker has today; if she has left, the token is dead.
    """
    prefix, _mark, rest = secret.removeprefix(MARK).partition("_")
    if not secret.startswith(MARK) or not rest:
        return None
    now = clock.now()
    found = ApiToken.objects.select_related("user__staff").filter(prefix=prefix).first()
    if found is None or not hmac.compare_digest(found.secret_hash, _hash(rest)):
        return None
    if found.revoked_at is not None or found.expires_at <= now:
        return None
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - timedelta(minutes=1))
    ApiToken.objects.filter(stale, id=found.id).update(last_used_at=now)
    return _actor_of(found)


def _within(actor: Actor) -> Q:
    # A client's tokens that another company of hers made are not this company's to see or end.
    if actor.is_desk:
        return Q(party__isnull=True, user_id=actor.user_id)
    return Q(party_id=actor.party_id, acting_party_id=actor.acting_party_id)


def _actor_of(token: ApiToken) -> Actor | None:
    try:
        actor = _maker_of(token)
    except NotFound:
        return None
    themes = None if token.themes is None else frozenset(token.themes)
    return replace(
        actor,
        name=f"{actor.name} ({token.name})",
        rights=narrow(actor.rights, themes, may_act=token.may_act),
        token_id=token.id,
    )


def _maker_of(token: ApiToken) -> Actor:
    if token.party_id is not None:
        return build_actor(token.user, token.party_id, assurance_level=API_LEVEL, acting_party_id=token.acting_party_id)
    staff = getattr(token.user, "staff", None)
    if staff is None:
        raise NotFound
    return build_staff_actor(token.user, staff, caisse=current_caisse(), assurance_level=API_LEVEL)


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()
