"""What the console's lists share: what is looked for, tabs with counts, addresses, and days and times in workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from core.web.context import PLATFORM_ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.kernel.text import Text

EXPORT_LIMIT = 10_000
LONGEST_SEARCH = 100


def read_search(asked: Mapping[str, str]) -> str:
    """Return what is looked for."""
    return asked.get("q", "").strip()[:LONGEST_SEARCH]


def describe_list(
    asked: Mapping[str, str],
    states: Mapping[str, tuple[Text, str]],
    counts: Mapping[str, int],
    *,
    here: str,
    after: str,
) -> dict[str, Any]:
    """Return what ``operator/parts/_list_page.html`` and ``_tools.html`` show.

    ``states`` are words and chip by state, ``counts`` how many there are in each, ``here`` is the one asked for.
    """
    kept = {name: value for name, value in asked.items() if name != "after" and value}
    search, total = read_search(asked), sum(counts.values())
    searched = {"q": search} if search else {}
    named = [(state, gettext(label).capitalize(), counts[state]) for state, (label, _chip) in states.items()]
    return {
        "search": search,
        "state": here,
        "is_filtered": bool(search or here),
        "total": total,
        "tabs": [
            {
                "label": label,
                "count": count,
                "url": f"?{urlencode({**searched, **({'state': value} if value else {})})}",
                "current": value == here,
            }
            for value, label, count in [("", gettext("All"), total), *named]
        ],
        "next_url": f"?{urlencode({**kept, 'after': after})}" if after else "",
        "export_query": urlencode(kept),
    }


def local_time(moment: datetime | None) -> datetime | None:
    """Return a moment as a workbook shows it: the time where the platform is."""
    return moment.astimezone(ZoneInfo(PLATFORM_ZONE)).replace(tzinfo=None) if moment else None


def local_day(moment: datetime | None) -> date | None:
    """Return the day of a moment where the platform is."""
    return moment.astimezone(ZoneInfo(PLATFORM_ZONE)).date() if moment else None
