"""The queue at the clerk's desk, as page and as workbook, and one step for many of its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.catalogue import offers
from core.kernel.errors import InvalidInput
from core.messaging import desk as services
from core.messaging import desk_bulk, desk_queue, selectors
from core.messaging.desk_settings import today_at_desk
from core.messaging.states import AT_THE_DESK, CLOSED
from core.web.context import theme_name
from core.web.policies import desk
from core.web.views.desk import read_colleague, read_date
from core.web.views.desk_case import in_words, list_colleagues
from core.web.views.downloads import EXPORT_LIMIT, workbook_of
from core.web.views.shown import shown
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.messaging.models import Message
    from core.messaging.selectors import Page
    from core.web.requests import PortalRequest


class StepUnknown(InvalidInput):
    """Choose what to do with the cases."""

    code = "step_unknown"


@desk
@require_GET
def queue(request: PortalRequest, actor: Actor) -> HttpResponse:
    """What waits: filters, search, pages."""
    return _queue_page(request, actor)


def _queue_page(request: PortalRequest, actor: Actor, refusal: str = "", status: int = 200) -> HttpResponse:
    with tenant_transaction(request.caisse):
        page = _list(request, actor, cursor=request.GET.get("cursor") or None)
        today = today_at_desk()
        context = {
            "listed": [_case(one, today) for one in page.messages],
            "teams": desk_queue.list_teams(),
            "colleagues": list_colleagues(),
            "today": today,
        }
    query = request.GET.copy()
    query["cursor"] = page.next_cursor or ""
    context |= {
        "next_url": f"?{query.urlencode()}" if page.next_cursor else "",
        "filters": request.GET,
        "may_change": request.GET.get("state") != "done" and any(right.act for right in actor.rights.values()),
        "themes": [(one.slug, theme_name(request.caisse, one)) for one in list_readable_themes(request, actor)],
        "refusal": refusal,
    }
    return render(request, "web/desk/queue.html", context, status=status)


def list_readable_themes(request: PortalRequest, actor: Actor) -> list[Any]:
    """Return the themes whose cases the actor sees, those switched off among them."""
    return [one for one in offers.list_open_themes(request.caisse) if actor.may_read(one.slug)]


def _case(message: Message, today: Any) -> dict[str, Any]:
    at_desk = message.state in set(AT_THE_DESK)
    return {
        **shown(message),
        "treat_by": message.treat_by if at_desk else None,
        "is_proposed": getattr(message, "is_proposed", False),
        "is_overdue": bool(at_desk and message.treat_by and message.treat_by < today),
        "snoozed_until": message.snoozed_until if at_desk and (message.snoozed_until or today) > today else None,
    }


def _list(request: PortalRequest, actor: Actor, *, cursor: str | None = None, limit: int = selectors.PAGE) -> Page:
    state, search, theme = (request.GET.get(name, "") for name in ("state", "q", "theme"))
    if state == "done":
        closed = [str(one) for one in CLOSED]
        return selectors.list_queue(
            actor, states=closed, theme=theme or None, search=search, cursor=cursor, limit=limit
        )
    whose = request.GET.get("whose", "")
    filters = desk_queue.Filters(
        states=(state,) if state in set(AT_THE_DESK) else tuple(map(str, AT_THE_DESK)),
        theme=theme or None,
        due=request.GET.get("due", ""),
        team_id=_uuid(whose),
        assigned_to=actor.user_id if whose == "mine" else None,
        unassigned=whose == "nobody",
        snoozed=state == "snoozed",
        to_confirm=state == "confirm",
        search=search,
    )
    return desk_queue.list_queue(actor, filters, cursor=cursor, limit=limit)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@desk
@require_GET
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The queue as a workbook."""
    with tenant_transaction(request.caisse):
        listed = [shown(one) for one in _list(request, actor, limit=EXPORT_LIMIT).messages]
    return workbook_of(listed, "queue.xlsx")


@desk
@require_POST
def many(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Take, hand over or set aside the ticked cases, and say what went and what did not."""
    chosen = [one for one in map(_uuid, request.POST.getlist("case")) if one]
    try:
        step = _step(request, actor)
        outcome = desk_bulk.apply_to_many(caisse=request.caisse, actor=actor, message_ids=chosen, step=step)
    except InvalidInput as error:
        return _queue_page(request, actor, in_words(error), error.status)
    went = len(outcome.went)
    context = {
        "went": [shown(one) for one in outcome.went],
        "refused": [(shown(one) if one else None, in_words(error)) for one, error in outcome.refused],
        "summary": ngettext("%(n)s case is done.", "%(n)s cases are done.", went) % {"n": went},
    }
    return render(request, "web/desk/many.html", context)


def _step(request: PortalRequest, actor: Actor) -> Callable[[Message], Message]:
    match request.POST.get("step"):
        case "take":
            return lambda found: services.take_message(actor=actor, message=found)
        case "assign":
            with tenant_transaction(request.caisse):
                user_id, name = read_colleague(request)
            return lambda found: services.assign_message(actor=actor, message=found, user_id=user_id, name=name)
        case "snooze":
            until = read_date(request.POST.get("until"))
            return lambda found: services.snooze_message(actor=actor, message=found, until=until)
    raise StepUnknown
