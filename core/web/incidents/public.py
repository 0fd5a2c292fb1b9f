"""Reporting from the sign-in page: what happened and whose access, the password or a code by e-mail, the receipt."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.addresses import coarse_place, counted_address
from core.accounts.devices import summarise_device
from core.accounts.incidents import helping
from core.accounts.incidents.errors import HelpCodeNotSent, IncidentKindMissing
from core.accounts.incidents.services import LONGEST_NOTE, Report
from core.accounts.models import Incident
from core.accounts.models.incidents import INCIDENT_KINDS
from core.kernel.errors import NotFound, RelaisError
from core.web.incidents.papers import receipt_answer
from core.web.incidents.wording import describe, list_kinds
from core.web.policies import public
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest

# What this browser's session keeps between the pages: the code on its way with the report, and the receipt.
BEGUN, REPORTED = "help_begun", "help_reported"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PortalRequest) -> HttpResponse:
    """Ask what happened and whose access it is; with the password it is blocked at once, else a code is sent."""
    if request.method != "POST":
        return _form(request)
    name, password = request.POST.get("name", "").strip(), request.POST.get("password", "")
    try:
        report = read_report(request, proof="password" if password else "mail_code")
        address = counted_address(request)
        if password:
            made = helping.report_with_password(
                caisse=request.caisse, name=name, password=password, address=address, report=report
            )
            return show_receipt(request, made)
        sent = helping.send_help_code(caisse=request.caisse, name=name, address=address)
    except RelaisError as error:
        return _form(request, error)
    request.session[BEGUN] = {"sent": asdict(sent), "report": asdict(report)}
    return redirect("help_code")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PortalRequest) -> HttpResponse:
    """Ask for the code; a right one blocks and leads to the receipt."""
    begun = request.session.get(BEGUN)
    if begun is None:
        return redirect("help")
    if request.method != "POST":
        return _code_page(request)
    try:
        made = helping.report_with_code(
            caisse=request.caisse,
            sent=helping.SentCode(**begun["sent"]),
            typed=request.POST.get("code", ""),
            report=Report(**begun["report"]),
        )
    except RelaisError as error:
        return _code_page(request, error)
    return show_receipt(request, made)


@public
@never_cache
@require_GET
def receipt(request: PortalRequest) -> HttpResponse:
    """Show what was done, from when, and how one gets back in."""
    found = _reported(request)
    return render(request, "web/help/receipt.html", describe(found))


@public
@never_cache
@require_GET
def receipt_pdf(request: PortalRequest) -> HttpResponse:
    """The same on paper."""
    return receipt_answer(request.caisse, _reported(request))


def read_report(request: PortalRequest, *, proof: str) -> Report:
    """Return what was entered; raises ``incident_kind_missing``."""
    posted = request.POST
    if posted.get("kind") not in INCIDENT_KINDS:
        raise IncidentKindMissing
    return Report(
        kind=posted["kind"],
        proof=proof,
        note=posted.get("note", "")[:LONGEST_NOTE],
        block=posted.get("keep") != "on",
        language=get_language() or "fr",
        place=coarse_place(counted_address(request)),
        device=summarise_device(request.META.get("HTTP_USER_AGENT", "")),
    )


def show_receipt(request: PortalRequest, made: Incident) -> HttpResponse:
    """Lead to the receipt, in a session that belongs to nobody where the reporter's own has just ended."""
    own = request.identity.user
    if made.blocked and own is not None and own.id == made.user_id:
        request.session.flush()
    request.session.pop(BEGUN, None)
    request.session[REPORTED] = str(made.id)
    return redirect("help_receipt")


def _reported(request: PortalRequest) -> Incident:
    kept = request.session.get(REPORTED)
    if kept is None:
        raise NotFound
    with tenant_transaction(request.caisse):
        return Incident.objects.select_related("user").get(id=kept)


def _form(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "kinds": list_kinds(),
        "typed": request.POST,
        "refusal": in_words(error) if error else "",
        "is_signed_in": request.identity.is_authenticated,
        "longest": LONGEST_NOTE,
    }
    return render(request, "web/help/begin.html", context, status=error.status if error else 200)


def _code_page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "refusal": in_words(error) if error else "",
        "is_over": error is not None and not isinstance(error, HelpCodeNotSent) and error.code != "code_wrong",
    }
    return render(request, "web/help/code.html", context, status=error.status if error else 200)
