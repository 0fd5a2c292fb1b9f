"""The caisse's people in words: roles, states, themes, and what was done with somebody's place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.staff.selectors import state_of
from core.catalogue import offers, registry
from core.kernel.text import N_
from core.messaging.models import TeamMember
from core.web.context import theme_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from core.accounts.models import StaffMember
    from core.audit.models import Entry
    from tenants.scope import CaisseRef

ROLES = {"administrator": N_("Administrator"), "clerk": N_("Clerk"), "auditor": N_("Auditor")}
ROLE_HELPS = {
    "administrator": N_("Sets the portal up, invites people and gives roles."),
    "clerk": N_("Treats the cases of the themes chosen below."),
    "auditor": N_("Reads everything, changes nothing."),
}
STATES = {
    "active": N_("active"),
    "invited": N_("invited"),
    "blocked": N_("blocked"),
    "later": N_("not yet"),
    "ended": N_("ended"),
}
CHIPS = {"active": "ok", "invited": "info", "blocked": "stop", "later": "info", "ended": ""}
_ACTIONS = {
    "staff_invited": N_("Invited"),
    "invitation_sent": N_("Code sent"),
    "activation_opened": N_("Code entered for the first time"),
    "activation_opened_again": N_("Code entered again elsewhere"),
    "activation_completed": N_("Access activated"),
    "code_sent": N_("Code by SMS sent"),
    "code_refused": N_("Code by SMS refused"),
    "staff_changed": N_("Roles or themes changed"),
    "staff_blocked": N_("Blocked"),
    "staff_unblocked": N_("Unblocked"),
    "staff_ended": N_("Work here ended"),
}
_PARTS = {"roles": N_("Roles"), "themes": N_("Themes"), "from": N_("From"), "until": N_("Until")}
_WAYS = {"mail": N_("by e-mail"), "letter": N_("by letter")}
_OPEN_END = "–"


def name_themes(caisse: CaisseRef, also: Iterable[str] = ()) -> dict[str, str]:
    """Return the names of the themes that the caisse offers, and of those named besides, by slug."""
    known = {one.slug: one for one in registry.list_all_themes()}
    offered = [one.slug for one in offers.list_open_themes(caisse)]
    slugs = dict.fromkeys([*offered, *(slug for slug in also if slug in known)])
    return {slug: theme_name(caisse, known[slug]) for slug in slugs}


def name_roles(roles: Collection[str]) -> str:
    """Return the roles as an office worker reads them."""
    return ", ".join(gettext(label) for role, label in ROLES.items() if role in roles)


def name_teams(user_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the teams of each of these people; one query, within the caller's scope."""
    found: dict[UUID, list[str]] = {}
    members = TeamMember.objects.filter(user_id__in=list(user_ids)).select_related("team").order_by("team__name")
    for one in members:
        found.setdefault(one.user_id, []).append(one.team.name)
    return found


def describe_person(staff: StaffMember, names: dict[str, str], teams: dict[UUID, list[str]]) -> dict[str, Any]:
    """Return one of the caisse's people for list and page."""
    state = state_of(staff)
    return {
        "staff": staff,
        "user": staff.user,
        "roles": name_roles(staff.roles),
        "themes": _name_themes(staff.themes, names) if "clerk" in staff.roles else "",
        "teams": ", ".join(teams.get(staff.user_id, [])),
        "state": state,
        "state_label": gettext(STATES[state]),
        "chip": CHIPS[state],
        "code_until": getattr(staff, "code_until", None),
    }


def describe_entry(entry: Entry, names: dict[str, str]) -> dict[str, Any]:
    """Return one act of the history, with what stood before and after."""
    data = entry.data
    label = _ACTIONS.get(entry.action)
    parts = [
        (gettext(label), _say(name, data.get(f"{name}_before"), names), _say(name, data.get(f"{name}_after"), names))
        for name, label in _PARTS.items()
        if f"{name}_after" in data
    ]
    notes = [data["reason"]] if "reason" in data else []
    way = _WAYS.get(data.get("by", ""))
    notes += [gettext(way)] if way else []
    return {
        "at": entry.at,
        "actor": entry.actor_name,
        "label": gettext(label) if label else entry.action,
        "parts": parts,
        "note": ", ".join(notes),
    }


def _say(part: str, value: str | None, names: dict[str, str]) -> str:
    if not value:
        return _OPEN_END
    if part == "roles":
        return name_roles(value.split(","))
    if part == "themes":
        return _name_themes(None if value == "*" else value.split(","), names)
    return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")


def _name_themes(slugs: Collection[str] | None, names: dict[str, str]) -> str:
    return gettext("All") if slugs is None else ", ".join(names.get(slug, slug) for slug in slugs)
