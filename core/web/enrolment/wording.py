"""How applications are named on pages: states, ways, what was done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.enrolment.numbers import show_number
from core.enrolment.section import KINDS
from core.kernel.text import N_

if TYPE_CHECKING:
    from core.audit.models import Entry
    from core.enrolment.models import Application
    from tenants.scope import CaisseRef

STATES = {
    "open": N_("to decide"),
    "approved": N_("approved"),
    "refused": N_("refused by the caisse"),
    "declined": N_("terms not accepted"),
}
WAYS = {
    "form": N_("Public form"),
    "counter": N_("Counter"),
    "invitation": N_("Invitation"),
    "private": N_("Self-registration"),
}
HANDED_OVER = {
    "letter": N_("by letter"),
    "slip": N_("on a slip at the counter"),
    "sms": N_("by SMS"),
    "mail": N_("by e-mail"),
    "online": N_("online, with the employer's code"),
}
ROLES = {
    "representative": N_("Legal representative"),
    "delegate": N_("Delegate"),
    "administrator": N_("Administrator"),
    "person": N_("The person herself"),
}
CHIPS = {"open": "warn", "approved": "ok", "refused": "stop", "declined": ""}
_KINDS = {**KINDS, "agent": N_("Agent")}
_ACTIONS = {
    "charter_accepted": N_("Terms accepted"),
    "charter_declined": N_("Terms not accepted"),
    "application_received": N_("Application received, e-mail confirmed"),
    "application_recorded": N_("Application written down at the counter"),
    "application_approved": N_("Approved, codes sent"),
    "application_refused": N_("Refused"),
    "codes_sent_again": N_("New codes sent"),
    "company_invited": N_("Company invited"),
}


def describe_application(caisse: CaisseRef, one: Application) -> dict[str, Any]:
    """Return an application as lists and its page show it."""
    return {
        "one": one,
        "number": show_number(caisse, one.kind, one.number) if one.way in {"form", "counter"} else one.number,
        "kind": gettext(_KINDS[one.kind]),
        "way": gettext(WAYS[one.way]),
        "state": gettext(STATES[one.state]) if one.state in STATES else "",
        "chip": CHIPS.get(one.state, ""),
        "handed_over": gettext(HANDED_OVER[one.hand_over]) if one.hand_over else "",
    }


def describe_entry(entry: Entry) -> dict[str, Any]:
    """Return a line of an application's history."""
    label = _ACTIONS.get(entry.action)
    return {"label": gettext(label) if label else entry.action, "actor": entry.actor_name, "at": entry.at}
