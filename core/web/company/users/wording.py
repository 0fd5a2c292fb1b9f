"""Users of a company and what was done with them, as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.accounts.memberships.naming import show_own_name
from core.accounts.memberships.selectors import list_clients, list_substitutions, name_members, state_of
from core.accounts.memberships.wording import (
    ACTS,
    ROLES,
    list_facts,
    list_parts,
    name_action,
    name_theme,
    name_themes,
)
from core.accounts.models import User
from core.accounts.policy import offered_themes
from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.accounts.models import Membership, Party
    from core.audit.models import Entry
    from tenants.scope import CaisseRef

STATES = {
    "active": N_("active"),
    "invited": N_("invited"),
    "blocked": N_("blocked"),
    "later": N_("not yet"),
    "paused": N_("paused"),
    "ended": N_("ended"),
}
CHIPS = {"active": "ok", "invited": "info", "blocked": "stop", "later": "info", "paused": "warn", "ended": ""}


def name_offered(caisse: CaisseRef, party: Party, also: Iterable[str] = ()) -> dict[str, str]:
    """Return the names of the themes that the caisse offers to a company, and of those named besides, by slug."""
    slugs = dict.fromkeys([*offered_themes(caisse, party.number), *also])
    return {slug: name_theme(slug) for slug in slugs}


def name_clients(party: Party) -> dict[str, str]:
    """Return for whom a company acts besides itself, by identifier; one query."""
    return {str(one.id): one.name for one in list_clients(party.id)}


def describe_member(member: Membership, clients: dict[str, str]) -> dict[str, Any]:
    """Return one user for list and page."""
    state = state_of(member)
    acts = ACTS["act" if member.may_act else "read"]
    return {
        "member": member,
        "user": member.user,
        "signs_in_as": show_own_name(member.user),
        "role": gettext(ROLES[member.role]),
        "themes": name_themes(member.themes),
        "cap": None if member.cap_themes is None else name_themes(member.cap_themes),
        "acts": gettext(acts),
        "clients": _say_clients(member, clients),
        "state": state,
        "state_label": gettext(STATES[state]),
        "chip": CHIPS[state],
        "code_until": getattr(member, "code_until", None),
    }


def describe_substitutions(members: Sequence[Membership], party: Party) -> dict[str, list[Membership]]:
    """Return who stands in for each of these users and for whom each does, by her place’s identifier; one query."""
    found = list_substitutions([one.id for one in members], [one.user_id for one in members], party.id)
    by_user = {one.user_id: str(one.id) for one in members}
    listed: dict[str, list[Membership]] = {}
    for one in found:
        for place in {str(one.substitute_for_id), by_user.get(one.user_id, "")}:
            listed.setdefault(place, []).append(one)
    return listed


def describe_entries(entries: Sequence[Entry], clients: dict[str, str]) -> list[dict[str, Any]]:
    """Return acts of the history, with whom they concern and what stood before and after; two queries."""
    names = name_members(entries)
    people = {str(one.id): one.name for one in User.objects.filter(id__in=_people_in(entries))}
    return [_describe_entry(entry, names, people, clients) for entry in entries]


def _describe_entry(
    entry: Entry, names: dict[str, str], people: dict[str, str], clients: dict[str, str]
) -> dict[str, Any]:
    data = entry.data
    concerned = names.get(entry.object_id) or people.get(str(data.get("user", "")), "")
    if entry.object_type == "company_theme":
        concerned = name_theme(entry.object_id)
    notes = [people[data["by_user"]]] if data.get("by_user") in people else []
    notes += [str(data["reason"])] if data.get("reason") else []
    return {
        "at": entry.at,
        "actor": entry.actor_name,
        "is_caisse": entry.actor_kind in {"clerk", "system"},
        "label": name_action(entry.action),
        "concerned": concerned,
        "parts": list_parts(data, clients),
        "facts": list_facts(data, clients),
        "note": ", ".join(notes),
        "proof": str(data.get("document") or ""),
    }


def _people_in(entries: Sequence[Entry]) -> set[str]:
    return {str(entry.data[key]) for entry in entries for key in ("user", "by_user") if entry.data.get(key)}


def _say_clients(member: Membership, clients: dict[str, str]) -> str:
    if not clients:
        return ""
    if member.clients is None:
        return gettext("All")
    known = [clients[str(one)] for one in member.clients if str(one) in clients]
    return ", ".join(known)
