"""The way in of a party, at the desk: a new code at the phone or counter, and letters that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.post import postal_address
from core.kernel.errors import Conflict, InvalidInput
from core.letters import handing, selectors, sheets
from core.letters.services import mark_returned
from core.messaging import desk_parties
from core.web.console.access_letters.wording import name_letter_state
from core.web.policies import desk, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

MOST_RETURNED = 500


@desk
@never_cache
@require_http_methods(["GET", "POST"])
@recent
def access(request: PortalRequest, actor: Actor, party_id: UUID) -> HttpResponse:
    """Where a party's access stands, and a new code for her: by letter, or as a slip to hand over."""
    if request.method != "POST":
        return _page(request, actor, party_id)
    checked = request.POST.get("checked", "")
    try:
        with tenant_transaction(request.caisse):
            party = desk_parties.access_party(actor, party_id)
            if request.POST.get("by") == "counter":
                sheet = handing.make_slip(actor=actor, party=party, checked=checked)
            else:
                handing.send_letter(actor=actor, party=party, checked=checked)
                sheet = None
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, party_id, error)
    if sheet is None:
        messages.success(request, gettext("A letter with a new code is on its way. Earlier codes no longer count."))
        return redirect("desk_party_access", party_id=party_id)
    content = sheets.render_pdf(sheets.describe(request.caisse, [sheet], "normal"))
    headers = {"Content-Disposition": 'attachment; filename="access.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _page(request: PortalRequest, actor: Actor, party_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        party = desk_parties.access_party(actor, party_id)
        waiting = handing.get_waiting(party)
        last = selectors.find_last_letter(party)
        address = postal_address(party)
    context: dict[str, Any] = {
        "party": party,
        "waiting": waiting,
        "last": last,
        "last_state": name_letter_state(vars(last)["state"]) if last else "",
        "address": address,
        "checks": [(name, gettext(label), name in handing.AT_COUNTER) for name, label in handing.CHECKS.items()],
        "checked": request.POST.get("checked", ""),
        "may_send": bool(actor.roles & {"administrator", "clerk"}),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/desk/access.html", context, status=error.status if error else 200)


@desk
@require_http_methods(["GET", "POST"])
def returned(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Mark letters that came back, by the reference in the window; the envelope stays closed."""
    unknown: list[str] = []
    if request.method == "POST":
        typed = request.POST.get("references", "").replace(",", "\n").split("\n")
        with tenant_transaction(request.caisse):
            marked, unknown = mark_returned(actor=actor, references=[one.strip() for one in typed][:MOST_RETURNED])
        if marked:
            said = ngettext("%(n)s letter is marked as returned.", "%(n)s letters are marked as returned.", marked)
            messages.success(request, said % {"n": marked})
        if not unknown:
            return redirect("desk_returned_letters")
    context = {
        "unknown": unknown,
        "typed": "\n".join(unknown),
        "may_mark": bool(actor.roles & {"administrator", "clerk"}),
    }
    return render(request, "web/desk/returned.html", context)
