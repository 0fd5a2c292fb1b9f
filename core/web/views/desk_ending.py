"""The end of a party's access at the desk: entered, looked at, taken back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.affiliation import selectors, services
from core.accounts.affiliation.errors import EndingDayNotValid
from core.accounts.affiliation.settings import AFTERWARDS, RULES, ending_settings
from core.kernel.errors import Conflict, InvalidInput, NotFound
from core.messaging import desk_parties
from core.web.endings import describe_ending, name_themes
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from core.accounts.models import Party
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@desk
@recent
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Show what stands and what was; a POST enters one more, by its ``kind``."""
    if request.method != "POST":
        return _page(request, actor, party_id)
    try:
        with tenant_transaction(request.caisse):
            desk_parties.access_party(actor, party_id)
            _enter(actor, party_id, request.POST)
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, party_id, error)
    messages.success(request, gettext("Entered. All concerned are told by e-mail."))
    return redirect("desk_party_ending", party_id=party_id)


@desk
@recent
@require_POST
def take_back(request: PortalRequest, actor: Actor, party_id: UUID, ending_id: UUID) -> HttpResponse:
    """Take one back."""
    try:
        with tenant_transaction(request.caisse):
            desk_parties.access_party(actor, party_id)
            services.take_back(actor=actor, party_id=party_id, ending_id=ending_id)
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, party_id, error)
    messages.success(request, gettext("Taken back. All concerned are told by e-mail."))
    return redirect("desk_party_ending", party_id=party_id)


def _enter(actor: Actor, party_id: UUID, form: QueryDict) -> None:
    reason = form.get("reason", "")
    match form.get("kind"):
        case "affiliation":
            services.end_affiliation(actor=actor, party_id=party_id, last_day=_day(form, "last_day"))
        case "renunciation":
            themes = None if form.get("scope") == "all" else form.getlist("theme")
            services.enter_renunciation(
                actor=actor, party_id=party_id, themes=themes, received_on=_day(form, "received_on")
            )
        case "exclusion":
            on = _day(form, "on") if form.get("on") else None
            services.exclude_party(actor=actor, party_id=party_id, reason=reason, on=on)
        case "suspension":
            services.suspend_party(actor=actor, party_id=party_id, reason=reason)
        case "death":
            services.report_death(actor=actor, party_id=party_id, died_on=_day(form, "died_on"), proof=reason)
        case _:
            raise NotFound


def _day(form: QueryDict, name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError:
        raise EndingDayNotValid from None


def _page(request: PortalRequest, actor: Actor, party_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = desk_parties.access_party(actor, party_id)
        endings = [describe_ending(request, one) for one in selectors.list_endings(found)]
        context = {"party": found, "endings": endings, **_forms(request, actor, found)}
    context |= {"typed": request.POST if error else {}, "refusal": in_words(error) if error else ""}
    return render(request, "web/desk/ending.html", context, status=error.status if error else 200)


def _forms(request: PortalRequest, actor: Actor, found: Party) -> dict[str, Any]:
    settings, is_open = ending_settings(), found.state != "ended"
    return {
        "is_open": is_open,
        "may_enter": services.may_enter(actor),
        "may_exclude": is_open and services.may_enter(actor, administrator=True),
        "may_die": found.kind in services.MORTAL,
        "themes": [(slug, name_themes(request, [slug])) for slug in services.list_renounceable(found)],
        "rule": gettext(RULES[settings.renunciation]),
        "months": settings.read_only_months,
        "afterwards": gettext(AFTERWARDS[settings.afterwards]),
    }
