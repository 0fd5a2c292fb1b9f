"""The public form by which an employer, or a person where the caisse lets her, asks for an access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.addresses import counted_address
from core.accounts.phones import mask_mail
from core.accounts.policy import sign_in_policy
from core.enrolment import charter, joining
from core.enrolment.errors import ApplicationGone, CharterChanged, CharterMissing
from core.enrolment.numbers import kind_of_number, show_number
from core.enrolment.section import KINDS
from core.kernel.errors import RelaisError
from core.kernel.text import N_
from core.terms.differences import show_whole
from core.web.announcements import choose_text
from core.web.enrolment.forms import build_details, entries_of
from core.web.policies import public
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.enrolment.models import Application
    from core.web.requests import PortalRequest

# What the browser's session keeps: which draft, and which code was sent. No secret.
KEY, DONE = "join", "joined"
_STEPS = {
    "begin": N_("Number"),
    "charter": N_("Charter"),
    "details": N_("Details"),
    "confirm": N_("E-mail"),
    "done": N_("Sent"),
}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PortalRequest) -> HttpResponse:
    """Ask for the number, or go on with the step that comes next."""
    section = joining.check_open(request.caisse, "form")
    if request.method != "POST":
        found = _find(request)
        return _step_page(request, found) if found else _begin_page(request)
    wanted = request.POST.get("kind", "")
    try:
        made = joining.begin_application(
            caisse=request.caisse,
            party_kind=wanted or section.kinds[0],
            typed=request.POST.get("number", ""),
            language=get_language() or "",
            address=counted_address(request),
        )
    except RelaisError as error:
        return _begin_page(request, error)
    request.session[KEY] = {"id": str(made.id)}
    return redirect("join")


@public
@never_cache
@require_POST
def answer(request: PortalRequest) -> HttpResponse:
    """Keep the answer to the charter: an acceptance leads on, a refusal ends kindly."""
    found = _find(request)
    if found is None:
        return _lost(request)
    posted, accepted = request.POST, request.POST.get("answer") == "accept"
    try:
        joining.answer_charter(
            caisse=request.caisse,
            application=found,
            accepted=accepted,
            version_id=_uuid(posted.get("version", "")),
            language=posted.get("language", ""),
            sha256=posted.get("sha256", ""),
        )
    except RelaisError as error:
        return _refuse(request, found, error)
    if accepted:
        return redirect("join")
    del request.session[KEY]
    return render(request, "web/enrolment/declined.html", {})


@public
@never_cache
@require_POST
def details(request: PortalRequest) -> HttpResponse:
    """Keep what was entered, and send a code to the address."""
    found = _find(request)
    if found is None:
        return _lost(request)
    try:
        if found.accepted_at is not None:
            joining.save_details(caisse=request.caisse, application=found, typed=request.POST.dict())
            _send(request, found.id)
    except RelaisError as error:
        return _refuse(request, found, error)
    return redirect("join")


@public
@never_cache
@sensitive_post_parameters("code")
@require_POST
def confirm(request: PortalRequest) -> HttpResponse:
    """Evaluate the code from the e-mail, and hand the application in."""
    found = _find(request)
    if found is None:
        return _lost(request)
    try:
        if "change" in request.POST:
            joining.reopen_details(caisse=request.caisse, application=found)
            return redirect("join")
        if "again" in request.POST or "code_id" not in request.session[KEY]:
            _send(request, found.id)
            return redirect("join")
        sent = joining.confirm_and_submit(
            caisse=request.caisse,
            application=found,
            sent=_sent(request),
            typed=request.POST.get("code", ""),
        )
    except RelaisError as error:
        return _refuse(request, found, error)
    del request.session[KEY]
    request.session[DONE] = {"reference": sent.reference, "mail": mask_mail(sent.email)}
    return redirect("join_done")


@public
@never_cache
@require_GET
def done(request: PortalRequest) -> HttpResponse:
    """Say what was received, and what comes now."""
    kept = request.session.get(DONE)
    if not kept:
        return redirect("join")
    return render(request, "web/enrolment/done.html", {"step": "done", "steps": _list_steps(), **kept})


@public
@require_POST
def leave(request: PortalRequest) -> HttpResponse:
    """Begin anew, such as with another number."""
    request.session.pop(KEY, None)
    return redirect("join")


def _send(request: PortalRequest, application_id: UUID) -> None:
    fresh = joining.get_draft(caisse=request.caisse, application_id=application_id)
    sent = joining.send_code(caisse=request.caisse, application=fresh)
    request.session[KEY] = {"id": str(application_id), "code_id": str(sent.id), "binding": sent.binding}


def _sent(request: PortalRequest) -> joining.SentCode:
    kept = request.session[KEY]
    return joining.SentCode(UUID(kept["code_id"]), kept["binding"])


def _find(request: PortalRequest) -> Application | None:
    joining.check_open(request.caisse, "form")
    kept = request.session.get(KEY)
    if not kept:
        return None
    try:
        return joining.get_draft(caisse=request.caisse, application_id=UUID(kept["id"]))
    except ApplicationGone:
        del request.session[KEY]
        return None


def _lost(request: PortalRequest) -> HttpResponse:
    return _begin_page(request, ApplicationGone())


def _refuse(request: PortalRequest, found: Application, error: RelaisError) -> HttpResponse:
    if isinstance(error, ApplicationGone):
        request.session.pop(KEY, None)
        return _begin_page(request, error)
    if isinstance(error, CharterChanged):
        found = joining.get_draft(caisse=request.caisse, application_id=found.id)
    return _step_page(request, found, error)


def _begin_page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    section = joining.check_open(request.caisse, "form")
    open_kinds = [kind for kind in section.kinds if charter.is_published(request.caisse, kind)]
    chosen = request.POST.get("kind") or (open_kinds or section.kinds)[0]
    kind = kind_of_number(request.caisse, chosen)
    context = {
        "step": "begin",
        "steps": _list_steps(),
        "introduction": choose_text(section.introduction),
        "kinds": [(one, gettext(KINDS[one])) for one in open_kinds],
        "kind": chosen,
        "number": request.POST.get("number", ""),
        "example": kind.examples[0] if kind.examples else "",
        "inputmode": kind.widget().inputmode,
        "is_ready": bool(open_kinds),
        "refusal": in_words(error) if error and not isinstance(error, CharterMissing) else "",
    }
    return render(request, "web/enrolment/begin.html", context, status=error.status if error else 200)


def _step_page(request: PortalRequest, found: Application, error: RelaisError | None = None) -> HttpResponse:
    step = joining.step_of(found)
    context: dict[str, Any] = {
        "step": step,
        "steps": _list_steps(),
        "application": found,
        "number": show_number(request.caisse, found.kind, found.number),
        "refusal": in_words(error) if error else "",
    }
    if step == "charter":
        context |= _charter(request, found)
    elif step == "details":
        posted = request.POST.dict() if "certified_shown" in request.POST else {}
        entries = posted or entries_of(found)
        context |= build_details(request.caisse, found.kind, entries, show_missing=bool(error))
        context["certified"] = posted.get("certified") == "yes"
    else:
        kept = request.session.get(KEY, {})
        context |= {
            "mail": mask_mail(found.email),
            "minutes": sign_in_policy(request.caisse).code_minutes,
            "tries_left": joining.count_tries_left(caisse=request.caisse, sent=_sent(request))
            if "code_id" in kept
            else 0,
        }
    return render(request, f"web/enrolment/{step}.html", context, status=error.status if error else 200)


def _charter(request: PortalRequest, found: Application) -> dict[str, Any]:
    with tenant_transaction(request.caisse):
        shown = charter.get_charter(request.caisse, found.kind, get_language() or "")
    return {"charter": shown, "whole": show_whole(shown.text.body)}


def _list_steps() -> list[dict[str, str]]:
    return [{"key": key, "label": gettext(label)} for key, label in _STEPS.items()]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
