"""A company's user at the desk: what she may do, the limit that the caisse sets, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.accounts.forgotten import is_shared
from core.accounts.memberships import appointing, naming, selectors
from core.accounts.names import show_name
from core.configuration.sections.access import NAMES
from core.kernel.errors import Conflict, InvalidInput, NotFound
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
    return member_page(request, actor, party_id, membership_id)


@desk
@require_POST
@recent
def cap(request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID) -> HttpResponse:
    """Limit her to some themes at most, or lift the limit."""
    posted = request.POST
    try:
        with tenant_transaction(request.caisse):
            member = access_user(actor, party_id, membership_id)
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
        return member_page(request, actor, party_id, membership_id, error)
    messages.success(request, gettext("Saved. The person and the company’s administrators are told."))
    return redirect("desk_member", party_id=party_id, membership_id=membership_id)


@desk
@require_POST
@recent
def rename(request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID) -> HttpResponse:
    """Give her another sign-in name."""
    try:
        with tenant_transaction(request.caisse):
            access_user(actor, party_id, membership_id)
            name = naming.issue_member_name(
                actor=actor,
                membership_id=membership_id,
                kind=request.POST.get("kind", ""),
                seen=request.POST.get("seen", ""),
            )
    except (InvalidInput, Conflict) as error:
        return member_page(request, actor, party_id, membership_id, error)
    messages.success(request, gettext("The person now signs in as %(name)s.") % {"name": show_name(name)})
    return redirect("desk_member", party_id=party_id, membership_id=membership_id)


def access_user(actor: Actor, party_id: UUID, membership_id: UUID) -> Membership:
    """Return a user of a party whose file is open to the viewer; raises ``not_found``."""
    desk_parties.access_party(actor, party_id)
    member = appointing.access_member_at_desk(actor, membership_id)
    if member.party_id != party_id:
        raise NotFound
    return member


def member_page(
    request: PortalRequest, actor: Actor, party_id: UUID, membership_id: UUID, error: RelaisError | None = None
) -> HttpResponse:
    """Return the page, with what was typed and what is wrong with it."""
    with tenant_transaction(request.caisse):
        member = access_user(actor, party_id, membership_id)
        clients = name_clients(member.party)
        person = describe_member(member, clients)
        themes = name_offered(request.caisse, member.party)
        entries, _older = selectors.list_history(party_id, membership_id=member.id)
        history = describe_entries(entries, clients)
        may_set = appointing.may_set_users(actor)
        kinds = naming.list_kinds(member) if may_set and member.user.state == "active" else []
        shares_address = bool(member.user.contact_email) and is_shared(member.user.contact_email)
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
        "kinds": [(one, gettext(NAMES[one])) for one in kinds],
        "shares_address": shares_address,
        "needs_letter": member.user.state == "active" and (shares_address or not member.user.contact_email),
        "typed": request.POST,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/member.html", context, status=error.status if error else 200)
