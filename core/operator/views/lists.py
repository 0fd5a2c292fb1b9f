"""What the console's lists share: the words of a search, tabs with counts, the addresses of page and workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EXPORT_LIMIT = 10_000
LONGEST_SEARCH = 100


def read_search(asked: Mapping[str, str]) -> str:
    """Return what is looked for."""
    return asked.get("q", "").strip()[:LONGEST_SEARCH]


def words_in(search: str, *columns: str) -> Q:
    """Return the condition that each word stands in one of the columns."""
    found = Q()
    for word in search.split():
        found &= Q(*[(f"{column}__icontains", word) for column in columns], _connector=Q.OR)
    return found


def describe_list(
    asked: Mapping[str, str], *, search: str, tabs: Iterable[tuple[str, str, int]], here: str, after: str
) -> dict[str, Any]:
    """Return what ``operator/parts/_tools.html`` and ``_next.html`` show.

    ``tabs`` are value, label and count of each state, that of all with an empty value first.
    """
    kept = {name: value for name, value in asked.items() if name != "after" and value}
    searched = {"q": search} if search else {}
    listed = list(tabs)
    return {
        "search": search,
        "state": here,
        "is_filtered": bool(search or here),
        "total": listed[0][2],
        "tabs": [
            {
                "label": label,
                "count": count,
                "url": f"?{urlencode({**searched, **({'state': value} if value else {})})}",
                "current": value == here,
            }
            for value, label, count in listed
        ],
        "next_url": f"?{urlencode({**kept, 'after': after})}" if after else "",
        "export_query": urlencode(kept),
    }
