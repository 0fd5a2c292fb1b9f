"""Renouncing themes or the portal: what it means and from when, the documents to save before, and the act itself."""

from __future__ import annotations

import tempfile
import zipfile
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.affiliation import planning, selectors, services
from core.accounts.affiliation.settings import COMPUTED_BY, RULES, ending_settings
from core.accounts.memberships.services import access_company
from core.documents.selectors import count_published, list_dossier
from core.documents.services import open_document
from core.kernel.errors import Conflict, InvalidInput
from core.kernel.text import N_
from core.messaging import files
from core.web.areas import COMPANY, WITH_CAISSE, AreaPage
from core.web.endings import describe_ending, name_themes
from core.web.policies import before_terms, party, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from core.accounts.models import Party, PartyEnding
    from core.documents.models import Document
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

IN_MEMORY = 2 * 2**20


@party
@before_terms
@recent
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Choose what to renounce, see from when, then confirm; nothing is written before that.

    Open to who does not accept the terms either: renouncing is what is left to her, and her documents are hers.
    """
    if request.method != "POST":
        return _page(request, actor)
    themes = None if request.POST.get("scope") == "all" else request.POST.getlist("theme")
    try:
        with tenant_transaction(request.caisse):
            if request.POST.get("step") != "confirm":
                wanted = planning.plan_renunciation(access_company(actor), themes)
            else:
                services.renounce(actor=actor, themes=themes)
                wanted = None
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, error)
    if wanted is not None:
        return _page(request, actor, wanted=wanted)
    messages.success(request, gettext("Your renunciation is received. All concerned are told by e-mail."))
    return redirect("company_renounce", party=actor.party_id) if themes is not None else redirect("home")


@party
@before_terms
@require_GET
def documents(request: PortalRequest, actor: Actor) -> FileResponse:
    """All published documents that the reader may open, in one archive, by theme."""
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        listed = [one for one in list_dossier(party_id=company.id, limit=None) if files.may_open(actor, one)]
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- closed by the response
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
        for name, document in _with_names(listed):
            with archive.open(name, "w", force_zip64=True) as entry:
                for chunk in open_document(caisse=request.caisse, document=document):
                    entry.write(chunk)
    kept.seek(0)
    return FileResponse(kept, as_attachment=True, filename="documents.zip", content_type="application/zip")


def _with_names(listed: list[Document]) -> Iterator[tuple[str, Document]]:
    """Yield each document with a name of its own within the archive."""
    seen: dict[str, int] = {}
    for one in listed:
        name = f"{one.theme or 'documents'}/{one.filename}"
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{one.theme or 'documents'}/{seen[name]}-{one.filename}"), one


def _page(
    request: PortalRequest,
    actor: Actor,
    error: RelaisError | None = None,
    wanted: PartyEnding | None = None,
) -> HttpResponse:
    with tenant_transaction(request.caisse):
        company = access_company(actor)
        standing = [describe_ending(request, one) for one in selectors.list_standing(company.id)]
        saved = count_published(company.id)
        context = {"party": company, "standing": standing, "saved": saved, "wanted": wanted}
        context |= _choices(request, company, wanted)
    context["refusal"] = in_words(error) if error else ""
    return render(request, "web/company/renounce.html", context, status=error.status if error else 200)


def _choices(request: PortalRequest, company: Party, wanted: PartyEnding | None) -> dict[str, Any]:
    settings = ending_settings()
    return {
        "themes": [(slug, name_themes(request, [slug])) for slug in planning.list_renounceable(company)],
        "rule": gettext(RULES[settings.renunciation]),
        "afterwards": settings.afterwards,
        "chosen": name_themes(request, wanted.themes) if wanted else "",
        "computed_by": gettext(COMPUTED_BY[wanted.rule]) if wanted else "",
    }


COMPANY.add_page(
    AreaPage(
        "company_renounce",
        N_("Renounce"),
        N_("Give up some themes, or the portal as a whole, and save the documents before."),
        order=90,
        administrators_only=True,
        group=WITH_CAISSE,
    )
)
urlpatterns = [
    path("renounce/", show, name="company_renounce"),
    path("renounce/documents.zip", documents, name="company_renounce_documents"),
]
