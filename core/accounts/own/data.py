"""All that the portal keeps about a person's own account, as a file for herself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.accounts.models import ApiToken, Membership, Session, TrustedDevice
from core.accounts.names import show_name
from core.audit.models import Entry

if TYPE_CHECKING:
    from core.accounts.models import User

# More than a person does in years; so that one file stays one file.
MOST_ENTRIES = 10_000


Part = Callable[["User"], dict[str, Any]]
_others: list[Part] = []


def register(part: Part) -> None:
    """Let a room above add what it keeps about a person, by topic, within the open scope."""
    if part not in _others:
        _others.append(part)


def collect_own_data(user: User) -> dict[str, Any]:
    """Return it by topic, within the open scope; times as ISO 8601. Secrets and their hashes are left out."""
    collected = {
        "account": _account(user),
        "works_for_the_caisse": _work(user),
        "companies": _companies(user),
        "sessions": _sessions(user),
        "remembered_browsers": [
            {"device": one.device, "since": _moment(one.created_at), "until": _moment(one.expires_at)}
            for one in TrustedDevice.objects.filter(user=user, revoked_at__isnull=True).order_by("-created_at")
        ],
        "programs": [
            {"name": one.name, "since": _moment(one.created_at), "until": _moment(one.expires_at)}
            for one in ApiToken.objects.filter(user=user).order_by("-created_at")
        ],
        "acts": _acts(user),
    }
    for part in _others:
        collected |= part(user)
    return collected


def _account(user: User) -> dict[str, Any]:
    return {
        "sign_in_name": show_name(user.sign_in_name),
        "given_name": user.given_name,
        "family_name": user.family_name,
        "language": user.language,
        "contact_email": user.contact_email or "",
        "mobile": user.mobile,
        "state": user.state,
        "created_at": user.created_at.isoformat(),
        "password_changed_at": _moment(user.password_changed_at),
    }


def _companies(user: User) -> list[dict[str, Any]]:
    return [
        {
            "company": one.party.name,
            "number": one.party.number,
            "role": one.role,
            "themes": one.themes,
            "from": one.valid_from.isoformat(),
            "until": one.valid_until.isoformat() if one.valid_until else "",
            "ended_at": _moment(one.ended_at),
        }
        for one in Membership.objects.filter(user=user).select_related("party").order_by("valid_from", "id")
    ]


def _sessions(user: User) -> list[dict[str, Any]]:
    return [
        {
            "signed_in_at": _moment(one.signed_in_at),
            "last_seen_at": _moment(one.last_seen_at),
            "ended_at": _moment(one.ended_at),
            "device": one.device,
            "network": one.ip_prefix,
            "methods": one.methods,
        }
        for one in Session.objects.filter(user=user).order_by("-created_at")[:MOST_ENTRIES]
    ]


def _acts(user: User) -> list[dict[str, Any]]:
    return [
        {
            "at": _moment(one.at),
            "as": "desk" if one.actor_kind == "clerk" else "user",
            "act": one.action,
            "of": one.object_type,
            "id": one.object_id,
        }
        for one in Entry.objects.filter(user_id=user.id).order_by("-at", "-id")[:MOST_ENTRIES]
    ]


def _work(user: User) -> dict[str, Any]:
    staff = getattr(user, "staff", None)
    if staff is None:
        return {}
    return {
        "roles": staff.roles,
        "themes": staff.themes,
        "from": staff.valid_from.isoformat(),
        "until": staff.valid_until.isoformat() if staff.valid_until else "",
    }


def _moment(value: Any) -> str:
    return value.isoformat() if value else ""
