"""The console's pages on support access: requests and accesses, granting, ending, what was done under one."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.accounts.models.support import SUPPORT_HOURS
from core.accounts.policy import caisse_now
from core.accounts.support import selectors, services
from core.accounts.support.errors import SupportTooLong
from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.listing import export_list
from core.kernel import clock
from core.kernel.errors import Conflict, InvalidInput
from core.web.console.support.wording import describe_acts, describe_grant
from core.web.policies import administrator, console, recent
from core.web.views.desk_case import in_words
from core.web.views.downloads import EXPORT_LIMIT, XLSX
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest

USUAL_HOURS = 4


@console
@require_GET
def support(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Who asked, who may look, who did."""
    return _page(request, actor)


@console
@require_POST
@administrator
@recent
def grant(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Let an operator in without a request of hers."""
    return _do(request, actor, lambda: _grant(request, actor, None), gettext("The access is granted."))


@console
@require_POST
@administrator
@recent
def answer(request: PortalRequest, actor: Actor, grant_id: UUID) -> HttpResponse:
    """Grant what an operator asked for, or refuse it."""
    if "refuse" in request.POST:
        refuse = lambda: services.refuse_support(actor=actor, grant_id=grant_id)  # noqa: E731 -- one of two steps
        return _do(request, actor, refuse, gettext("The request is refused."))
    return _do(request, actor, lambda: _grant(request, actor, grant_id), gettext("The access is granted."))


@console
@require_POST
@administrator
def end(request: PortalRequest, actor: Actor, grant_id: UUID) -> HttpResponse:
    """End an access at once; nothing is asked first."""
    work = lambda: services.end_support(actor=actor, grant_id=grant_id)  # noqa: E731 -- handed on below
    return _do(request, actor, work, gettext("The access has ended, and with it what was open under it."))


@console
@require_GET
def acts(request: PortalRequest, actor: Actor, grant_id: UUID) -> HttpResponse:
    """Every act under one access, newest first."""
    with tenant_transaction(request.caisse):
        found = selectors.access_grant(actor, grant_id)
        page = selectors.list_acts(actor, found, cursor=request.GET.get("cursor", ""))
        described = describe_acts(page.rows)
    context = {
        "grant": describe_grant(found),
        "acts": described,
        "next_cursor": page.next_cursor,
        "may_change": "administrator" in actor.roles,
    }
    return render(request, "web/console/support/acts.html", context)


@console
@require_GET
def export(request: PortalRequest, actor: Actor, grant_id: UUID) -> HttpResponse:
    """The acts under one access as a workbook."""
    with tenant_transaction(request.caisse):
        found = selectors.access_grant(actor, grant_id)
        rows = selectors.list_acts(actor, found, limit=EXPORT_LIMIT).rows
        described = describe_acts(rows)
    columns = [
        ListColumn(gettext("When"), style="moment"),
        ListColumn(gettext("Who"), width=30),
        ListColumn(gettext("What"), width=50),
        ListColumn(gettext("Details"), width=60),
    ]
    body = [
        (caisse_now(request.caisse, act["at"]).replace(tzinfo=None), act["actor"], act["label"], act["detail"])
        for act in described
    ]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "support.xlsx"
        export_list(columns, body, target, title=gettext("Support access"))
        content = target.read_bytes()
    headers = {"Content-Disposition": 'attachment; filename="support.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _grant(request: PortalRequest, actor: Actor, grant_id: UUID | None) -> None:
    posted = request.POST
    email = posted.get("email", "")
    if grant_id is not None:
        email = selectors.access_grant(actor, grant_id).operator_email
    terms = services.Terms(
        operator_email=email,
        purpose=posted.get("purpose", ""),
        valid_from=_read_moment(request, "from") or clock.now(),
        valid_until=_read_moment(request, "until") or clock.now(),
        with_documents=posted.get("documents") == "on",
    )
    services.grant_support(actor=actor, terms=terms, grant_id=grant_id)


def _read_moment(request: PortalRequest, name: str) -> datetime | None:
    text = request.POST.get(name, "")
    try:
        typed = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise SupportTooLong from error
    zone = caisse_now(request.caisse, clock.now()).tzinfo
    return typed.replace(tzinfo=zone) if typed is not None and isinstance(zone, ZoneInfo) else None


def _do(request: PortalRequest, actor: Actor, work: Callable[[], object], said: str) -> HttpResponse:
    try:
        with tenant_transaction(request.caisse):
            work()
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, error)
    messages.success(request, said)
    return redirect("console_support")


def _page(request: PortalRequest, actor: Actor, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        page = selectors.list_grants(actor, cursor=request.GET.get("cursor", ""))
    described = [describe_grant(one) for one in page.rows]
    now = caisse_now(request.caisse, clock.now())
    context: dict[str, Any] = {
        "asked": [one for one in described if one["state"] == "asked"],
        "open": [one for one in described if one["state"] in {"running", "coming"}],
        "closed": [one for one in described if one["state"] in {"ended", "over", "refused"}],
        "next_cursor": page.next_cursor,
        "first": now.strftime("%Y-%m-%dT%H:%M"),
        "last": (now + timedelta(hours=USUAL_HOURS)).strftime("%Y-%m-%dT%H:%M"),
        "longest": SUPPORT_HOURS,
        "typed": request.POST,
        "may_change": "administrator" in actor.roles,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/console/support/list.html", context, status=error.status if error else 200)
