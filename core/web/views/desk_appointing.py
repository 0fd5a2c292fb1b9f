"""Appointing a company's administrator at the desk, on a document that proves it: a user of hers, or a newcomer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.memberships import appointing
from core.accounts.memberships.errors import ProofMissing
from core.kernel.errors import Conflict, InvalidInput, NotPermitted, Unavailable
from core.messaging import desk_parties
from core.messaging.proofs import resting_on, store_proof
from core.web.company.users.inviting import list_languages, read_newcomer
from core.web.console.people.entries import read_way
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from core.web.views.desk_members import access_user, member_page
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import Membership
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@desk
@require_POST
@recent
def appoint(request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID) -> HttpResponse:
    """Make a user the company's administrator; the proof is kept in the company's file."""
    with tenant_transaction(request.caisse):
        access_user(actor, party_id, membership_id)
        _check_may(actor)

    def work(document_id: UUID, reason: str) -> None:
        appointing.appoint_member(actor=actor, membership_id=membership_id, document_id=document_id, reason=reason)

    try:
        _do_on_proof(request, actor, party_id, work)
    except (InvalidInput, Conflict, Unavailable) as error:
        return member_page(request, actor, party_id, membership_id, error)
    messages.success(request, gettext("Saved. The person and the company’s administrators are told."))
    return redirect("desk_member", party_id=party_id, membership_id=membership_id)


@desk
@require_http_methods(["GET", "POST"])
@recent
def appoint_newcomer(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Make somebody who is no user yet the company's administrator."""
    with tenant_transaction(request.caisse):
        desk_parties.access_party(actor, party_id)
        _check_may(actor)
    if request.method != "POST":
        return _page(request, actor, party_id)
    made: list[Membership] = []

    def work(document_id: UUID, reason: str) -> None:
        newcomer = read_newcomer(request.POST)
        made.append(
            appointing.appoint_newcomer(
                actor=actor, party_id=party_id, newcomer=newcomer, document_id=document_id, reason=reason
            )
        )

    try:
        _do_on_proof(request, actor, party_id, work)
    except (InvalidInput, Conflict, Unavailable) as error:
        return _page(request, actor, party_id, error)
    messages.success(request, gettext("Appointed. The person is told how to enter, the company’s administrators too."))
    return redirect("desk_member", party_id=party_id, membership_id=made[0].id)


def _check_may(actor: Actor) -> None:
    if not appointing.may_set_users(actor):
        raise NotPermitted


def _do_on_proof(request: PortalRequest, actor: Actor, party_id: UUID, work: Callable[[UUID, str], None]) -> None:
    """Keep the proof, then do what rests on it; a proof on which nothing rests is not kept."""
    reason, upload = request.POST.get("reason", ""), request.FILES.get("proof")
    if upload is None or not reason.strip():
        raise ProofMissing
    document = store_proof(caisse=request.caisse, actor=actor, upload=upload, party_id=party_id)
    with resting_on(document, caisse=request.caisse, actor=actor):
        work(document.id, reason)


def _page(request: PortalRequest, actor: Actor, party_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
    context: dict[str, Any] = {
        "party": party,
        "typed": request.POST,
        "by": read_way(request.POST),
        **list_languages(request),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/appoint.html", context, status=error.status if error else 200)
