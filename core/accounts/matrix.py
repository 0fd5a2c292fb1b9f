"""The rights matrix as it is meant: what each role may do in each state of mandate, membership and party.

A plain table, written by itself and not derived from the rules that grant rights, so that a test can hold the
rules and the database against it cell by cell. ``docs/reference/rights.md`` shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Effect = Literal["open", "reads", "nothing"]


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody in relation to one party and one theme: what she may do while everything is in force.

    ``through`` says whether the right comes from a place in the party itself, from a mandate of another company,
    or from work for the caisse.
    """

    key: str
    label: str
    through: Literal["own", "mandate", "caisse", "none"]
    reads: bool = False
    acts: bool = False
    administers: bool = False


ROLES: tuple[Role, ...] = (
    Role("administrator", "Administrator of the company", "own", True, True, True),
    Role("member", "User with the theme", "own", True, True),
    Role("reader", "User with the theme, reads only", "own", True),
    Role("other_theme", "User with another theme only", "own"),
    Role("capped", "User whom the caisse limited to another theme", "own"),
    Role("substitute", "Substitute of a user with the theme", "own", True, True),
    Role("substitute_reader", "Substitute of a user who reads only", "own", True),
    Role("fiduciary", "Administrator of a company with a mandate", "mandate", True, True, True),
    Role("fiduciary_reader", "User of a company whose mandate is for reading", "mandate", True),
    Role("fiduciary_theme", "User of a company whose mandate names another theme", "mandate"),
    Role("fiduciary_client", "User of a company with a mandate, for other clients only", "mandate"),
    Role("clerk", "Clerk for the theme", "caisse", True, True),
    Role("other_clerk", "Clerk for another theme", "caisse"),
    Role("auditor", "Auditor of the caisse", "caisse", True),
    Role("caisse_administrator", "Administrator of the caisse", "caisse", False, False, True),
    Role("stranger", "Anybody else who is signed in", "none"),
)


@dataclass(frozen=True, slots=True)
class Situation:
    """One thing that differs from the usual, and what it leaves of a right; ``on`` says whose right it touches."""

    key: str
    label: str
    effect: Effect
    on: frozenset[str]


_OWN, _MANDATE, _BOTH = frozenset({"own"}), frozenset({"mandate"}), frozenset({"own", "mandate"})
SITUATIONS: tuple[Situation, ...] = (
    Situation("usual", "All in force", "open", frozenset()),
    Situation("mandate_asked", "Mandate asked for", "nothing", _MANDATE),
    Situation("mandate_refused", "Mandate refused", "nothing", _MANDATE),
    Situation("mandate_ended", "Mandate ended", "nothing", _MANDATE),
    Situation("mandate_later", "Mandate from tomorrow on", "nothing", _MANDATE),
    Situation("mandate_over", "Mandate until yesterday", "nothing", _MANDATE),
    Situation("member_later", "Place in the company from tomorrow on", "nothing", _BOTH),
    Situation("member_over", "Place in the company until yesterday", "nothing", _BOTH),
    Situation("member_ended", "Place in the company ended", "nothing", _BOTH),
    Situation("member_paused", "Place in the company paused", "nothing", _BOTH),
    Situation("user_blocked", "Account blocked", "nothing", frozenset({"own", "mandate", "caisse"})),
    Situation("theme_declined", "Theme declined by the party", "reads", _BOTH),
    Situation("party_read_only", "Party read only", "reads", _BOTH),
    Situation("party_ended", "Party ended", "nothing", _BOTH),
    Situation("staff_over", "Work for the caisse over", "nothing", frozenset({"caisse"})),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may do in the theme in a situation."""

    reads: bool
    acts: bool
    administers: bool


def cell_of(role: Role, situation: Situation) -> Cell:
    """Return one cell of the matrix."""
    effect: Effect = situation.effect if role.through in situation.on else "open"
    if effect == "nothing":
        return Cell(reads=False, acts=False, administers=False)
    return Cell(reads=role.reads, acts=role.acts and effect == "open", administers=role.administers)
