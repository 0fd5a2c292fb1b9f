"""The statements that take something from a user of a company, and never its last administrator.

Who keeps the company is read and locked, in one order for all, by the very statement that writes:
of two who remove each other at the same moment the second one waits, looks again and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from core.accounts.memberships.place import MemberPlace
    from core.accounts.models import Membership

# Those who can sign in today as administrators of the company, and whose role has no last day.
_KEEPERS = """
WITH keepers AS MATERIALIZED (
    SELECT m.id FROM core_accounts_membership m JOIN core_accounts_user u ON u.id = m.user_id
    WHERE m.party_id = %(party)s AND m.role = 'administrator' AND m.substitute_for_id IS NULL
      AND m.ended_at IS NULL AND m.paused_at IS NULL AND m.valid_until IS NULL AND m.valid_from <= %(today)s
      AND u.state = 'active'
    ORDER BY m.id FOR UPDATE OF m
)
"""
_ONE_STAYS = """
  AND (%(stays)s OR NOT EXISTS (SELECT FROM keepers WHERE id = %(id)s)
       OR EXISTS (SELECT FROM keepers WHERE id <> %(id)s))
"""
_MOVE = f"""{_KEEPERS}
UPDATE core_accounts_membership SET role = %(role)s, themes = %(themes)s::varchar[], clients = %(clients)s::uuid[],
    may_act = %(may_act)s, valid_from = %(valid_from)s, valid_until = %(valid_until)s
WHERE id = %(id)s AND ended_at IS NULL AND role = %(old_role)s AND may_act = %(old_may_act)s
  AND themes IS NOT DISTINCT FROM %(seen_themes)s::varchar[]
  AND clients IS NOT DISTINCT FROM %(seen_clients)s::uuid[]
  AND valid_from = %(old_valid_from)s AND valid_until IS NOT DISTINCT FROM %(old_valid_until)s::date
{_ONE_STAYS}"""  # noqa: S608 -- pieces of this module
_END = f"""{_KEEPERS}
UPDATE core_accounts_membership SET ended_at = %(now)s, ended_by = %(by)s, end_reason = %(reason)s
WHERE id = %(id)s AND ended_at IS NULL
{_ONE_STAYS}"""  # noqa: S608 -- pieces of this module
_IS_LAST = f"""{_KEEPERS}
SELECT EXISTS (SELECT FROM keepers WHERE id = %(id)s) AND count(*) = 1 FROM keepers"""  # noqa: S608 -- pieces of this module
_KEEPS = f"""{_KEEPERS}
SELECT count(*) FROM keepers"""  # noqa: S608 -- pieces of this module


def move(member: Membership, today: date, *, before: MemberPlace, after: MemberPlace) -> bool:
    """Write the new place where it still is as ``before``; whether it was done."""
    stays = after.role == "administrator" and after.valid_until is None and after.valid_from <= today
    old = {f"old_{name}": value for name, value in before.values.items()}
    # The lists are compared as they are stored, in whatever order that is.
    seen = {"seen_themes": member.themes, "seen_clients": member.clients}
    return _run(_MOVE, member, today, {**after.values, **old, **seen, "stays": stays})


def end(member: Membership, today: date, **values: Any) -> bool:
    """End a user's place in the company (``now``, ``by``, ``reason``); whether it was done."""
    return _run(_END, member, today, {**values, "stays": False})


def is_last(member: Membership, today: date) -> bool:
    """Whether nobody but this user keeps the company."""
    return bool(_ask(_IS_LAST, member.party_id, today, id=member.id))


def count_keepers(party_id: UUID, today: date) -> int:
    """Return how many keep the company today; they are locked until the transaction ends."""
    return int(_ask(_KEEPS, party_id, today))


def _ask(statement: str, party_id: UUID, today: date, **values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "party": party_id, "today": today})
        return cursor.fetchone()[0]


def _run(statement: str, member: Membership, today: date, values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "id": member.id, "party": member.party_id, "today": today})
        return bool(cursor.rowcount)
