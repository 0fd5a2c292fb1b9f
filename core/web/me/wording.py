"""Sessions and the history of sign-ins in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.addresses import coarse_place
from core.accounts.history import REFUSED
from core.accounts.levels import KNOWLEDGE, STRONG, openid
from core.kernel.text import N_
from core.web.acts import name_act

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.incidents.selectors import Marks
    from core.accounts.models import Session
    from core.audit.models import Entry

METHODS = {
    "password": N_("Password"),
    "sms_code": N_("code by SMS"),
    "totp": N_("one-time password"),
    "passkey": N_("passkey"),
    "recovery_code": N_("recovery code"),
    "certificate": N_("certificate"),
    "trusted_device": N_("remembered browser"),
    "reentry": N_("asked once more"),
    "mail_code": N_("code by e-mail"),
    **{openid(level): N_("account elsewhere") for level in range(KNOWLEDGE, STRONG + 1)},
}
_REASONS = {
    "password": N_("wrong password"),
    "state": N_("access blocked or ended"),
    "limited": N_("too many tries"),
    "reentry": N_("wrong password, asked once more"),
    "wrong": N_("wrong code"),
    "spent": N_("code no longer valid"),
}


def describe_session(session: Session, current: UUID | None) -> dict[str, Any]:
    """Return one session for the list."""
    return {
        "session": session,
        "device": session.device or gettext("Unknown device"),
        "place": coarse_place(session.ip_prefix),
        "methods": name_methods(session.methods),
        "is_current": session.id == current,
    }


def describe_entry(entry: Entry, marks: Marks) -> dict[str, Any]:
    """Return one entry of the history."""
    data = entry.data
    left_open = entry.action == "incident_reported" and not data.get("blocked")
    reason = _REASONS.get(str(data.get("reason") or data.get("outcome") or "")) if entry.action in REFUSED else None
    named = name_methods(str(data["methods"]).split(",")) if data.get("methods") else ""
    return {
        "at": entry.at,
        "label": gettext("Reported, access left open") if left_open else name_act(entry),
        "detail": ", ".join(filter(None, [gettext(reason) if reason else "", named, str(data.get("reference", ""))])),
        "device": data.get("device", ""),
        "place": data.get("place", ""),
        "is_refused": entry.action in REFUSED,
        "mark": marks.find(entry.user_id or None, entry.at) if entry.action != "incident_reported" else None,
    }


def name_methods(methods: list[str]) -> str:
    """Return the ways of a sign-in in words."""
    return ", ".join(gettext(METHODS[one]) if one in METHODS else one.replace("_", " ") for one in methods)
