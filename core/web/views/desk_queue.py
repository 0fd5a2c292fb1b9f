"""The queue at the clerk's desk, as page and as workbook, and one step for many of its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.catalogue import offers
from core.kernel.errors import InvalidInput
from core.messaging import desk as services
from core.messaging import desk_bulk, desk_memory, desk_queue, selectors
from core.messaging.desk_colleagues import get_colleague, list_colleagues
from core.messaging.desk_settings import today_at_desk
from core.messaging.states import AT_THE_DESK, CLOSED
from core.web.context import theme_name
from core.web.policies import desk
from core.web.views.desk import read_date
from core.web.views.desk_case import in_words
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


ASKED = ("state", *desk_memory.KEPT)
MOST = 1000


class StepUnknown(InvalidInput):
    """Choose what to do with the cases."""

    code = "step_unknown"


@desk
@require_http_methods(["GET", "POST"])
def queue(request: PortalRequest, actor: Actor) -> HttpResponse:
    """What waits. Filters are remembered and stand in the address; whom is searched for is only ever posted."""
    if request.method == "POST" and not request.POST.get("cursor"):
        with tenant_transaction(request.caisse):
            desk_memory.remember_filters(actor=actor, filters=request.POST.dict())
        if not request.POST.get("q", "").strip():
            query = urlencode({name: request.POST.get(name, "") for name in ASKED})
            return redirect(f"{reverse('desk_queue')}?{query}")
    return _queue_page(request, actor)


def _queue_page(request: PortalRequest, actor: Actor, refusal: str = "", status: int = 200) -> HttpResponse:
    with tenant_transaction(request.caisse):
        teams = desk_queue.list_teams()
        asked, recalled = _asked(request, actor, {str(one.id) for one in teams})
        cursor = (request.POST if request.method == "POST" else request.GET).get("cursor") or None
        page = _list(actor, asked, cursor=cursor)
        today = today_at_desk()
        may_change = asked["state"] != "done" and any(right.act for right in actor.rights.values())
        fitting = 0 if asked["state"] == "done" else desk_queue.count_fitting(actor, _filters(actor, asked), most=MOST)
        context = {
            "listed": [_case(one, today) for one in page.messages],
            "teams": teams,
            "colleagues": list_colleagues(),
            "today": today,
        }
    context |= {
        "next_cursor": page.next_cursor or "",
        "next_url": "" if asked["q"] else _address(asked, page.next_cursor),
        "filters": asked,
        "recalled": recalled,
        "may_change": may_change,
        "fitting": fitting,
        "is_over": fitting > MOST,
        "most": MOST,
        "all_at_once": fitting if len(page.messages) < fitting <= desk_bulk.LIMIT else 0,
        "most_at_once": desk_bulk.LIMIT,
        "themes": [(one.slug, theme_name(request.caisse, one)) for one in list_readable_themes(request, actor)],
        "refusal": refusal,
    }
    return render(request, "web/desk/queue.html", context, status=status)


def _asked(request: PortalRequest, actor: Actor, teams: set[str]) -> tuple[dict[str, str], bool]:
    """Return what the list is narrowed by, and whether some of it is remembered from last time."""
    source = request.POST if request.method == "POST" else request.GET
    asked = {name: source.get(name, "") for name in ASKED}
    asked["q"] = request.POST.get("q", "").strip()
    if request.method == "POST" or set(desk_memory.KEPT) & set(request.GET):
        return asked, False
    known = {one.slug for one in offers.list_open_themes(request.caisse)}
    kept = desk_memory.recall_filters(actor)
    if _uuid(kept.get("whose", "")) and kept["whose"] not in teams:
        del kept["whose"]
    if kept.get("theme") not in known:
        kept.pop("theme", None)
    return asked | kept, bool(kept)


def _address(asked: dict[str, str], cursor: str | None) -> str:
    return f"?{urlencode({name: asked[name] for name in ASKED} | {'cursor': cursor})}" if cursor else ""


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


def _list(actor: Actor, asked: dict[str, str], *, cursor: str | None = None, limit: int = selectors.PAGE) -> Page:
    if asked["state"] == "done":
        closed = [str(one) for one in CLOSED]
        return selectors.list_queue(
            actor, states=closed, theme=asked["theme"] or None, search=asked["q"], cursor=cursor, limit=limit
        )
    return desk_queue.list_queue(actor, _filters(actor, asked), cursor=cursor, limit=limit)


def _filters(actor: Actor, asked: dict[str, str]) -> desk_queue.Filters:
    state, whose = asked["state"], asked["whose"]
    return desk_queue.Filters(
        states=(state,) if state in set(AT_THE_DESK) else tuple(map(str, AT_THE_DESK)),
        theme=asked["theme"] or None,
        due=asked["due"],
        team_id=_uuid(whose),
        assigned_to=actor.user_id if whose == "mine" else None,
        unassigned=whose == "nobody",
        snoozed=state == "snoozed",
        to_confirm=state == "confirm",
        search=asked["q"],
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@desk
@require_http_methods(["GET", "POST"])
def export(request: PortalRequest, actor: Actor) -> HttpResponse:
    """The queue as a workbook, narrowed as the page is."""
    source = request.POST if request.method == "POST" else request.GET
    asked = {name: source.get(name, "") for name in ASKED} | {"q": request.POST.get("q", "").strip()}
    with tenant_transaction(request.caisse):
        listed = [shown(one) for one in _list(actor, asked, limit=EXPORT_LIMIT).messages]
    return workbook_of(request, listed, "queue.xlsx")


@desk
@require_POST
def many(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Take, hand over or set aside the ticked cases, the page's or all that fit; say what went and what did not."""
    chosen = _chosen(request, actor)
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


def _chosen(request: PortalRequest, actor: Actor) -> list[UUID]:
    match request.POST.get("which"):
        case "fitting":
            asked = {name: request.POST.get(name, "") for name in (*ASKED, "q")}
            with tenant_transaction(request.caisse):
                # One more than may go at once: too many are refused, never cut off unseen.
                return desk_queue.list_fitting_ids(actor, _filters(actor, asked), limit=desk_bulk.LIMIT + 1)
        case "page":
            return [one for one in map(_uuid, request.POST.getlist("listed")) if one]
    return [one for one in map(_uuid, request.POST.getlist("case")) if one]


def _step(request: PortalRequest, actor: Actor) -> Callable[[Message], Message]:
    match request.POST.get("step"):
        case "take":
            return lambda found: services.take_message(actor=actor, message=found)
        case "assign":
            with tenant_transaction(request.caisse):
                user_id, name = get_colleague(request.POST.get("colleague", ""))
            return lambda found: services.assign_message(actor=actor, message=found, user_id=user_id, name=name)
        case "snooze":
            until = read_date(request.POST.get("until"))
            return lambda found: services.snooze_message(actor=actor, message=found, until=until)
    raise StepUnknown
