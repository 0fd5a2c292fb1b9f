"""Many mandates at once by a workbook: the template, the list judged line by line, then the right ones made."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.mandates import bulk
from core.accounts.mandates.rows import MandateRow
from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.declare.spreadsheet import template_columns
from core.documents.models import Document
from core.documents.services import discard_document
from core.intake.workbooks.template import TemplateTexts, write_template
from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from core.messaging.mandate_lists import read_document, start_list
from core.messaging.proofs import LIST, store_proof
from core.web.company.mandates import marking
from core.web.company.mandates.views import may_keep
from core.web.company.mandates.wording import BASES, name_themes, parse_id
from core.web.policies import party, recent
from core.web.views.desk_case import in_words
from core.web.views.downloads import XLSX
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from core.accounts.mandates.bulk import Line
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

    Make = Callable[[Line], None]


@party
@require_http_methods(["GET", "POST"])
@recent
def many(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Ask many parties for mandates by one list."""
    if not may_keep(actor):
        raise NotFound
    direction = "give" if request.POST.get("direction") == "give" else "act"
    make = bulk.asking(actor, direction, name_themes(request.caisse))
    if request.POST.get("step") == "marked":
        return mark_list(request, actor, make, party_id=actor.party)
    context = work(request, actor, make, party_id=actor.party) | {"direction": direction}
    if context["started"]:
        return redirect("company_mandates_list", party=actor.party, list_id=context["started"])
    return render(request, "web/company/mandates/many.html", context, status=context["status"])


@party
@require_GET
def template(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The workbook to fill in."""
    if not may_keep(actor):
        raise NotFound
    return write_list_template(request)


def work(request: PortalRequest, actor: Actor, make: Make, *, party_id: UUID) -> dict[str, Any]:
    """Do what was posted: judge an uploaded list, or make what is right in it; return what the page shows."""
    shown: dict[str, Any] = {
        "lines": [],
        "status": 200,
        "refusal": "",
        "document_id": "",
        "made": None,
        "started": None,
    }
    if request.method != "POST":
        return shown
    try:
        document = _find_or_store(request, actor, party_id)
        lines = read_document(request.caisse, document).lines
        if len(lines) > bulk.AT_ONCE:
            return shown | {"started": _start(request, actor, document, len(lines))}
    except (InvalidInput, Conflict, Unavailable) as error:
        return shown | {"refusal": in_words(error), "status": error.status}
    if request.POST.get("step") == "make":
        return shown | _make(request, actor, lines, document, make)
    with tenant_transaction(request.caisse):
        bulk.judge_lines(lines, make)
    return shown | {
        "lines": [_describe(one) for one in lines],
        "right": sum(one.done for one in lines),
        "document_id": document.id,
    }


def mark_list(request: PortalRequest, actor: Actor, make: Make, *, party_id: UUID) -> HttpResponse:
    """Return the list that is kept with a remark in each cell that is not in order."""
    document = _find_or_store(request, actor, party_id)
    reading = read_document(request.caisse, document)
    with tenant_transaction(request.caisse):
        bulk.judge_lines(reading.lines, make)
    return marking.write_marked(request, document, reading)


def _start(request: PortalRequest, actor: Actor, document: Document, total: int) -> UUID:
    """Hand a long list to a worker."""
    with tenant_transaction(request.caisse):
        made = start_list(
            actor=actor,
            document=document,
            total=total,
            language=get_language() or "fr",
            direction="give" if request.POST.get("direction") == "give" else "act",
            basis=request.POST.get("basis", "") if request.POST.get("basis") in BASES else "agreement",
        )
    return made.id


def _find_or_store(request: PortalRequest, actor: Actor, party_id: UUID) -> Document:
    if request.POST.get("step") not in {"make", "marked"}:
        upload = request.FILES.get("file")
        return store_proof(caisse=request.caisse, actor=actor, upload=upload, party_id=party_id, kind=LIST)
    with tenant_transaction(request.caisse):
        mine = Document.objects.filter(kind=LIST, party_id=party_id, uploaded_by=actor.user_id)
        wanted = parse_id(request.POST.get("document_id", ""))
        found = mine.filter(id=wanted).first() if wanted else None
    if found is None:
        raise bulk.ListGone
    return found


def _make(request: PortalRequest, actor: Actor, lines: list[Line], document: Document, make: Make) -> dict[str, Any]:
    with tenant_transaction(request.caisse):
        # The list goes with what came of it, so that a repeated click makes nothing twice.
        discard_document(actor=actor, document_id=document.id)
        made = bulk.make_lines(lines, make)
    said = ngettext("%(count)s line was carried out.", "%(count)s lines were carried out.", made) % {"count": made}
    messages.success(request, said)
    return {"lines": [_describe(one) for one in lines if one.error is not None], "made": made}


def _describe(line: Line) -> dict[str, Any]:
    error: RelaisError | None = line.error
    return {
        "number": line.number,
        "party": " ".join(filter(None, [line.entries.get("kind"), line.entries.get("number")])),
        "is_right": error is None,
        "why": in_words(error) if error else "",
    }


def write_list_template(request: PortalRequest) -> HttpResponse:
    """Return the template in the reader's language."""
    language = get_language() or "fr"
    texts = TemplateTexts(
        title=gettext("Mandates"),
        sheet=gettext("Mandates"),
        instructions_sheet=gettext("Instructions"),
        instructions=[gettext("One line for each party. What is right can be carried out without the rest.")],
        headings=(
            gettext("Column"),
            gettext("Required"),
            gettext("What to enter"),
            gettext("Example"),
            gettext("Possible entries"),
        ),
        yes=gettext("yes"),
        no=gettext("no"),
        choice_error=gettext("Choose an entry of the list."),
        language=language,
        author=configuration.get(request.caisse, BrandingSection).short_name,
    )
    with tempfile.TemporaryFile() as file:
        write_template(file, columns=template_columns(MandateRow, language=language, translate=gettext), texts=texts)
        file.seek(0)
        content = file.read()
    headers = {"Content-Disposition": 'attachment; filename="mandates.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
