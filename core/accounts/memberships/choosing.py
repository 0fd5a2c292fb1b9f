"""Themes as a company wants them: taken up or declined, each once, whoever acts for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.db import connection

from core.accounts.memberships.errors import ThemeHasOpenCases, ThemeNotOffered
from core.accounts.memberships.holdings import count_open
from core.accounts.memberships.services import access_company
from core.accounts.memberships.telling import tell
from core.accounts.memberships.wording import name_action, name_theme
from core.accounts.policy import caisse_today, offered_themes
from core.audit.services import record
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.models import Party
    from core.kernel.actors import Actor

Choice = Literal["open", "taken", "declined"]
# One statement, so that of two at once each theme keeps what was written last, and no other theme is lost.
_CHOOSE = """
UPDATE core_accounts_party SET theme_choices = theme_choices || %(choice)s::jsonb
WHERE id = %(party)s AND (theme_choices -> %(slug)s ->> 'taken') IS DISTINCT FROM %(taken)s
"""


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """One theme that the caisse offers, what the company said to it and when; ``waiting`` counts what is open."""

    slug: str
    state: Choice
    since: date | None
    waiting: int


def list_choices(party: Party) -> list[ThemeChoice]:
    """Return the themes that the caisse offers to a company with her answer, in the caisse's order."""
    return [_choice_of(party, slug) for slug in offered_themes(current_caisse(), party.number)]


def choose_theme(*, actor: Actor, slug: str, taken: bool) -> bool:
    """Take up or decline a theme for the actor's company; whether that changed something. Repeatable.

    A declined theme can be read; nothing new begins, for nobody who acts for the company, and what the caisse
    has to say goes by post. Raises ``theme_not_offered``, and ``theme_has_open_cases`` while something waits.
    """
    party = access_company(actor)
    if slug not in offered_themes(current_caisse(), party.number):
        raise ThemeNotOffered
    waiting = 0 if taken else count_open(party.id, slug)
    if waiting:
        raise ThemeHasOpenCases(count=waiting)
    if not write_choice(party_id=party.id, slug=slug, taken=taken, on=caisse_today(current_caisse())):
        return False
    action = "theme_taken" if taken else "theme_declined"
    record(
        actor=actor,
        action=action,
        object_type="company_theme",
        object_id=slug,
        for_party_id=party.id,
        data={"theme": slug},
    )
    tell(actor=actor, party=party, user=None, say=lambda: [f"{name_action(action)}: {name_theme(slug)}"])
    return True


def write_choice(*, party_id: UUID, slug: str, taken: bool, on: date) -> bool:
    """Write down a choice whoever made it, without asking what waits; whether that changed something. Repeatable."""
    values: dict[str, Any] = {
        "party": party_id,
        "slug": slug,
        "choice": json.dumps({slug: {"taken": taken, "on": on.isoformat()}}),
        "taken": "true" if taken else "false",
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, values)
        return bool(cursor.rowcount)


def _choice_of(party: Party, slug: str) -> ThemeChoice:
    found = party.theme_choices.get(slug)
    if found is None:
        return ThemeChoice(slug, "open", None, count_open(party.id, slug))
    state: Choice = "taken" if found["taken"] else "declined"
    return ThemeChoice(slug, state, date.fromisoformat(found["on"]), count_open(party.id, slug))
