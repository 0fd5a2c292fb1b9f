"""A company's user at the desk: limited to some themes, or appointed administrator on a document that proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.accounts.memberships import appointing, selectors
from core.accounts.memberships.errors import ProofMissing
from core.catalogue.document_kinds import ATTACHMENT
from core.documents.services import Placement, store_upload
from core.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from core.messaging import desk_parties
from core.web.company.users.wording import describe_entries, describe_member, name_clients, name_offered
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import Membership
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@desk
@require_GET
def show(request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID) -> HttpResponse:
    """What she may do, and who changed what."""
    return _page(request, actor, party_id, membership_id)


@desk
@require_POST
@recent
def cap(request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID) -> HttpResponse:
    """Limit her to some themes at most, or lift the limit."""
    posted = request.POST
    try:
        with tenant_transaction(request.caisse):
            member = _access(actor, party_id, membership_id)
            offered = name_offered(request.caisse, member.party)
            themes = [one for one in posted.getlist("theme") if one in offered]
            appointing.cap_member(
                actor=actor,
                membership_id=membership_id,
                themes=themes if posted.get("scope") == "named" else None,
                seen=posted.get("seen", ""),
                reason=posted.get("reason", ""),
            )
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, party_id, membership_id, error)
    messages.success(request, gettext("Saved. The person and the company’s administrators are told."))
    return redirect("desk_member", party_id=party_id, membership_id=membership_id)


@desk
@require_POST
@recent
def appoint(request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID) -> HttpResponse:
    """Make her the company's administrator; the proof is kept in the company's file."""
    with tenant_transaction(request.caisse):
        _access(actor, party_id, membership_id)
        if not appointing.may_set_users(actor):
            raise NotPermitted
    try:
        reason = request.POST.get("reason", "")
        document_id = _keep_proof(request, actor, party_id, reason)
        with tenant_transaction(request.caisse):
            appointing.appoint_member(actor=actor, membership_id=membership_id, document_id=document_id, reason=reason)
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, party_id, membership_id, error)
    messages.success(request, gettext("Saved. The person and the company’s administrators are told."))
    return redirect("desk_member", party_id=party_id, membership_id=membership_id)


def _keep_proof(request: PortalRequest, actor: Actor, party_id: UUID, reason: str) -> UUID:
    proof = request.FILES.get("proof")
    if proof is None or not reason.strip():
        raise ProofMissing
    document = store_upload(
        caisse=request.caisse,
        actor=actor,
        chunks=proof.chunks(),
        filename=proof.name or "",
        placement=Placement(kind=ATTACHMENT.slug, party_id=party_id),
    )
    return document.id


def _access(actor: Actor, party_id: UUID, membership_id: UUID) -> Membership:
    """Return a user of a party whose file is open to the viewer; raises ``not_found``."""
    desk_parties.access_party(actor, party_id)
    member = appointing.access_member_at_desk(actor, membership_id)
    if member.party_id != party_id:
        raise NotFound
    return member


def _page(
    request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID, error: RelaisError | None = None
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        member = _access(actor, party_id, membership_id)
        clients = name_clients(member.party)
        person = describe_member(member, clients)
        themes = name_offered(request.caisse, member.party)
        entries, _older = selectors.list_history(party_id, membership_id=member.id)
        history = describe_entries(entries, clients)
        may_set = appointing.may_set_users(actor)
    chosen = request.POST.getlist("theme") if error else list(member.cap_themes or [])
    context: dict[str, Any] = {
        "party": member.party,
        "person": person,
        "history": history,
        "themes": list(themes.items()),
        "chosen": chosen,
        "scope": request.POST.get("scope", "all") if error else ("all" if member.cap_themes is None else "named"),
        "seen": appointing.cap_mark(member),
        "may_set": may_set,
        "typed": request.POST,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/member.html", context, status=error.status if error else 200)
