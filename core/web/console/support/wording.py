"""Support accesses and the acts under them, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.support.selectors import state_of
from core.kernel.text import N_

if TYPE_CHECKING:
    from core.accounts.models import SupportGrant
    from core.audit.models import Entry

STATES = {
    "asked": N_("asked for"),
    "refused": N_("refused"),
    "coming": N_("not yet"),
    "running": N_("running"),
    "ended": N_("ended early"),
    "over": N_("over"),
}
CHIPS = {"asked": "warn", "refused": "", "coming": "info", "running": "stop", "ended": "", "over": ""}
_ACTIONS = {
    "support_asked": N_("Access asked for"),
    "support_granted": N_("Access granted"),
    "support_refused": N_("Request refused"),
    "support_ended": N_("Access ended"),
    "support_entered": N_("Came in"),
    "support_page_opened": N_("Page opened"),
}
_PAGES = {
    "desk_queue": N_("Queue"),
    "desk_message": N_("Case"),
    "desk_rows": N_("Rows of a case"),
    "desk_party": N_("File of a party"),
    "desk_parties": N_("Parties"),
    "desk_document": N_("Document"),
    "desk_receipt": N_("Receipt"),
    "desk_teams": N_("Teams"),
    "desk_replies": N_("Reply texts"),
    "console": N_("Settings of the caisse"),
    "console_section": N_("Settings of the caisse"),
    "console_people": N_("People and roles"),
    "console_support": N_("Support access"),
}


def describe_grant(grant: SupportGrant) -> dict[str, Any]:
    """Return a request or an access for the list."""
    state = state_of(grant)
    return {"grant": grant, "state": state, "state_label": gettext(STATES[state]), "chip": CHIPS[state]}


def describe_act(entry: Entry) -> dict[str, Any]:
    """Return one act; a page by its name, and what it showed by its identifier."""
    label, data = _ACTIONS.get(entry.action), entry.data
    page = _PAGES.get(data.get("page", ""))
    named = gettext(page) if page else data.get("page", "")
    about = " ".join(str(value) for name, value in data.items() if name not in {"page", "refused"})
    refused = gettext("refused: without documents") if data.get("refused") else ""
    is_page = entry.action == "support_page_opened"
    return {
        "at": entry.at,
        "actor": entry.actor_name,
        "label": gettext(label) if label else entry.action,
        "detail": ", ".join(filter(None, [named, about, refused])) if is_page else "",
        "message_id": data.get("message_id", "") if is_page else "",
    }
