"""One's own access, watched over: sessions and devices, the history of sign-ins, reporting and blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts import history
from core.accounts.incidents import selectors, services
from core.accounts.incidents.helping import actor_of
from core.accounts.incidents.selectors import Marks
from core.accounts.policy import caisse_now
from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import NotFound, RelaisError
from core.web.incidents.papers import receipt_answer
from core.web.incidents.public import read_report, show_receipt
from core.web.incidents.wording import describe, list_kinds
from core.web.me.wording import describe_entry, describe_session
from core.web.policies import person, recent
from core.web.views.desk_case import in_words
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest


@person
@never_cache
@require_GET
def sessions(request: PortalRequest, user: User) -> HttpResponse:
    """Where one is signed in now."""
    with tenant_transaction(request.caisse):
        found = history.list_sessions(user.id)
    listed = [describe_session(one, request.identity.session_id) for one in found]
    return render(request, "web/me/sessions.html", {"listed": listed})


@person
@require_POST
@recent
def end_session(request: PortalRequest, user: User, session_id: UUID) -> HttpResponse:
    """End one session; the one in use ends as a sign-out does."""
    with tenant_transaction(request.caisse):
        history.end_one_session(user=user, session_id=session_id)
    if session_id == request.identity.session_id:
        request.session.flush()
        return redirect("sign_in")
    messages.success(request, gettext("Signed out there."))
    return redirect("me_sessions")


@person
@require_POST
@recent
def end_others(request: PortalRequest, user: User) -> HttpResponse:
    """End all sessions but this one."""
    with tenant_transaction(request.caisse):
        ended = history.end_other_sessions(user=user, keep=request.identity.session_id)
    messages.success(request, gettext("Signed out everywhere else: %(count)s.") % {"count": ended})
    return redirect("me_sessions")


@person
@never_cache
@require_GET
def sign_ins(request: PortalRequest, user: User) -> HttpResponse:
    """The history of sign-ins, page by page."""
    outcome = _outcome(request)
    with tenant_transaction(request.caisse):
        page = history.list_history(user.id, outcome=outcome, cursor=request.GET.get("cursor", ""))
        counted = history.count_history(user.id)
        marks = Marks([user.id])
    context = {
        "listed": [describe_entry(one, marks) for one in page.rows],
        "next_cursor": page.next_cursor,
        "outcome": outcome,
        "total": counted.total,
        "refused": counted.refused,
    }
    return render(request, "web/me/history.html", context)


@person
@require_GET
def export(request: PortalRequest, user: User) -> HttpResponse:
    """The history as a workbook."""
    with tenant_transaction(request.caisse):
        page = history.list_history(user.id, outcome=_outcome(request), limit=EXPORT_LIMIT)
        marks = Marks([user.id])
    described = [describe_entry(one, marks) for one in page.rows]
    columns = [
        ListColumn(gettext("When"), style="moment"),
        ListColumn(gettext("What"), width=30),
        ListColumn(gettext("Details"), width=40),
        ListColumn(gettext("Device"), width=24),
        ListColumn(gettext("Place"), width=24),
    ]
    body = [
        (caisse_now(request.caisse, one["at"]).replace(tzinfo=None), *(one[name] for name in _COLUMNS))
        for one in described
    ]
    return list_workbook(columns, body, title=gettext("Sign-ins"), filename="sign-ins.xlsx")


_COLUMNS = ("label", "detail", "device", "place")


@person
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def security(request: PortalRequest, user: User) -> HttpResponse:
    """Report an incident while signed in; what was reported before, with its receipts."""
    if request.method != "POST":
        return _security_page(request, user)
    try:
        report = read_report(request, proof="session")
        with tenant_transaction(request.caisse):
            keep = request.identity.session_id
            made = services.report_incident(actor=actor_of(user), user=user, report=report, keep_session=keep)
    except RelaisError as error:
        return _security_page(request, user, error)
    return show_receipt(request, made)


@person
@require_GET
def receipt(request: PortalRequest, user: User, incident_id: UUID) -> HttpResponse:
    """The receipt of an earlier report."""
    with tenant_transaction(request.caisse):
        own = [one for one in selectors.list_own(user.id) if one.id == incident_id]
    if not own:
        raise NotFound
    return receipt_answer(request.caisse, own[0])


def _security_page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        own = [describe(one) for one in selectors.list_own(user.id)]
    context: dict[str, Any] = {
        "kinds": list_kinds(),
        "typed": request.POST,
        "own": own,
        "longest": services.LONGEST_NOTE,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/security.html", context, status=error.status if error else 200)


def _outcome(request: PortalRequest) -> history.Outcome:
    wanted = request.GET.get("outcome", "")
    return "good" if wanted == "good" else "refused" if wanted == "refused" else ""
