"""The company's page for its staff: the link to register, its code, and the leaflet to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.configuration import configuration
from core.enrolment import staff_codes
from core.enrolment.joining import check_open
from core.enrolment.section import EnrolmentSection
from core.kernel.errors import NotPermitted
from core.web.enrolment.leaflet import leaflet_response, list_leaflet_languages, private_link
from core.web.policies import party, recent
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@party
@require_GET
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """How the staff comes to an access of its own, as the caisse has it."""
    _check(actor)
    section = configuration.get(request.caisse, EnrolmentSection)
    with tenant_transaction(request.caisse):
        used = _is_used(actor)
        code = staff_codes.find_code(actor=actor, party_id=actor.party) if used else ""
    context = {
        "is_open": section.is_open("private"),
        "is_used": used,
        "code": code,
        "link": private_link(request.caisse) if section.is_open("private") else "",
        "languages": list_leaflet_languages(request.caisse),
    }
    return render(request, "web/enrolment/staff.html", context)


@party
@require_POST
def leaflet(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The leaflet as a PDF in the languages ticked; the company's code is made with the first one."""
    _check(actor)
    check_open(request.caisse, "private")
    with tenant_transaction(request.caisse):
        code = staff_codes.get_code(actor=actor, party_id=actor.party) if _is_used(actor) else ""
    company = request.identity.find_seat(actor.party).party.name
    return leaflet_response(request, request.POST.getlist("language"), code=code, company=company)


@party
@recent
@require_POST
def replace(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Another code, such as when a leaflet went astray; the earlier one opens nothing any more."""
    _check(actor)
    with tenant_transaction(request.caisse):
        staff_codes.replace_code(actor=actor, party_id=actor.party)
    messages.success(request, gettext("Your company has a new code. Hand out new leaflets."))
    return redirect("company_staff", actor.party_id)


def _check(actor: Actor) -> None:
    if "administrator" not in actor.roles:
        raise NotPermitted


def _is_used(actor: Actor) -> bool:
    return staff_codes.is_used() and staff_codes.may_have(actor.party)
