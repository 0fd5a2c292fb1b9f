"""The end of a party's access at the desk: entered, looked at, taken back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.affiliation import planning, selectors, services
from core.accounts.affiliation.errors import DeathProofMissing, EndingDayNotValid
from core.accounts.affiliation.settings import AFTERWARDS, RULES, ending_settings
from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from core.messaging import desk_parties
from core.messaging.proofs import DEATH, resting_on, store_proof
from core.web.endings import describe_ending, name_themes
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from core.accounts.models import Party, PartyEnding
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

FROM = "affiliated_from"
TYPED = ("kind", "last_day", "received_on", "scope", "theme", "reason", "on", "died_on")


@desk
@recent
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Show what stands and what was; a POST shows what one more would do, and enters it once that is confirmed."""
    if request.method != "POST":
        return _page(request, actor, party_id)
    planned = None
    try:
        if request.POST.get("kind") == "death" and request.POST.get("step") == "confirm":
            return _enter_death(request, actor, party_id)
        with tenant_transaction(request.caisse):
            found = desk_parties.access_party(actor, party_id)
            if request.POST.get("kind") == FROM:
                services.set_first_day(actor=actor, party_id=party_id, first_day=_day(request.POST, "first_day"))
            elif request.POST.get("step") == "confirm":
                _enter(actor, party_id, request.POST)
            else:
                planned = _plan(actor, found, request.POST)
    except (InvalidInput, Conflict, Unavailable) as error:
        return _page(request, actor, party_id, error)
    if planned is not None:
        return _page(request, actor, party_id, planned=planned)
    said = gettext("Saved.") if request.POST["kind"] == FROM else gettext("Entered. All concerned are told by e-mail.")
    messages.success(request, said)
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


def _plan(actor: Actor, found: Party, form: QueryDict) -> PartyEnding:
    kind, reason = form.get("kind"), form.get("reason", "")
    services.access_as_clerk(actor, found.id, administrator=kind in services.FOR_ADMINISTRATORS)
    match kind:
        case "affiliation":
            return planning.plan_leaving(found, _day(form, "last_day"))
        case "renunciation":
            return planning.plan_renunciation(found, _themes(form), _day(form, "received_on"), by_letter=True)
        case "exclusion":
            return planning.plan_exclusion(found, reason, _later(form))
        case "suspension":
            return planning.plan_suspension(found, reason)
        case "death":
            return planning.plan_death(found, _day(form, "died_on"), reason)
        case _:
            raise NotFound


def _enter(actor: Actor, party_id: UUID, form: QueryDict) -> None:
    reason = form.get("reason", "")
    match form.get("kind"):
        case "affiliation":
            services.end_affiliation(actor=actor, party_id=party_id, last_day=_day(form, "last_day"))
        case "renunciation":
            services.enter_renunciation(
                actor=actor, party_id=party_id, themes=_themes(form), received_on=_day(form, "received_on")
            )
        case "exclusion":
            services.exclude_party(actor=actor, party_id=party_id, reason=reason, on=_later(form))
        case "suspension":
            services.suspend_party(actor=actor, party_id=party_id, reason=reason)
        case _:
            raise NotFound


def _enter_death(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Keep the scan, then enter the death that it proves; a scan on which nothing rests is not kept."""
    with tenant_transaction(request.caisse):
        planned = _plan(actor, desk_parties.access_party(actor, party_id), request.POST)
    upload = request.FILES.get("scan")
    try:
        if upload is None:
            raise DeathProofMissing
        document = store_proof(caisse=request.caisse, actor=actor, upload=upload, party_id=party_id, kind=DEATH)
    except (InvalidInput, Unavailable) as error:
        return _page(request, actor, party_id, error, planned=planned)
    with resting_on(document, caisse=request.caisse, actor=actor):
        services.report_death(
            actor=actor,
            party_id=party_id,
            died_on=planned.received_on,
            proof=planned.reason,
            document_id=document.id,
        )
    messages.success(request, gettext("Entered. All concerned are told by e-mail."))
    return redirect("desk_party_ending", party_id=party_id)


def _themes(form: QueryDict) -> list[str] | None:
    return None if form.get("scope") == "all" else form.getlist("theme")


def _later(form: QueryDict) -> date | None:
    return _day(form, "on") if form.get("on") else None


def _day(form: QueryDict, name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError:
        raise EndingDayNotValid from None


def _page(
    request: PortalRequest,
    actor: Actor,
    party_id: UUID,
    error: RelaisError | None = None,
    *,
    planned: PartyEnding | None = None,
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = desk_parties.access_party(actor, party_id)
        endings = [describe_ending(request, one) for one in selectors.list_endings(found)]
        context = {
            "party": found,
            "endings": endings,
            "may_take_back": any(one["may_take_back"] for one in endings),
            **_forms(request, actor, found),
        }
        if planned is not None:
            # What was typed goes along as it was, and is looked at anew when it is confirmed.
            typed = [(name, value) for name in TYPED for value in request.POST.getlist(name)]
            context |= {"planned": describe_ending(request, planned), "held": selectors.count_held(found)}
            context |= {"confirmed": [*typed, ("step", "confirm")]}
    context |= {"typed": request.POST if error else {}, "refusal": in_words(error) if error else ""}
    return render(request, "web/desk/ending.html", context, status=error.status if error else 200)


def _forms(request: PortalRequest, actor: Actor, found: Party) -> dict[str, Any]:
    settings, is_open = ending_settings(), found.state != "ended"
    has_died = found.kind in planning.MORTAL and selectors.has_died(found)
    return {
        "is_open": is_open,
        "may_enter": services.may_enter(actor),
        "may_exclude": is_open and services.may_enter(actor, administrator=True),
        "may_die": found.kind in planning.MORTAL and not has_died,
        "has_died": has_died,
        "left_alone": selectors.list_left_alone(found) if has_died else [],
        "themes": [(slug, name_themes(request, [slug])) for slug in planning.list_renounceable(found)],
        "rule": gettext(RULES[settings.renunciation]),
        "months": settings.read_only_months,
        "afterwards": gettext(AFTERWARDS[settings.afterwards]),
        "first_day": found.affiliated_from.isoformat() if found.affiliated_from else "",
    }
