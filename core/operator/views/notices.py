"""Notices and maintenance windows for all caisses: written, looked at, published, ended; the earlier ones below."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.kernel import clock
from core.kernel.errors import RelaisError
from core.kernel.text import N_
from core.operator.audit import name_values
from core.operator.caisses import acts
from core.operator.caisses.listing import CursorUnreadable
from core.operator.policies import operator
from core.operator.views.caisse import local_moment, read_moment
from core.operator.views.saying import say
from core.web.announcements import describe_notice
from core.web.context import PLATFORM_ZONE
from core.web.languages import NATIVE_NAMES
from tenants.models import PlatformNotice
from tenants.notices import build_notice
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest

PAGE = 30
KINDS = {"notice": N_("Notice"), "maintenance": N_("Maintenance")}
LEVELS = {"info": N_("For information"), "warning": N_("Warning"), "danger": N_("Urgent")}
name_values("kind", KINDS)
name_values("level", LEVELS)


@operator
@require_safe
def show(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """List the notices, newest first, with what is shown now."""
    with platform_transaction():
        found, next_cursor = _page(request.GET.get("cursor", ""))
        total = PlatformNotice.objects.count()
    context = {
        "listed": [_describe(one) for one in found],
        "total": total,
        "next_url": f"?cursor={next_cursor}" if next_cursor else "",
    }
    return render(request, "operator/notices/list.html", context)


def _page(cursor: str) -> tuple[list[PlatformNotice], str]:
    rows = PlatformNotice.objects.order_by("-made_at", "-id")
    if cursor:
        made_at, last = _read_cursor(cursor)
        rows = rows.filter(Q(made_at__lt=made_at) | Q(made_at=made_at, id__lt=last))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last_shown = found[PAGE - 1]
    raw = json.dumps([last_shown.made_at.isoformat(), str(last_shown.id)])
    return found[:PAGE], base64.urlsafe_b64encode(raw.encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        made_at, last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(made_at), UUID(last)
    except (ValueError, TypeError, AttributeError) as error:
        raise CursorUnreadable from error


def _describe(one: PlatformNotice) -> dict[str, Any]:
    now = clock.now()
    state, chip = gettext("over"), ""
    if one.ended_at:
        state = gettext("ended early")
    elif now < one.shown_from:
        state, chip = gettext("to come"), "info"
    elif now < one.ends_at:
        state, chip = gettext("shown now"), "ok"
    return {
        "notice": one,
        "kind": gettext(KINDS[one.kind]),
        "level": gettext(LEVELS[one.level]),
        "text": describe_notice(one, ZoneInfo(PLATFORM_ZONE)),
        "state": state,
        "chip": chip,
        "may_end": not one.ended_at and now < one.ends_at,
    }


@operator
@require_http_methods(["GET", "POST"])
def write(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Write a notice, look at it in all languages, publish it."""
    if request.method == "GET":
        return _form(request)
    try:
        notice = _read(request)
        if "publish" in request.POST:
            acts.publish_notice(actor=actor, notice=notice)
            messages.success(request, gettext("Published on all portals, desks and consoles."))
            return redirect("operator_notices")
    except RelaisError as error:
        return _form(request, error)
    return _form(request, shown=_preview(notice))


def _read(request: OperatorRequest) -> PlatformNotice:
    given = request.POST
    begins = read_moment(given.get("begins", "")) or clock.now()
    ends = read_moment(given.get("ends", "")) or datetime(1, 1, 1, tzinfo=UTC)
    return build_notice(
        kind=given.get("kind", ""),
        level=given.get("level", ""),
        texts={language: given.get(f"text_{language}", "") for language in NATIVE_NAMES},
        begins_at=begins,
        ends_at=ends,
        shown_from=read_moment(given.get("shown_from", "")),
    )


def _preview(notice: PlatformNotice) -> list[tuple[str, str, str, str]]:
    """Return the notice in each language: language, its name, level, text."""
    shown = []
    for language, name in NATIVE_NAMES.items():
        with translation.override(language):
            shown.append((language, name, notice.level, describe_notice(notice, ZoneInfo(PLATFORM_ZONE))))
    return shown


def _form(
    request: OperatorRequest,
    error: RelaisError | None = None,
    shown: list[tuple[str, str, str, str]] | None = None,
) -> HttpResponse:
    given, now = request.POST, clock.now()
    context = {
        "kinds": [(code, gettext(label)) for code, label in KINDS.items()],
        "levels": [(code, gettext(label)) for code, label in LEVELS.items()],
        "texts": [(code, name, given.get(f"text_{code}", "")) for code, name in NATIVE_NAMES.items()],
        "kind": given.get("kind", "notice"),
        "level": given.get("level", "info"),
        "begins": given.get("begins", local_moment(now)),
        "ends": given.get("ends", local_moment(now + timedelta(days=1))),
        "shown_from": given.get("shown_from", ""),
        "shown": shown,
        "zone": PLATFORM_ZONE,
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/notices/write.html", context, status=error.status if error else 200)


@operator
@require_POST
def end(request: OperatorRequest, actor: Actor, notice_id: UUID) -> HttpResponse:
    """Show a notice no longer."""
    try:
        acts.end_notice(actor=actor, notice_id=notice_id)
    except RelaisError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, gettext("The notice is no longer shown."))
    return redirect("operator_notices")
