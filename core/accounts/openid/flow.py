"""The way to the provider and back: authorization code with PKCE (S256), state and nonce, each used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from core.accounts.openid import network
from core.accounts.openid.errors import (
    OpenIdInterrupted,
    OpenIdNotOffered,
    OpenIdNotRecent,
    OpenIdNotValid,
    OpenIdRefused,
    OpenIdUnreachable,
)
from core.accounts.openid.provider import find_provider, get_keys, settings_of
from core.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.contrib.sessions.backends.base import SessionBase

    from core.accounts.openid.provider import Provider
    from tenants.scope import CaisseRef

Purpose = Literal["sign_in", "link", "reentry"]
# What lies in the session while somebody is away at the provider.
KEY = "openid"
WAIT = timedelta(minutes=10)
LEEWAY_SECONDS = 60
# Signatures by a key that only the provider has: neither none nor one by the client's secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_LONGEST_SUBJECT = 500


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody went to the provider for."""

    purpose: Purpose
    back: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the provider has proved: who it is there, what level that is worth here, and when it asked her.

    ``at`` is 0 where the provider does not say when: the proof then counts, but as no recent one.
    """

    issuer: str
    subject: str
    label: str
    level: int
    at: float = 0


def begin(
    *, caisse: CaisseRef, session: SessionBase, redirect_uri: str, purpose: Purpose, back: str, user_id: UUID | None
) -> str:
    """Return the provider's address to go to, and keep in the session what must come back.

    Raises ``openid_not_offered``, ``openid_unreachable``. No scope may be open: the provider may be asked.
    """
    settings = settings_of(caisse)
    if not settings.is_offered:
        raise OpenIdNotOffered
    provider = find_provider(caisse)
    kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    with _client(caisse, provider, redirect_uri) as client:
        extra = {"acr_values": settings.acr_values} if settings.acr_values else {}
        if purpose == "reentry":
            # max_age obliges the provider to say when it asked her, prompt to ask her now.
            extra |= {"prompt": "login", "max_age": str(int(WAIT.total_seconds()))}
        url, _ = client.create_authorization_url(
            provider.authorization_endpoint,
            state=kept["state"],
            code_verifier=kept["verifier"],
            nonce=kept["nonce"],
            **extra,
        )
    session[KEY] = kept | {
        "issuer": provider.issuer,
        "redirect_uri": redirect_uri,
        "purpose": purpose,
        "back": back,
        "user": str(user_id or ""),
        "at": clock.now().timestamp(),
    }
    return str(url)


def finish(*, caisse: CaisseRef, session: SessionBase, answer: Mapping[str, str]) -> tuple[Visit, Proof]:
    """Return what the provider has proved; what was kept for it is used up, whatever comes of it.

    Raises ``openid_interrupted``, ``openid_refused``, ``openid_not_valid``, ``openid_unreachable``; for a proof
    before what matters ``openid_not_recent``, unless the provider has asked her since she left.
    """
    kept: dict[str, Any] = session.pop(KEY, {})
    settings = settings_of(caisse)
    if not settings.is_offered or not kept or clock.now().timestamp() - kept["at"] > WAIT.total_seconds():
        raise OpenIdInterrupted
    if not constant_time_compare(answer.get("state", ""), kept["state"]) or kept["issuer"] != settings.issuer:
        raise OpenIdInterrupted
    provider = find_provider(caisse)
    said = answer.get("iss", "")
    if said != provider.issuer and (said or provider.says_issuer):
        raise OpenIdNotValid(name=settings.name)  # another provider's answer, mixed into this one's
    if "error" in answer or not answer.get("code"):
        raise OpenIdRefused(name=settings.name)
    visit = Visit(kept["purpose"], kept["back"], kept["user"])
    proof = _proof(caisse, _exchange(caisse, provider, kept, answer["code"]))
    if visit.purpose == "reentry" and proof.at < kept["at"] - LEEWAY_SECONDS:
        raise OpenIdNotRecent(name=settings.name)
    return visit, proof


def purpose_of(session: SessionBase) -> Purpose | None:
    """Return for what this browser is away at the provider."""
    purpose: Purpose | None = session.get(KEY, {}).get("purpose")
    return purpose


def sign_out_address(caisse: CaisseRef, back: str) -> str:
    """Return where one ends the session at the provider too, or an empty text. Raises ``openid_unreachable``."""
    settings = settings_of(caisse)
    provider = find_provider(caisse)
    if not provider.end_session_endpoint:
        return ""
    joint = "&" if "?" in provider.end_session_endpoint else "?"
    query = urlencode({"client_id": settings.client_id, "post_logout_redirect_uri": back})
    return f"{provider.end_session_endpoint}{joint}{query}"


def _exchange(caisse: CaisseRef, provider: Provider, kept: Mapping[str, Any], code: str) -> CodeIDToken:
    name = settings_of(caisse).name
    with _client(caisse, provider, kept["redirect_uri"]) as client:
        try:
            token = client.fetch_token(
                provider.token_endpoint, code=code, code_verifier=kept["verifier"], allow_redirects=False
            )
        except AuthlibBaseError:
            raise OpenIdRefused(name=name) from None
        except (requests.RequestException, ValueError):
            raise OpenIdUnreachable(name=name) from None
    try:
        return _read(caisse, provider, token, kept["nonce"])
    except (JoseError, ValueError, TypeError, KeyError):
        raise OpenIdNotValid(name=name) from None


def _read(caisse: CaisseRef, provider: Provider, token: Mapping[str, Any], nonce: str) -> CodeIDToken:
    client_id = settings_of(caisse).client_id
    try:
        decoded = _decode(caisse, provider, token["id_token"], fresh=False)
    except (InvalidKeyIdError, ValueError):
        decoded = _decode(caisse, provider, token["id_token"], fresh=True)  # the provider has changed its keys
    wanted = {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": client_id}}
    params = {"nonce": nonce, "client_id": client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(decoded.claims, decoded.header, wanted, params)
    claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY_SECONDS)
    return claims


def _decode(caisse: CaisseRef, provider: Provider, text: str, *, fresh: bool) -> jwt.Token:
    keys = KeySet.import_key_set(get_keys(caisse, provider, fresh=fresh))  # type: ignore[arg-type]  # checked within
    return jwt.decode(text, keys, algorithms=ALGORITHMS)


def _proof(caisse: CaisseRef, claims: CodeIDToken) -> Proof:
    settings = settings_of(caisse)
    subject = claims.get(settings.claim)
    if not isinstance(subject, str | int) or isinstance(subject, bool) or not 0 < len(str(subject)) <= _LONGEST_SUBJECT:
        raise OpenIdNotValid(name=settings.name)
    label = next((str(claims[name]) for name in ("name", "preferred_username", "email") if claims.get(name)), "")
    acr, amr = claims.get("acr"), claims.get("amr")
    level = settings.level_of(str(acr or ""), tuple(map(str, amr)) if isinstance(amr, list) else ())
    return Proof(settings.issuer, str(subject), label[:200], level, _asked_at(claims.get("auth_time")))


def _asked_at(said: object) -> float:
    """Return when the provider asked her, never later than now; 0 for what is no time."""
    if isinstance(said, bool) or not isinstance(said, int | float) or said < 0:
        return 0
    return min(float(said), clock.now().timestamp())


def _client(caisse: CaisseRef, provider: Provider, redirect_uri: str) -> OAuth2Session:
    settings = settings_of(caisse)
    client = OAuth2Session(
        client_id=settings.client_id,
        client_secret=settings.client_secret.reveal() or None,
        token_endpoint_auth_method=provider.secret_by,
        scope=" ".join(settings.scopes),
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    network.prepare(client)
    return client
