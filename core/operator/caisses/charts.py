"""Figures of a caisse drawn over time, with words for those who do not see the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from core.declare.display import show_size
from core.kernel.text import N_
from core.web.charts.sparkline import LEVELS, Point, draw_bars
from core.web.context import PLATFORM_ZONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from core.kernel.text import Text
    from core.operator.samples.reading import Moment

RATINGS = (N_("well"), N_("worth a look"), N_("bad"))
NOT_LOOKED = N_("not looked at")
_CHARTS: tuple[tuple[str, Text], ...] = (
    ("outbox_oldest_seconds", N_("Longest wait of an effect, in minutes")),
    ("outbox_waiting", N_("Effects waiting")),
    ("messages", N_("Messages begun")),
    ("mails", N_("Mails sent")),
    ("sms", N_("SMS sent")),
    ("letters", N_("Letters sent")),
    ("active_users", N_("People active within an hour")),
    ("document_bytes", N_("Documents stored")),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing with its heading, and the highest and the last value in words."""

    title: str
    drawing: SafeString
    highest: str
    last: str


def draw_ratings(ratings: Sequence[int | None]) -> SafeString:
    """Draw how the last hours were; the higher, the worse."""
    points = [
        Point(None if one is None else one + 1, gettext(NOT_LOOKED if one is None else RATINGS[one]), _level(one))
        for one in ratings
    ]
    return draw_bars(points, title=_tell_ratings(ratings), top=len(RATINGS))


def draw_moments(moments: Sequence[Moment]) -> list[Chart]:
    """Draw every figure of a caisse over a period."""
    return [_draw(name, gettext(title), moments) for name, title in _CHARTS]


def _draw(name: str, title: str, moments: Sequence[Moment]) -> Chart:
    values = [_value(name, one.figures[name]) for one in moments]
    known = [value for value in values if value is not None]
    highest = _say(name, max(known)) if known else gettext(NOT_LOOKED)
    last = _say(name, known[-1]) if known else gettext(NOT_LOOKED)
    points = [
        Point(
            value,
            f"{_when(moment)}: {gettext(NOT_LOOKED) if value is None else _say(name, value)}",
            _rated(name, moment),
        )
        for value, moment in zip(values, moments, strict=True)
    ]
    words = gettext("%(title)s: highest %(highest)s, last %(last)s") % {
        "title": title, "highest": highest, "last": last,
    }  # fmt: skip
    return Chart(title, draw_bars(points, title=words, width=480, height=64), highest, last)


def _value(name: str, value: int | None) -> int | None:
    return value // 60 if name == "outbox_oldest_seconds" and value is not None else value


def _say(name: str, value: int) -> str:
    return show_size(value, get_language() or "en") if name == "document_bytes" else str(value)


def _rated(name: str, moment: Moment) -> str:
    return _level(moment.rating) if name == "outbox_oldest_seconds" else "ok"


def _level(rating: int | None) -> str:
    return LEVELS[rating or 0]


def _when(moment: Moment) -> str:
    local = moment.at.astimezone(ZoneInfo(PLATFORM_ZONE))
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M}"


def _tell_ratings(ratings: Sequence[int | None]) -> str:
    counted = [sum(one == rating for one in ratings) for rating in range(len(RATINGS))]
    return gettext("Last 48 hours: %(well)s well, %(look)s worth a look, %(bad)s bad, %(gap)s not looked at") % {
        "well": counted[0], "look": counted[1], "bad": counted[2], "gap": sum(one is None for one in ratings),
    }  # fmt: skip
