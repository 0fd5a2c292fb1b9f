"""Support accesses and the acts under them, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.models import Party
from core.accounts.support.selectors import state_of
from core.configuration.registry import list_sections
from core.kernel.text import N_
from core.messaging.models import Message

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
    "desk_search": N_("Search"),
    "desk_replies": N_("Reply texts"),
    "console": N_("Settings of the caisse"),
    "console_section": N_("Settings of the caisse"),
    "console_people": N_("People and roles"),
    "console_support": N_("Support access"),
}


_EXPORT = N_("Export")


def describe_grant(grant: SupportGrant) -> dict[str, Any]:
    """Return a request or an access for the list."""
    state = state_of(grant)
    return {"grant": grant, "state": state, "state_label": gettext(STATES[state]), "chip": CHIPS[state]}


def describe_acts(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return acts in words: each page by its name, and the case or party that it showed; two queries at most."""
    shown = {name: {one.data[name] for one in entries if name in one.data} for name in ("message_id", "party_id")}
    cases = Message.objects.filter(id__in=shown["message_id"]).values_list("id", "reference")
    parties = Party.objects.filter(id__in=shown["party_id"]).values_list("id", "name")
    named = {str(key): name for key, name in [*cases, *parties]}
    named |= {kind.key: gettext(kind.title) for kind in list_sections()}
    return [_describe_act(one, named) for one in entries]


def _describe_act(entry: Entry, named: dict[str, str]) -> dict[str, Any]:
    label, data = _ACTIONS.get(entry.action), entry.data
    is_page = entry.action == "support_page_opened"
    about = [named.get(str(value), str(value)) for name, value in data.items() if name not in {"page", "refused"}]
    refused = gettext("refused: without documents") if data.get("refused") else ""
    return {
        "at": entry.at,
        "actor": entry.actor_name,
        "label": gettext(label) if label else entry.action,
        "detail": ", ".join(filter(None, [_name_page(data.get("page", "")), *about, refused])) if is_page else "",
        "message_id": data.get("message_id", "") if is_page else "",
    }


def _name_page(page: str) -> str:
    label = _PAGES.get(page) or (_EXPORT if page.endswith("_export") else "")
    return gettext(label) if label else page
