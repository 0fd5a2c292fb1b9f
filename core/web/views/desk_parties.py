"""Parties at the desk: found by number or name, and each with all that is known of her."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.memberships.appointing import may_set_users
from core.accounts.names import COMPANIES
from core.accounts.post import postal_address
from core.catalogue import registry
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import InvalidInput, NotFound
from core.kernel.text import N_
from core.messaging import desk_guards, desk_parties, desk_search
from core.messaging.desk_colleagues import list_colleagues
from core.messaging.selectors import PAGE
from core.web.acts import name_act
from core.web.context import theme_name
from core.web.languages import NATIVE_NAMES
from core.web.policies import desk
from core.web.views.delivery import describe_deliveries
from core.web.views.desk_case import in_words
from core.web.views.downloads import EXPORT_LIMIT, list_workbook, workbook_of
from core.web.views.shown import shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from core.accounts.models import Mandate, Membership, Party
    from core.audit.models import Entry
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

KINDS = {
    "employer": N_("Employer"),
    "insured": N_("Insured person"),
    "self_employed": N_("Self-employed person"),
    "agent": N_("Agent"),
}
PARTS = {
    "documents": N_("Dossier"),
    "users": N_("Users"),
    "mandates": N_("Mandates"),
    "history": N_("History"),
}
FIRST = 10
_STATES = {"active": N_("active"), "read_only": N_("read only"), "suspended": N_("suspended"), "ended": N_("ended")}
_MANDATE_STATES = {
    "asked": N_("asked for"),
    "accepted": N_("in force"),
    "refused": N_("refused"),
    "ended": N_("ended"),
}
_ROLES = {"administrator": N_("Administrator"), "member": N_("Member")}


@desk
@require_http_methods(["GET", "POST"])
def parties(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Search by POST, since a name belongs in no address and in no log."""
    search = request.POST.get("q", "").strip()
    with tenant_transaction(request.caisse):
        found = desk_search.search_parties(actor, search, cursor=request.POST.get("cursor") or None)
    context = {
        "listed": [(one, gettext(KINDS[one.kind])) for one in found.parties],
        "next_cursor": found.next_cursor or "",
        "search": search,
        "filters": {"q": search},
    }
    return render(request, "web/desk/parties.html", context)


