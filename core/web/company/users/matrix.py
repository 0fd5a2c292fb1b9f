"""Users and themes, and users and clients, in one table: who may do what, changed for many at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from core.accounts.invitations.errors import ThemesNotValid
from core.accounts.memberships import selectors, services
from core.accounts.memberships.errors import ClientsNotValid
from core.accounts.memberships.place import place_of
from core.accounts.memberships.services import access_company
from core.kernel.errors import Conflict, InvalidInput
from core.web.company.users.policy import company_administrator
from core.web.company.users.wording import describe_member, name_clients, name_offered
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.http import HttpResponse, QueryDict

    from core.accounts.memberships.place import MemberPlace
    from core.accounts.models import Membership
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

ROWS = 25
# Beyond so many clients a table is no help; they are chosen on each user's own page.
MOST_COLUMNS = 12


@party
@require_http_methods(["GET", "POST"])
@company_administrator
@recent
def matrix(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Show users in rows and themes in columns; save what was ticked, all or nothing."""
    refusal, status = "", 200
    if request.POST.get("step") == "save":
        try:
            with tenant_transaction(request.caisse):
                changed = _save(request, actor)
        except (InvalidInput, Conflict) as error:
            refusal, status = in_words(error), error.status
        else:
            text = ngettext("%(count)s user was changed.", "%(count)s users were changed.", changed)
            messages.success(request, text % {"count": changed})
            return redirect("company_users_matrix", party=actor.party_id)
    return _page(request, actor, refusal, status)


def _save(request: PortalRequest, actor: Actor) -> int:
    company = access_company(actor)
    themes, clients = name_offered(request.caisse, company), name_clients(company)
    ticked = clients if len(clients) <= MOST_COLUMNS else {}
    changed = 0
    for membership_id in _ids(request.POST.getlist("row")):
        member = services.access_member(actor, membership_id)
        before = place_of(member)
        wanted = _wanted(request.POST, member, before, themes, ticked)
        if wanted != before:
            seen = request.POST.get(f"seen-{member.id}", "")
            services.change_member(actor=actor, membership_id=member.id, wanted=wanted, seen=seen)
            changed += 1
    return changed


def _wanted(
    posted: QueryDict, member: Membership, before: MemberPlace, themes: Collection[str], clients: Collection[str]
) -> MemberPlace:
    chosen = _chosen(posted, f"theme-{member.id}", themes, before.themes or ())
    if chosen == ():
        raise ThemesNotValid
    wanted = replace(before, themes=chosen, may_act=posted.get(f"acts-{member.id}") == "yes")
    if not clients:
        return wanted
    known = _chosen(posted, f"client-{member.id}", clients, [str(one) for one in before.clients or ()])
    if known == ():
        raise ClientsNotValid
    return replace(wanted, clients=None if known is None else tuple(sorted(UUID(one) for one in known)))


def _chosen(posted: QueryDict, name: str, offered: Collection[str], had: Iterable[str]) -> tuple[str, ...] | None:
    """Return what is ticked in a row, None for all; what the table does not show stays as it was."""
    ticked = posted.getlist(name)
    if "*" in ticked:
        return None
    kept = [one for one in had if one not in offered]
    return tuple(sorted({*kept, *(one for one in ticked if one in offered)}))


def _page(request: PortalRequest, actor: Actor, refusal: str, status: int) -> HttpResponse:
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        themes, clients = name_offered(request.caisse, company), name_clients(company)
        cursor = request.POST.get("cursor", "")
        page = selectors.list_members(actor, selectors.Filters(), cursor=cursor, limit=ROWS)
        columns = list(clients.items()) if len(clients) <= MOST_COLUMNS else []
        typed = request.POST if refusal else None
        rows = [_row(one, themes, dict(columns), typed) for one in page.members]
    context: dict[str, Any] = {
        "rows": rows,
        "themes": list(themes.items()),
        "clients": columns,
        "many_clients": bool(clients) and not columns,
        "next_cursor": page.next_cursor,
        "cursor": cursor,
        "refusal": refusal,
    }
    return render(request, "web/company/users/matrix.html", context, status=status)


def _row(
    member: Membership, themes: dict[str, str], clients: dict[str, str], typed: QueryDict | None
) -> dict[str, Any]:
    place = place_of(member)
    chosen_themes = typed.getlist(f"theme-{member.id}") if typed else place.themes
    chosen_clients = typed.getlist(f"client-{member.id}") if typed else [str(one) for one in place.clients or ()]
    all_clients = "*" in chosen_clients if typed else place.clients is None
    all_themes = "*" in (chosen_themes or ()) if typed else place.themes is None
    return {
        **describe_member(member, clients),
        "seen": typed.get(f"seen-{member.id}", "") if typed else place.mark,
        "all_themes": all_themes,
        "cells": [
            (slug, name, slug in (chosen_themes or ()), _is_capped(member, slug)) for slug, name in themes.items()
        ],
        "all_clients": all_clients,
        "client_cells": [(one, name, one in chosen_clients) for one, name in clients.items()],
        "acts_ticked": typed.get(f"acts-{member.id}") == "yes" if typed else place.may_act,
        "all_label": gettext("All, also those to come"),
    }


def _is_capped(member: Membership, slug: str) -> bool:
    return member.cap_themes is not None and slug not in member.cap_themes


def _ids(listed: Iterable[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in listed]
    except ValueError:
        return []
