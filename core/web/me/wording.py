"""Sessions and the history of sign-ins in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.addresses import coarse_place
from core.accounts.history import REFUSED
from core.kernel.text import N_

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
}
ACTIONS = {
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "sign_in_refused": N_("Sign-in refused"),
    "code_sent": N_("Code sent"),
    "code_refused": N_("Code refused"),
    "factor_refused": N_("Second factor refused"),
    "reentered": N_("Confirmed once more"),
    "session_revoked": N_("Sessions ended"),
    "incident_reported": N_("Reported and blocked"),
    "incident_taken": N_("Report taken in hand by the caisse"),
    "incident_settled": N_("Report settled"),
    "activation_opened": N_("Activation begun"),
    "activation_completed": N_("Activation completed"),
    "activation_joined": N_("Activation taken into an account"),
    "invitation_sent": N_("Activation code sent"),
    "activation_opened_again": N_("Activation begun again"),
    "factor_added": N_("Second factor set up"),
    "factor_renamed": N_("Second factor renamed"),
    "factor_removed": N_("Second factor removed"),
    "recovery_codes_made": N_("Recovery codes made"),
    "recovery_code_used": N_("Recovery code used"),
    "device_remembered": N_("Browser remembered"),
    "device_forgotten": N_("Browser forgotten"),
    "password_changed": N_("Password changed"),
    "password_forgotten": N_("New password chosen with a code"),
    "provisional_password_issued": N_("Password for the first sign-in issued"),
    "email_changed": N_("E-mail changed"),
    "mobile_changed": N_("Mobile number changed"),
    "profile_changed": N_("Profile changed"),
    "certificate_registered": N_("Certificate registered"),
    "openid_linked": N_("Account elsewhere linked"),
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
    label = ACTIONS.get(entry.action)
    if entry.action == "incident_reported" and not data.get("blocked"):
        label = N_("Reported, access left open")
    reason = _REASONS.get(str(data.get("reason") or data.get("outcome") or "")) if entry.action in REFUSED else None
    named = name_methods(str(data["methods"]).split(",")) if data.get("methods") else ""
    return {
        "at": entry.at,
        "label": gettext(label) if label else entry.action.replace("_", " "),
        "detail": ", ".join(filter(None, [gettext(reason) if reason else "", named, str(data.get("reference", ""))])),
        "device": data.get("device", ""),
        "place": data.get("place", ""),
        "is_refused": entry.action in REFUSED,
        "mark": marks.find(entry.user_id or None, entry.at) if entry.action != "incident_reported" else None,
    }


def name_methods(methods: list[str]) -> str:
    """Return the ways of a sign-in in words."""
    return ", ".join(gettext(METHODS[one]) if one in METHODS else one.replace("_", " ") for one in methods)