@desk
@require_POST
def export_parties(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The parties that fit, as a workbook."""
    with tenant_transaction(request.caisse):
        found = desk_search.search_parties(actor, request.POST.get("q", "").strip(), limit=EXPORT_LIMIT)
    columns = [
        ListColumn(gettext("Number")),
        ListColumn(gettext("Name"), width=40),
        ListColumn(gettext("Kind"), width=24),
        ListColumn(gettext("Postcode")),
        ListColumn(gettext("Town"), width=24),
        ListColumn(gettext("State")),
    ]
    body = [
        (one.number, one.name, gettext(KINDS[one.kind]), one.postcode, one.town, gettext(_STATES[one.state]))
        for one in found.parties
    ]
    return list_workbook(columns, body, title=gettext("Parties"), filename="parties.xlsx")


@desk
@require_GET
def party(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """One party: users, mandates, messages, dossier, delivery, history."""
    return _party_page(request, actor, party_id)


def _party_page(
    request: PortalRequest, actor: Actor, party_id: UUID, error: InvalidInput | None = None
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        try:
            found = desk_parties.access_party(actor, party_id, case_id=_uuid(request.GET.get("case", "")))
            context = _describe(request, actor, found)
        except NotFound:
            # Who sets the flag must reach it; of the file itself she sees nothing more than the name.
            found = desk_parties.access_flagged(actor, party_id)
            context = {"closed": True}
        may_flag = "administrator" in actor.roles
        named = desk_parties.find_flag(party_id)
        context |= {
            "party": found,
            "kind": gettext(KINDS[found.kind]),
            "state": gettext(_STATES[found.state]),
            "may_flag": may_flag,
            "may_appoint": found.kind in COMPANIES and may_set_users(actor),
            "may_enter": actor.kind == "clerk" and bool(actor.roles & {"clerk", "administrator"}),
            "flag": named,
            "named": request.POST.getlist("clerk") or [str(one) for one in (named.clerks if named else [])],
            "reason": request.POST.get("reason") or (named.reason if named else ""),
            "colleagues": list_colleagues() if may_flag else [],
            "refusal": in_words(error) if error else "",
        }
    return render(request, "web/desk/party.html", context, status=error.status if error else 200)


def _describe(request: PortalRequest, actor: Actor, found: Party) -> dict[str, Any]:
    page = desk_parties.list_messages(actor, found.id, cursor=request.GET.get("cursor") or None)
    return {
        **{key: value for name in PARTS for key, value in _part(request, actor, found, name, limit=FIRST).items()},
        "told": desk_parties.list_told(found.id),
        "listed": [shown(one) for one in page.messages],
        "next_cursor": page.next_cursor,
        "deliveries": describe_deliveries(found),
        "has_address": bool(postal_address(found)),
        "language": NATIVE_NAMES.get(found.language, found.language),
    }


def _part(
    request: PortalRequest, actor: Actor, found: Party, part: str, *, after: str = "", limit: int = PAGE
) -> dict[str, Any]:
    """Return one page of a part, under its own name, and under ``<part>_after`` what leads to the next."""
    rows: list[Any]
    match part:
        case "documents":
            documents = desk_parties.list_documents(actor, found.id, after=after, limit=limit)
            rows, after = documents.rows, documents.after
        case "users":
            users = desk_parties.list_users(found.id, after=after, limit=limit)
            rows, after = [_user(request, one) for one in users.rows], users.after
        case "mandates":
            mandates = desk_parties.list_mandates(found.id, after=after, limit=limit)
            rows, after = [_mandate(request, one) for one in mandates.rows], mandates.after
        case _:
            history = desk_parties.list_history(actor, found.id, after=after, limit=limit)
            rows, after = [_entry(one) for one in history.rows], history.after
    return {part: rows, f"{part}_after": after}


@desk
@require_GET
def party_part(request: PortalRequest, actor: Actor, party_id: UUID, part: str) -> HttpResponse:
    """All of a party's documents, users, mandates or history, page by page."""
    if part not in PARTS:
        raise NotFound
    with tenant_transaction(request.caisse):
        found = desk_parties.access_party(actor, party_id)
        context = _part(request, actor, found, part, after=request.GET.get("after", ""))
    context |= {"party": found, "part": part, "title": gettext(PARTS[part]), "after": context[f"{part}_after"]}
    return render(request, "web/desk/party_part.html", context)


def _user(request: PortalRequest, membership: Membership) -> dict[str, Any]:
    return {
        "membership": membership,
        "role": gettext(_ROLES[membership.role]),
        "themes": _themes(request, membership.themes),
    }


def _mandate(request: PortalRequest, mandate: Mandate) -> dict[str, Any]:
    return {
        "mandate": mandate,
        "themes": _themes(request, mandate.themes),
        "state": gettext(_MANDATE_STATES[mandate.state]),
    }


def _themes(request: PortalRequest, slugs: Iterable[str] | None) -> str:
    if slugs is None:
        return gettext("All")
    known = {one.slug: one for one in registry.list_all_themes()}
    return ", ".join(theme_name(request.caisse, known[slug]) if slug in known else slug for slug in slugs)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "label": name_act(entry),
        "actor": entry.actor_name,
        "message_id": _uuid(entry.object_id) if entry.object_type == "message" else None,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@desk
@require_GET
def export(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """The party's messages as a workbook."""
    with tenant_transaction(request.caisse):
        found = desk_parties.access_party(actor, party_id)
        listed = [shown(one) for one in desk_parties.list_messages(actor, found.id, limit=EXPORT_LIMIT).messages]
    return workbook_of(request, listed, "messages.xlsx")


@desk
@require_POST
def flag(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Open a party's file to the clerks named only, or to all again."""
    try:
        with tenant_transaction(request.caisse):
            if request.POST.get("step") == "open":
                desk_guards.unflag_party(actor=actor, party_id=party_id)
            else:
                colleagues = dict(list_colleagues())
                clerks = [UUID(one) for one in request.POST.getlist("clerk") if one in colleagues]
                desk_guards.flag_party(
                    actor=actor, party_id=party_id, clerks=clerks, reason=request.POST.get("reason", "")
                )
    except InvalidInput as error:
        return _party_page(request, actor, party_id, error)
    messages.success(request, gettext("Saved."))
    return redirect("desk_party", party_id=party_id)
