"""Recording what came by letter, phone or mail on a party's behalf; it is written on the pages of the portal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.accounts.models import Party
from core.catalogue import offers
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel import clock
from core.kernel.errors import InvalidInput
from core.messaging import desk as services
from core.messaging import selectors
from core.messaging.desk_guards import open_to
from core.web.policies import desk
from core.web.views.shown import shown
from core.web.writing import url_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.web.requests import PortalRequest

CHANNELS = ("letter", "phone", "mail")


class PartyUnknown(InvalidInput):
    """No party has this number."""

    code = "party_unknown"


class ReceivedWhen(InvalidInput):
    """Say on which day it arrived; the day cannot lie in the future."""

    code = "received_when"


@desk
@require_http_methods(["GET", "POST"])
def begin(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Say for whom, what kind, how and when it came."""
    refusal = ""
    if request.method == "POST":
        try:
            with tenant_transaction(request.caisse):
                draft = _begin(request, actor)
        except InvalidInput as error:
            refusal = gettext(error.message)
        else:
            return redirect(url_of(actor, draft, "edit"))
    types = [one for one in offers.list_startable_types(request.caisse, "party") if actor.may_act(one.theme)]
    with tenant_transaction(request.caisse):
        begun = [shown(one) | {"url": url_of(actor, one, "edit")} for one in selectors.list_begun_records(actor)]
    context = {
        "begun": begun,
        "types": [(one.key, gettext(one.title)) for one in types],
        "channels": [("letter", gettext("Letter")), ("phone", gettext("Telephone")), ("mail", gettext("E-mail"))],
        "typed": request.POST,
        "refusal": refusal,
        "today": _today(request),
    }
    return render(request, "web/desk/record.html", context, status=422 if refusal else 200)


def _today(request: PortalRequest) -> date:
    return clock.today(configuration.get(request.caisse, LocaleSection).time_zone)


def _begin(request: PortalRequest, actor: Actor) -> Message:
    named = Party.objects.filter(number=request.POST.get("number", "").strip()).exclude(number="")
    party = open_to(actor, named, "id").first()
    if party is None:
        raise PartyUnknown
    try:
        received_on = date.fromisoformat(request.POST.get("received_on", ""))
    except ValueError:
        raise ReceivedWhen from None
    if received_on > _today(request):
        raise ReceivedWhen
    channel = request.POST.get("channel", "")
    return services.start_record(
        actor=actor,
        message_type=offers.get_offered_type(request.caisse, request.POST.get("type", "")),
        party_id=party.id,
        channel=channel if channel in CHANNELS else "letter",
        received_on=received_on,
    )
