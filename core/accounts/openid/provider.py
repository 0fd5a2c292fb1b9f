"""What a provider says of itself and its keys; kept for some minutes in this process, by caisse and address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.accounts.openid.errors import OpenIdUnreachable
from core.accounts.openid.network import Unreachable, fetch_json
from core.configuration import configuration
from core.configuration.sections import OpenIdSection
from core.kernel import clock

if TYPE_CHECKING:
    from datetime import datetime

    from tenants.scope import CaisseRef

KEPT = timedelta(minutes=10)
# New keys are asked for at once when one is not known, but not again and again.
KEYS_KEPT_AT_LEAST = timedelta(seconds=30)
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider as it describes itself; the addresses are of the same scheme as its own."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    secret_by: str = "client_secret_basic"  # noqa: S105 -- the name of a method
    says_issuer: bool = False


_providers: dict[tuple[str, str], tuple[datetime, Provider]] = {}
_keys: dict[tuple[str, str], tuple[datetime, dict[str, Any]]] = {}


def settings_of(caisse: CaisseRef) -> OpenIdSection:
    """Return the caisse's settings; from memory."""
    return configuration.get(caisse, OpenIdSection)


def find_provider(caisse: CaisseRef) -> Provider:
    """Return the caisse's provider; asks it where nothing is kept. Raises ``openid_unreachable``."""
    settings = settings_of(caisse)
    place, now = (caisse.id, settings.issuer), clock.now()
    kept = _providers.get(place)
    if kept is not None and now - kept[0] < KEPT:
        return kept[1]
    try:
        found = _read(fetch_json(settings.issuer.rstrip("/") + _DISCOVERY), settings)
    except (Unreachable, ValueError):
        raise OpenIdUnreachable(name=settings.name) from None
    _providers[place] = (now, found)
    return found


def get_keys(caisse: CaisseRef, provider: Provider, *, fresh: bool = False) -> dict[str, Any]:
    """Return the provider's public keys; with ``fresh`` newly asked for. Raises ``openid_unreachable``."""
    place, now = (caisse.id, provider.jwks_uri), clock.now()
    kept = _keys.get(place)
    if kept is not None and now - kept[0] < (KEYS_KEPT_AT_LEAST if fresh else KEPT):
        return kept[1]
    try:
        found = fetch_json(provider.jwks_uri)
    except Unreachable:
        raise OpenIdUnreachable(name=settings_of(caisse).name) from None
    _keys[place] = (now, found)
    return found


def forget() -> None:
    """Drop what is kept."""
    _providers.clear()
    _keys.clear()


def _read(said: dict[str, Any], settings: OpenIdSection) -> Provider:
    """Return the provider; raises ``ValueError`` unless it is the one that was named, and whole."""
    if any(not isinstance(said.get(name), str) for name in _NEEDED) or said["issuer"] != settings.issuer:
        raise ValueError("this is not the provider that was named")
    scheme = urlsplit(settings.issuer).scheme
    ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    end = said.get("end_session_endpoint")
    addresses = {name: str(said[name]) for name in _NEEDED}
    if any(urlsplit(one).scheme not in {scheme, "https"} for one in addresses.values()):
        raise ValueError("an address of the provider is not encrypted")
    return Provider(
        **addresses,
        end_session_endpoint=end if isinstance(end, str) and urlsplit(end).scheme in {scheme, "https"} else "",
        secret_by=_secret_by(ways, has_secret=settings.client_secret.is_set),
        says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _secret_by(ways: list[str], *, has_secret: bool) -> str:
    if not has_secret:
        return "none"
    return "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
