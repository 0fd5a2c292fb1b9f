"""Many mandates at once by a workbook: the template, the list judged line by line, then the right ones made."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.mandates import bulk
from core.accounts.mandates.rows import MandateRow
from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.declare.spreadsheet import template_columns
from core.documents.models import Document
from core.documents.services import discard_document, open_document
from core.intake.workbooks.template import TemplateTexts, write_template
from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from core.messaging.proofs import LIST, store_proof
from core.web.company.mandates.views import may_keep
from core.web.company.mandates.wording import name_themes, parse_id
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
    context = work(request, actor, make, party_id=actor.party) | {"direction": direction}
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
    shown: dict[str, Any] = {"lines": [], "status": 200, "refusal": "", "document_id": "", "made": None}
    if request.method != "POST":
        return shown
    try:
        document = _find_or_store(request, actor, party_id)
        lines = _read(request, document)
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


def _find_or_store(request: PortalRequest, actor: Actor, party_id: UUID) -> Document:
    if request.POST.get("step") != "make":
        upload = request.FILES.get("file")
        return store_proof(caisse=request.caisse, actor=actor, upload=upload, party_id=party_id, kind=LIST)
    with tenant_transaction(request.caisse):
        mine = Document.objects.filter(kind=LIST, party_id=party_id, uploaded_by=actor.user_id)
        wanted = parse_id(request.POST.get("document_id", ""))
        found = mine.filter(id=wanted).first() if wanted else None
    if found is None:
        raise bulk.ListGone
    return found


def _read(request: PortalRequest, document: Document) -> list[Line]:
    scratch = Path(settings.DATA_DIR) / "scratch"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="relais-list-", dir=scratch))
    try:
        source = folder / "source"
        with source.open("wb") as file:
            for chunk in open_document(caisse=request.caisse, document=document):
                file.write(chunk)
        return bulk.read_lines(source, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
