"""The review: these people have access, is that still right?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from core.accounts.memberships import review
from core.accounts.memberships.services import access_company
from core.accounts.memberships.settings import access_settings
from core.web.company.users.entries import read_ids
from core.web.company.users.policy import company_administrator
from core.web.company.users.wording import describe_member, name_clients
from core.web.policies import party, recent
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@party
@require_http_methods(["GET", "POST"])
@company_administrator
@recent
def reviewing(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Everybody with the day by which she is to be confirmed; the ticked ones are confirmed in one step."""
    with tenant_transaction(request.caisse):
        clients = name_clients(access_company(actor))
        found = review.list_to_confirm(actor)
        settings = access_settings()
        if request.method == "POST":
            wanted = read_ids(request.POST.getlist("member"), {str(one.member.id) for one in found})
            confirmed = review.confirm_members(actor=actor, membership_ids=wanted)
        listed = [{**describe_member(one.member, clients), "due": one.due, "is_over": one.is_over} for one in found]
    if request.method == "POST":
        text = ngettext("%(count)s user is confirmed.", "%(count)s users are confirmed.", confirmed)
        messages.success(request, text % {"count": confirmed})
        return redirect("company_review", party=actor.party_id)
    context = {
        "listed": listed,
        "settings": settings,
        "none": gettext("The caisse asks for no review. You can still look through your users at any time."),
    }
    return render(request, "web/company/users/review.html", context)
