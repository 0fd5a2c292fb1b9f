"""The statements that take something from one of the caisse's people, and never the last administrator.

Who keeps the caisse is read and locked, in one order for all, by the very statement that writes:
of two who remove each other at the same moment the second one waits, looks again and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

# Those who can sign in today as administrators, and whose role has no last day.
_KEEPERS = """
WITH keepers AS MATERIALIZED (
    SELECT s.user_id FROM core_accounts_staffmember s JOIN core_accounts_user u ON u.id = s.user_id
    WHERE 'administrator' = ANY (s.roles) AND s.ended_at IS NULL AND s.valid_until IS NULL
      AND s.valid_from <= %(today)s AND u.state = 'active'
    ORDER BY s.user_id FOR UPDATE
)
"""
_ONE_STAYS = """
  AND (%(stays)s OR NOT EXISTS (SELECT FROM keepers WHERE user_id = %(user)s)
       OR EXISTS (SELECT FROM keepers WHERE user_id <> %(user)s))
"""
_MOVE = f"""{_KEEPERS}
UPDATE core_accounts_staffmember SET roles = %(roles)s::varchar[], themes = %(themes)s::varchar[],
    valid_from = %(valid_from)s, valid_until = %(valid_until)s
WHERE user_id = %(user)s AND ended_at IS NULL
  AND roles = %(old_roles)s::varchar[] AND themes IS NOT DISTINCT FROM %(old_themes)s::varchar[]
  AND valid_from = %(old_valid_from)s AND valid_until IS NOT DISTINCT FROM %(old_valid_until)s::date
{_ONE_STAYS}"""  # noqa: S608 -- pieces of this module
_END = f"""{_KEEPERS}
UPDATE core_accounts_staffmember SET ended_at = %(now)s, ended_by = %(by)s
WHERE user_id = %(user)s AND ended_at IS NULL
{_ONE_STAYS}"""  # noqa: S608 -- pieces of this module
_BLOCK = f"""{_KEEPERS}
UPDATE core_accounts_user SET state = 'blocked', state_changed_at = %(now)s, state_reason = %(reason)s
WHERE id = %(user)s AND state IN ('active', 'invited')
{_ONE_STAYS}"""  # noqa: S608 -- pieces of this module
_IS_LAST = f"""{_KEEPERS}
SELECT EXISTS (SELECT FROM keepers WHERE user_id = %(user)s) AND count(*) = 1 FROM keepers"""  # noqa: S608 -- pieces of this module


def move(user_id: UUID, today: date, *, before: Mapping[str, Any], after: Mapping[str, Any], stays: bool) -> bool:
    """Write roles, themes and dates where they still are as ``before``; whether it was done.

    ``stays`` says that she keeps the caisse afterwards as well, so that nobody else has to.
    """
    old = {f"old_{name}": value for name, value in before.items()}
    return _run(_MOVE, {**after, **old, "user": user_id, "today": today, "stays": stays})


def end(user_id: UUID, today: date, **values: Any) -> bool:
    """End a person's work here (``now``, ``by``); whether it was done."""
    return _run(_END, {**values, "user": user_id, "today": today, "stays": False})


def block(user_id: UUID, today: date, **values: Any) -> bool:
    """Block a person's account (``now``, ``reason``); whether it was done."""
    return _run(_BLOCK, {**values, "user": user_id, "today": today, "stays": False})


def is_last(user_id: UUID, today: date) -> bool:
    """Whether nobody but this person keeps the caisse."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_LAST, {"user": user_id, "today": today})
        return bool(cursor.fetchone()[0])


def _run(statement: str, values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount)
