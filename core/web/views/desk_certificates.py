"""The certificates of a party's user at the desk: a clerk enters a fingerprint on proof, or removes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.outside import certificates
from core.kernel.errors import Conflict, InvalidInput
from core.messaging import desk_parties
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@desk
@recent
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, actor: Actor, party_id: UUID, member_id: UUID) -> HttpResponse:
    """Show what is registered for a user; a POST enters one more by its fingerprint."""
    if request.method != "POST":
        return _page(request, actor, party_id, member_id)
    try:
        with tenant_transaction(request.caisse):
            desk_parties.access_user(actor, party_id, member_id)
            certificates.enter_fingerprint(
                actor=actor,
                user_id=member_id,
                typed=request.POST.get("fingerprint", ""),
                label=request.POST.get("label", ""),
            )
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, party_id, member_id, error)
    messages.success(request, gettext("Registered. The person is told by e-mail."))
    return redirect("desk_user_certificates", party_id=party_id, member_id=member_id)


@desk
@recent
@require_POST
def remove(request: PortalRequest, actor: Actor, party_id: UUID, member_id: UUID, key_id: UUID) -> HttpResponse:
    """Make one of a user's certificates useless."""
    with tenant_transaction(request.caisse):
        desk_parties.access_user(actor, party_id, member_id)
        certificates.remove_key(actor=actor, key_id=key_id, user_id=member_id)
    messages.success(request, gettext("Removed. This certificate opens nothing here any more."))
    return redirect("desk_user_certificates", party_id=party_id, member_id=member_id)


def _page(
    request: PortalRequest, actor: Actor, party_id: UUID, member_id: UUID, error: RelaisError | None = None
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        membership = desk_parties.access_user(actor, party_id, member_id)
        keys = certificates.list_keys(member_id, "certificate")
    context = {
        "party_id": party_id,
        "membership": membership,
        "keys": keys,
        "may_enter": certificates.may_enter(actor) and certificates.is_offered(request.caisse),
        "may_remove": certificates.may_enter(actor),
        "is_offered": certificates.is_offered(request.caisse),
        "typed": request.POST if error else {},
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/certificates.html", context, status=error.status if error else 200)
