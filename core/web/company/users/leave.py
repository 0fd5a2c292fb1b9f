"""Somebody leaves: what she still holds, who takes it over, the end of her access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.accounts.memberships import leaving
from core.accounts.memberships.wording import name_theme
from core.kernel.errors import Conflict, InvalidInput
from core.web.company.users.entries import read_id
from core.web.company.users.policy import company_administrator
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@party
@require_http_methods(["GET", "POST"])
@company_administrator
@recent
def leave(request: PortalRequest, actor: Actor, membership_id: UUID) -> HttpResponse:
    """Show what she holds; hand it over and end her access in one step."""
    if request.method != "POST":
        return _page(request, actor, membership_id)
    posted = request.POST
    try:
        with tenant_transaction(request.caisse):
            moved = leaving.end_member(
                actor=actor,
                membership_id=membership_id,
                to=read_id(posted.get("to", "")),
                widen=posted.get("widen") == "yes",
                reason=posted.get("reason", ""),
            )
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, membership_id, error)
    said = gettext("The access has ended. Handed over: %(count)s. What she did stays in the history.")
    messages.success(request, said % {"count": moved})
    return redirect("company_users", party=actor.party_id)


def _page(request: PortalRequest, actor: Actor, membership_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        found = leaving.look_at_leaving(actor, membership_id)
        alone_in = [name_theme(slug) for slug in found.alone_in]
    context: dict[str, Any] = {
        "leaving": found,
        "held": [(gettext(one.label), one.count) for one in found.held],
        "alone_in": alone_in,
        "typed": request.POST,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/company/users/leave.html", context, status=error.status if error else 200)
