"""At the counter: a clerk writes down who signed the charter there, and keeps the signed paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.policy import caisse_today
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.documents.storing import store_file
from core.enrolment import charter
from core.enrolment.counter import find_paper, record_application
from core.enrolment.deciding import access_application, check_may_decide
from core.enrolment.entries import read_details
from core.enrolment.joining import check_open
from core.enrolment.numbers import kind_of_number, read_number
from core.enrolment.section import KINDS
from core.kernel.errors import NotFound, RelaisError
from core.web.enrolment.forms import build_details
from core.web.languages import NATIVE_NAMES
from core.web.policies import desk
from core.web.views.desk_case import in_words
from core.web.views.dossier import stream
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpResponse, StreamingHttpResponse

    from core.documents.storing import StoredFile
    from core.enrolment.models import Application
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

LIMIT = 10 * 2**20


@desk
@require_http_methods(["GET", "POST"])
def begin(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Say who applies; then enter what stands on the paper."""
    section = check_open(request.caisse, "counter")
    check_may_decide(actor)
    open_kinds = [kind for kind in section.kinds if charter.is_published(request.caisse, kind)]
    wanted = request.POST.get("kind") or request.GET.get("kind") or (open_kinds[0] if open_kinds else "")
    if wanted and wanted not in open_kinds:
        raise NotFound
    if request.method != "POST":
        return _page(request, open_kinds, wanted)
    try:
        made = _record(request, actor, wanted)
    except NotFound:
        raise
    except RelaisError as error:
        return _page(request, open_kinds, wanted, error)
    messages.success(request, gettext("Written down. Compare it with what the caisse knows, and decide."))
    return redirect("desk_application", application_id=made.id)


@desk
@require_GET
def paper(request: PortalRequest, actor: Actor, application_id: UUID) -> StreamingHttpResponse:
    """The scan of the charter that was signed at the counter."""
    with tenant_transaction(request.caisse):
        found = find_paper(access_application(actor, application_id))
    if found is None:
        raise NotFound
    return stream(request, found)


def _record(request: PortalRequest, actor: Actor, kind: str) -> Application:
    posted = request.POST
    number = read_number(request.caisse, kind, posted.get("number", ""))
    details = read_details(request.caisse, kind, posted.dict() | {"certified": "yes"})
    stored = _store(request)
    with tenant_transaction(request.caisse):
        return record_application(
            actor=actor,
            party_kind=kind,
            number=number,
            details=details,
            language=posted.get("language", ""),
            signed_on=_read_day(posted.get("signed_on", "")),
            paper=stored,
        )


def _store(request: PortalRequest) -> StoredFile | None:
    """Put the scan into the store before its row; one whose row never comes is reconciled away."""
    scan = request.FILES.get("paper")
    if scan is None:
        return None
    return store_file(caisse=request.caisse, chunks=scan.chunks(), filename=scan.name or "", limit_bytes=LIMIT)


def _page(
    request: PortalRequest, open_kinds: Sequence[str], kind: str, error: RelaisError | None = None
) -> HttpResponse:
    languages = configuration.get(request.caisse, LanguagesSection)
    context: dict[str, Any] = {
        "kinds": [(one, gettext(KINDS[one])) for one in open_kinds],
        "kind": kind,
        "typed": request.POST,
        "languages": [(code, NATIVE_NAMES[code]) for code in languages.languages],
        "language": request.POST.get("language") or languages.default,
        "today": caisse_today(request.caisse).isoformat(),
        "refusal": in_words(error) if error else "",
    }
    if kind:
        number = kind_of_number(request.caisse, kind)
        context |= build_details(request.caisse, kind, request.POST.dict(), show_missing=bool(error), at_desk=True)
        context |= {"example": number.examples[0] if number.examples else "", "inputmode": number.widget().inputmode}
    return render(request, "web/enrolment/desk/counter.html", context, status=error.status if error else 200)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
