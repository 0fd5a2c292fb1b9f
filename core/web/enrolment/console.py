"""The console's page of enrolment: what is open, the way to invitations, the leaflet to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.configuration import configuration
from core.enrolment.joining import check_open
from core.enrolment.section import WAYS, EnrolmentSection
from core.web.enrolment.desk_list import may_decide
from core.web.enrolment.leaflet import leaflet_response, list_leaflet_languages, private_link
from core.web.policies import console

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@console
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Which ways are open; a post prints the leaflet in the languages ticked."""
    if request.method == "POST":
        check_open(request.caisse, "private")
        return leaflet_response(request, request.POST.getlist("language"))
    section = configuration.get(request.caisse, EnrolmentSection)
    context = {
        "ways": [(gettext(label), section.is_open(way)) for way, label in WAYS.items()],
        "is_private": section.is_open("private"),
        "may_invite": section.is_open("invitation") and may_decide(actor),
        "link": private_link(request.caisse),
        "languages": list_leaflet_languages(request.caisse),
    }
    return render(request, "web/enrolment/console.html", context)
