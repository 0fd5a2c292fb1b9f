"""The themes that the caisse offers to the company: taken up or declined, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.accounts.memberships.choosing import choose_theme, list_choices
from core.accounts.memberships.services import access_company
from core.accounts.memberships.wording import name_theme
from core.accounts.post import postal_address
from core.kernel.errors import Conflict, InvalidInput
from core.kernel.text import N_
from core.web.company.users.policy import company_administrator
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

STATES = {"open": N_("not answered yet, open"), "taken": N_("taken up"), "declined": N_("declined")}
CHIPS = {"open": "info", "taken": "ok", "declined": "stop"}


@party
@require_http_methods(["GET", "POST"])
@company_administrator
@recent
def themes(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Each theme with its state; one button takes it up, another declines it."""
    if request.method != "POST":
        return _page(request, actor)
    slug, taken = request.POST.get("theme", ""), request.POST.get("step") == "take"
    try:
        with tenant_transaction(request.caisse):
            choose_theme(actor=actor, slug=slug, taken=taken)
            name = name_theme(slug)
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, error)
    said = gettext("%(theme)s is taken up.") if taken else gettext("%(theme)s is declined.")
    messages.success(request, said % {"theme": name})
    return redirect("company_themes", party=actor.party_id)


def _page(request: PortalRequest, actor: Actor, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        listed = [
            {
                "choice": one,
                "name": name_theme(one.slug),
                "state": gettext(STATES[one.state]),
                "chip": CHIPS[one.state],
            }
            for one in list_choices(company)
        ]
        address = postal_address(company)
    context: dict[str, Any] = {
        "listed": listed,
        "address": address,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/users/themes.html", context, status=error.status if error else 200)
