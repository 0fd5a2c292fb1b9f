"""Figures, dates and chips in the forms of the house."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import get_language

from core.declare.display import show_date, show_size
from core.messaging.states import State
from core.web.writing import url_of

if TYPE_CHECKING:
    from datetime import date

    from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def write_url(context: Context, name: str, *more: object) -> str:
    """Return a page's address on which the context's message is written, by the context's actor."""
    return url_of(context["actor"], context["message"], name, *more)


_CHIPS = {
    State.DRAFT: "",
    State.OPEN: "warn",
    State.QUERIED: "warn",
    State.SENT: "info",
    State.IN_TREATMENT: "info",
    State.DELIVERED: "info",
    State.DONE: "ok",
    State.REFUSED: "stop",
}


@register.filter
def day(value: date | datetime | None, zone: str = "Europe/Zurich") -> str:
    """Return ``31.12.2026``; of a moment the day in the caisse's zone."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    return show_date(value) if value else ""


@register.filter
def moment(value: datetime | None, zone: str = "Europe/Zurich") -> str:
    """Return ``31.12.2026, 14:05`` in the caisse's zone."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    return f"{show_date(local.date())}, {local:%H:%M}"


@register.filter
def second(value: datetime | None, zone: str = "Europe/Zurich") -> str:
    """Return ``31.12.2026, 14:05:09``, where the second matters."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    return f"{show_date(local.date())}, {local:%H:%M:%S}"


@register.filter
def filesize(value: int) -> str:
    """Return a size in the active language."""
    return show_size(value, get_language() or "")


@register.filter
def chip(state: str) -> str:
    """Return the chip's colour class for a state; a word always stands beside it."""
    return _CHIPS.get(State(state), "")
