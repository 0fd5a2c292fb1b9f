"""Inviting companies: one from its file, or many at once from the list of those without an access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from core.accounts.post import postal_address
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.enrolment import selectors
from core.enrolment.deciding import check_may_decide
from core.enrolment.inviting import INVITED_KINDS, invite_companies, invite_company
from core.enrolment.joining import check_open, has_access
from core.kernel.errors import NotFound, RelaisError
from core.messaging import desk_parties
from core.web.console.people.entries import read_address, read_way
from core.web.languages import NATIVE_NAMES
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@desk
@recent
@require_http_methods(["GET", "POST"])
def one(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Invite a company: who will administer its access, and how the code gets there."""
    check_open(request.caisse, "invitation")
    check_may_decide(actor)
    if request.method != "POST":
        return _one_page(request, actor, party_id)
    posted = request.POST
    try:
        with tenant_transaction(request.caisse):
            desk_parties.access_party(actor, party_id)
            made = invite_company(
                actor=actor,
                party_id=party_id,
                given_name=posted.get("given_name", ""),
                family_name=posted.get("family_name", ""),
                email=posted.get("email", ""),
                language=posted.get("language", ""),
                by=read_way(posted),
                address=read_address(posted),
            )
    except NotFound:
        raise
    except RelaisError as error:
        return _one_page(request, actor, party_id, error)
    messages.success(request, gettext("The invitation is on its way."))
    return redirect("desk_application", application_id=made.id)


@desk
@recent
@require_http_methods(["GET", "POST"])
def many(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Companies without an access; those that are ticked are invited together."""
    check_open(request.caisse, "invitation")
    check_may_decide(actor)
    if request.method == "POST" and "invite" in request.POST:
        return _invite_many(request, actor)
    search = request.POST.get("q", "").strip()[:100]
    with tenant_transaction(request.caisse):
        parties, next_cursor = selectors.list_without_access(actor, search, cursor=request.POST.get("cursor", ""))
        listed = [
            {"party": party, "by": "mail" if party.contact_email else "letter" if postal_address(party) else ""}
            for party in parties
        ]
    context = {"listed": listed, "next_cursor": next_cursor, "search": search}
    return render(request, "web/enrolment/desk/invite_many.html", context)


def _invite_many(request: PortalRequest, actor: Actor) -> HttpResponse:
    try:
        chosen = [UUID(party) for party in request.POST.getlist("party")][: selectors.PAGE]
    except ValueError:
        chosen = []
    with tenant_transaction(request.caisse):
        done, left = invite_companies(actor=actor, party_ids=chosen)
    if done:
        said = ngettext("%(n)s company is invited.", "%(n)s companies are invited.", done)
        messages.success(request, said % {"n": done})
    if left:
        said = gettext("Not invited, since there is no address or an access already: %(names)s")
        messages.warning(request, said % {"names": ", ".join(party.name for party in left)})
    if not done and not left:
        messages.warning(request, gettext("Tick at least one company."))
    return redirect("desk_application_invite")


def _one_page(request: PortalRequest, actor: Actor, party_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
        known = has_access(party.id)
    if party.kind not in INVITED_KINDS or party.state != "active":
        raise NotFound
    posted = request.POST
    languages = configuration.get(request.caisse, LanguagesSection)
    address = {"extra": party.address_extra, "street": party.street, "place": f"{party.postcode} {party.town}".strip()}
    context: dict[str, Any] = {
        "party": party,
        "known": known,
        "typed": posted or address | {"email": party.contact_email},
        "by": read_way(posted),
        "languages": [(code, NATIVE_NAMES[code]) for code in languages.languages],
        "language": posted.get("language") or party.language,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/enrolment/desk/invite.html", context, status=error.status if error else 200)
