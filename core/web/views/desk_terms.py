"""A party's terms at the desk: what was answered, the years of the agreement, and an acceptance that came on paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, cast
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.paging import page_of
from core.accounts.policy import caisse_today
from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from core.kernel.text import N_
from core.messaging import desk_parties
from core.messaging.proofs import resting_on, store_proof
from core.terms import on_paper
from core.terms.models import Answer
from core.web.agreements import describe_agreement
from core.web.languages import NATIVE_NAMES
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from core.web.views.dossier import stream
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse, StreamingHttpResponse

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

PAGE = 50
CHANNELS = {"counter": N_("at the counter"), "letter": N_("by letter")}


@desk
@require_http_methods(["GET", "HEAD", "POST"])
@recent
def show(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Show what a party answered; a POST writes an acceptance on paper down."""
    if request.method != "POST":
        return _page(request, actor, party_id)
    try:
        _record(request, actor, party_id)
    except (InvalidInput, Conflict, Unavailable) as error:
        return _page(request, actor, party_id, error)
    messages.success(request, gettext("Written down. The company has accepted this version."))
    return redirect("desk_party_terms", party_id=party_id)


def _record(request: PortalRequest, actor: Actor, party_id: UUID) -> None:
    posted, caisse = request.POST, request.caisse
    with tenant_transaction(caisse):
        party = desk_parties.access_party(actor, party_id)
    if not on_paper.may_record(actor) or posted.get("channel") not in CHANNELS:
        raise NotFound
    text_id = _uuid(posted.get("text", ""))
    scan = store_proof(
        caisse=caisse, actor=actor, upload=request.FILES.get("paper"), party_id=party_id, kind=on_paper.SIGNED_CHARTER
    )
    paper = on_paper.Paper(
        text_id=text_id,
        signed_on=_day(posted.get("signed_on", "")),
        signed_by=posted.get("signed_by", ""),
        channel=cast("Literal['letter', 'counter']", posted["channel"]),
        document_id=scan.id,
    )
    with resting_on(scan, caisse=caisse, actor=actor):
        on_paper.record_paper(actor=actor, party=party, paper=paper)


@desk
@require_GET
def paper(request: PortalRequest, actor: Actor, party_id: UUID, answer_id: UUID) -> StreamingHttpResponse:
    """The scan of what was signed on paper."""
    with tenant_transaction(request.caisse):
        found = on_paper.find_paper(desk_parties.access_party(actor, party_id), answer_id)
    return stream(request, found)


def _page(request: PortalRequest, actor: Actor, party_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
        given = Answer.objects.filter(party=party).select_related("version")
        page = page_of(given, "at", request.GET.get("cursor", ""), PAGE)
        texts = on_paper.list_texts_to_sign(party) if on_paper.may_record(actor) else []
        agreement = describe_agreement(party.id)
    context = {
        "party": party,
        "answers": page.rows,
        "next_cursor": page.next_cursor,
        "agreement": agreement,
        "texts": [(str(one.id), one, NATIVE_NAMES[one.language]) for one in texts],
        "channels": [(name, gettext(label)) for name, label in CHANNELS.items()],
        # The party's own language is proposed, among the newest version's.
        "chosen": request.POST.get("text")
        or next((str(one.id) for one in texts if one.language == party.language), ""),
        "typed": request.POST if error else {},
        "today": caisse_today(request.caisse).isoformat(),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/terms.html", context, status=error.status if error else 200)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
