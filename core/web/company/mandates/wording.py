"""Mandates and requests for them in words, for the portal and the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext

from core.accounts.mandates.selectors import standing_of
from core.accounts.mandates.settings import mandate_settings
from core.accounts.mandates.upkeep import review_due_on
from core.catalogue import offers, registry
from core.kernel import clock
from core.kernel.text import N_
from core.web.context import theme_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.accounts.models import Mandate, MandateRequest
    from core.audit.models import Entry
    from tenants.scope import CaisseRef

KINDS = {
    "employer": N_("Employer"),
    "agent": N_("Agent (fiduciary)"),
    "insured": N_("Insured person"),
    "self_employed": N_("Self-employed person"),
}
BASES = {
    "agreement": N_("Agreement in the portal"),
    "power_of_attorney": N_("Signed power of attorney"),
    "law": N_("Law or decision of an authority"),
}
STANDINGS = {"in_force": N_("in force"), "later": N_("begins later"), "paused": N_("pauses"), "over": N_("ended")}
STANDING_CHIPS = {"in_force": "ok", "later": "info", "paused": "warn", "over": ""}
REQUEST_STATES = {
    "waiting": N_("waits for an answer"),
    "accepted": N_("accepted"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
    "lapsed": N_("lapsed without an answer"),
}
REQUEST_CHIPS = {"waiting": "info", "accepted": "ok", "refused": "stop"}
DIRECTIONS = {"act": N_("to act for the other side"), "give": N_("to be acted for")}
_ACTIONS = {
    "mandate_given": N_("Mandate given"),
    "mandate_changed": N_("Changed"),
    "mandate_confirmed": N_("Confirmed for another year"),
    "mandate_paused": N_("Paused, since nobody confirmed it"),
    "mandate_ended": N_("Ended"),
}


def name_themes(caisse: CaisseRef, kind: str = "") -> dict[str, str]:
    """Return the names of the themes on offer by slug; with a kind, of those for such a party."""
    return {
        one.slug: theme_name(caisse, one) for one in offers.list_open_themes(caisse) if not kind or one.serves(kind)
    }


def name_types(caisse: CaisseRef, kind: str = "") -> dict[str, str]:
    """Return the names of the message types of the themes on offer, by key; with a kind, of those for such a party."""
    return {
        one.key: gettext(one.title)
        for theme in offers.list_open_themes(caisse)
        for one in theme.message_types
        if not kind or kind in one.party_kinds
    }


def describe_mandate(caisse: CaisseRef, mandate: Mandate) -> dict[str, Any]:
    """Return a mandate for list and page; no query where both parties are at hand."""
    standing = standing_of(mandate)
    return {
        "mandate": mandate,
        "standing": standing,
        "standing_label": gettext(STANDINGS[standing]),
        "chip": STANDING_CHIPS[standing],
        "basis": gettext(BASES[mandate.basis]),
        "review_due": review_due_on(mandate) if mandate_settings().review and standing != "over" else None,
        **_describe_terms(caisse, mandate),
    }


def describe_request(caisse: CaisseRef, asked: MandateRequest) -> dict[str, Any]:
    """Return a request for list and page; the other side stands in it by the number that was entered."""
    lapsed = asked.state == "waiting" and asked.lapses_at <= clock.now()
    state = "lapsed" if lapsed else asked.state
    return {
        "asked": asked,
        "state": state,
        "state_label": gettext(REQUEST_STATES[state]),
        "chip": REQUEST_CHIPS.get(state, ""),
        "direction": gettext(DIRECTIONS[asked.direction]),
        "other_kind": gettext(KINDS[asked.other_kind]),
        "basis": gettext(BASES[asked.basis]),
        **_describe_terms(caisse, asked),
    }


def describe_entry(entry: Entry, *, at_desk: bool) -> dict[str, Any]:
    """Return one step of a mandate's history; parties read of the caisse's people only that it was the caisse."""
    label = _ACTIONS.get(entry.action)
    by_caisse = entry.actor_kind in {"clerk", "operator", "system"}
    return {
        "at": entry.at,
        "label": gettext(label) if label else entry.action,
        "actor": gettext("the caisse") if by_caisse and not at_desk else entry.actor_name,
        "note": str(entry.data.get("reason", "")),
    }


def parse_id(text: str) -> UUID | None:
    """Return an identifier that was posted, or nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _describe_terms(caisse: CaisseRef, row: Mandate | MandateRequest) -> dict[str, Any]:
    return {
        "themes": _named(row.themes, name_themes(caisse), {one.slug: one.title for one in registry.list_all_themes()}),
        "types": _named(row.document_types, name_types(caisse), {}),
        "reach": gettext("read and act") if row.may_act else gettext("read only"),
    }


def _named(listed: Iterable[str] | None, names: dict[str, str], other: dict[str, Any]) -> str:
    if listed is None:
        return gettext("All")
    return ", ".join(names.get(one) or gettext(other.get(one, one)) for one in listed)
