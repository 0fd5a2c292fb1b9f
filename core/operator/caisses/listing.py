"""The list of caisses: searched, filtered, those that need attention first; reads samples, never a caisse's schema."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from core.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PAGE = 50
STATES = ("active", "suspended", "provisioning")
_ATTENTION = "GREATEST(coalesce(s.attention, 0), CASE WHEN c.state = 'active' THEN 0 ELSE 1 END)"
_COLUMNS = f"""
    c.id, c.slug, c.name, c.number, c.state, c.created_at, c.reopens_at, {_ATTENTION} AS attention,
    coalesce(s.reasons, '[]'::jsonb) AS reasons, s.sampled_at, s.schema_behind,
    coalesce(s.last_error, '') AS last_error,
    s.documents, s.document_bytes, s.active_users, s.outbox_waiting, s.outbox_oldest_seconds, s.outbox_given_up,
    coalesce(s.messages, 0) AS messages, coalesce(s.mails, 0) AS mails, coalesce(s.sms, 0) AS sms,
    coalesce(s.letters, 0) AS letters
"""
_FROM = "FROM tenants_caisse c LEFT JOIN core_operator_standing s ON s.caisse_id = c.id"
_SEARCH = """
    (public.unaccent(lower(c.name || ' ' || c.slug || ' ' || c.number)) LIKE public.unaccent(lower(%(like)s))
     OR EXISTS (SELECT 1 FROM tenants_host h WHERE h.caisse_id = c.id AND h.host LIKE lower(%(like)s)))
"""
_COUNT = f"SELECT c.state, ({_ATTENTION} > 0) AS needs, count(*) {_FROM} WHERE {{where}} GROUP BY 1, 2"
_PAGE = f"SELECT {_COLUMNS} {_FROM} WHERE {{where}} ORDER BY attention DESC, c.name, c.id LIMIT %(limit)s"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; ``attention`` leaves those that need none out."""

    search: str = ""
    state: str = ""
    attention: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """Read them from an address; what is unknown there is left out."""
        state = asked.get("state", "")
        search = asked.get("q", "").strip()[:100]
        return cls(search, state if state in STATES else "", attention=asked.get("attention") == "1")


@dataclass(frozen=True, slots=True)
class Line:
    """One caisse in the list. Flows are those of the running month; figures are None before the first sample."""

    id: str
    slug: str
    name: str
    number: str
    state: str
    created_at: datetime
    reopens_at: datetime | None
    attention: int
    reasons: list[str]
    sampled_at: datetime | None
    schema_behind: bool | None
    last_error: str
    documents: int | None
    document_bytes: int | None
    active_users: int | None
    outbox_waiting: int | None
    outbox_oldest_seconds: int | None
    outbox_given_up: int | None
    messages: int
    mails: int
    sms: int
    letters: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, and how many there are by state within the same search."""

    lines: list[Line]
    next_cursor: str = ""
    counts: dict[str, int] = field(default_factory=dict)


class CursorUnreadable(InvalidInput):
    """This address of a list is damaged. Open the list again."""

    code = "cursor_unreadable"


def list_caisses(filters: Filters, *, cursor: str = "", limit: int = PAGE) -> Listed:
    """Return a page; within a platform scope, two queries whatever the number of caisses."""
    values: dict[str, Any] = {"like": f"%{_escape(filters.search)}%", "limit": limit + 1}
    search = _SEARCH if filters.search else "TRUE"
    where = [search]
    if filters.state:
        where.append("c.state = %(state)s")
        values["state"] = filters.state
    if filters.attention:
        where.append(f"{_ATTENTION} > 0")
    if cursor:
        where.append(_after(values, cursor))
    lines = _read(_PAGE.format(where=" AND ".join(f"({one})" for one in where)), values)
    more = len(lines) > limit
    return Listed(lines[:limit], _cursor_of(lines[limit - 1]) if more else "", _count(search, values))


def _after(values: dict[str, Any], cursor: str) -> str:
    try:
        attention, name, caisse_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        values |= {"attention": int(attention), "name": str(name), "id": str(caisse_id)}
    except (ValueError, TypeError) as error:
        raise CursorUnreadable from error
    return f"({_ATTENTION} < %(attention)s OR ({_ATTENTION} = %(attention)s AND (c.name, c.id) > (%(name)s, %(id)s)))"


def _cursor_of(line: Line) -> str:
    return base64.urlsafe_b64encode(json.dumps([line.attention, line.name, line.id]).encode()).decode()


def _read(query: str, values: dict[str, Any]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Line(*_with_reasons(row)) for row in cursor.fetchall()]


def _with_reasons(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Django hands JSON of a bare query out as text."""
    place = 8
    reasons = row[place]
    return (*row[:place], json.loads(reasons) if isinstance(reasons, str) else reasons, *row[place + 1 :])


def _count(search: str, values: dict[str, Any]) -> dict[str, int]:
    counts = dict.fromkeys(("all", "attention", *STATES), 0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(where=search), values)
        for state, needs, number in cursor.fetchall():
            counts["all"] += number
            counts[state] = counts.get(state, 0) + number
            counts["attention"] += number if needs else 0
    return counts


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
