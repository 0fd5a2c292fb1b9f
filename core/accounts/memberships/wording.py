"""A user's place in a company in plain words, in the active language: for pages, the history and mails."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.memberships.place import ALL
from core.catalogue import offers, registry
from core.kernel.text import N_
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROLES = {"administrator": N_("Administrator"), "member": N_("User")}
ROLE_HELPS = {
    "administrator": N_("Invites users and says who may do what, takes up themes, makes access for programs."),
    "member": N_("Works in the themes chosen below."),
}
ACTS = {"act": N_("reads and sends"), "read": N_("reads only")}
PARTS = {
    "role": N_("Role"),
    "themes": N_("Themes"),
    "clients": N_("Clients"),
    "acts": N_("May"),
    "from": N_("From"),
    "until": N_("Until"),
    "cap": N_("At most (set by the caisse)"),
}
ACTIONS = {
    "member_invited": N_("Access given"),
    "invitation_sent": N_("Code sent"),
    "slip_printed": N_("Slip printed to hand over"),
    "activation_joined": N_("Access taken into an account that exists"),
    "member_changed": N_("Access changed"),
    "member_ended": N_("Access ended"),
    "member_capped": N_("Limited by the caisse"),
    "sign_in_name_issued": N_("Another sign-in name issued"),
    "member_confirmed": N_("Access confirmed in the review"),
    "member_paused": N_("Access paused: nobody had confirmed it"),
    "member_resumed": N_("Access open again"),
    "administrator_appointed": N_("Administrator appointed by the caisse"),
    "substitute_named": N_("Substitute named"),
    "substitute_ended": N_("Substitution ended"),
    "theme_taken": N_("Theme taken up"),
    "theme_declined": N_("Theme declined"),
    "access_asked": N_("Access asked for"),
    "access_granted": N_("Request granted"),
    "access_refused": N_("Request refused"),
    "access_withdrawn": N_("Request taken back"),
}
NO_END = "–"


def name_action(action: str) -> str:
    """Return what was done, in the active language."""
    found = ACTIONS.get(action)
    return gettext(found) if found else action


def name_theme(slug: str) -> str:
    """Return the caisse's name for a theme; a theme that is no longer installed keeps its slug."""
    known = {one.slug for one in registry.list_all_themes()}
    return offers.name_theme(current_caisse(), slug) if slug in known else slug


def name_themes(slugs: Iterable[str] | None) -> str:
    """Return the names of themes; None stands for all."""
    return gettext("All") if slugs is None else ", ".join(name_theme(slug) for slug in slugs) or NO_END


def say_part(part: str, value: str, clients: Mapping[str, str] | None = None) -> str:
    """Return one part of a place as people read it; ``clients`` names companies by identifier."""
    if not value:
        return NO_END
    if part in {"themes", "cap"}:
        return name_themes(None if value == ALL else value.split(","))
    if part == "clients":
        return gettext("All") if value == ALL else _name_clients(value.split(","), clients or {})
    if part in {"from", "until"}:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    words = (ROLES if part == "role" else ACTS).get(value)
    return gettext(words) if words else value


def list_parts(data: Mapping[str, Any], clients: Mapping[str, str] | None = None) -> list[tuple[str, str, str]]:
    """Return what an act changed: each part with what stood before and after."""
    return [
        (
            gettext(label),
            say_part(part, str(data.get(f"{part}_before", "")), clients),
            say_part(part, str(data.get(f"{part}_after", "")), clients),
        )
        for part, label in PARTS.items()
        if f"{part}_after" in data
    ]


def list_facts(data: Mapping[str, Any], clients: Mapping[str, str] | None = None) -> list[str]:
    """Return a place as lines, such as ``Themes: All``."""
    return [
        f"{gettext(label)}: {say_part(part, str(data[part]), clients)}"
        for part, label in PARTS.items()
        if data.get(part)
    ]


def _name_clients(ids: list[str], clients: Mapping[str, str]) -> str:
    known = [clients[one] for one in ids if one in clients]
    return ", ".join(known) if len(known) == len(ids) else str(len(ids))
