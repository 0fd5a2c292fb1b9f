"""The reference page of rights, written from the registries: roles, situations, steps of a message, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.matrix import ROLES, SITUATIONS, cell_of
from core.catalogue import registry
from core.messaging.states import TRANSITIONS

if TYPE_CHECKING:
    from core.accounts.matrix import Cell

POLICIES = {
    "public": "everybody",
    "signed_in": "whoever is signed in",
    "person": "whoever is signed in, for what is her own",
    "party": "whoever acts for the party in the address",
    "writer": "whoever writes for the party in the address, or at the desk",
    "desk": "who works for the caisse, with two factors",
    "console": "administrators and auditors of the caisse, with two factors",
}
_HEAD = """# Who may do what

This page is written by `python manage.py rights_reference` from the code; a test holds it, and another one holds every
cell against the database (`tests/integration/core/accounts/test_rights_matrix.py`).

## In a theme

**r** reads · **s** reads and sends · **a** administers the company or, for the caisse's people, the portal · – nothing,
and the theme or the company does not exist for her.

"""
_STEPS = """
## Steps of a message

Who may act in the theme takes these steps, on her own side only. The party's steps need the assurance level that the
message type asks for; at the desk everything needs two factors.

| step | from | to | by |
|---|---|---|---|
"""
_LEVELS = """
## Least assurance level of each message type

What the type asks for; a caisse can ask for more.

| message type | level |
|---|---|
"""
_PAGES = """
## Pages

Every page carries one policy; the build fails without. What changes rights asks once more who one is, where that was
proved more than ten minutes ago.

| policy | open to |
|---|---|
"""


def write_reference() -> str:
    """Return the page."""
    titles = " | ".join(one.label for one in SITUATIONS)
    lines = [f"| | {titles} |", "|---" * (len(SITUATIONS) + 1) + "|"]
    lines += [f"| {role.label} | {' | '.join(_sign(cell_of(role, one)) for one in SITUATIONS)} |" for role in ROLES]
    steps = [f"| {way.name} | {', '.join(way.sources)} | {way.target} | {way.who} |" for way in TRANSITIONS]
    types = sorted(
        {(kind.key, kind.min_assurance) for theme in registry.list_all_themes() for kind in theme.message_types}
    )
    levels = [f"| `{key}` | {level} |" for key, level in types]
    pages = [f"| {policy} | {words} |" for policy, words in POLICIES.items()]
    parts = [_HEAD, "\n".join(lines), "\n", _STEPS, "\n".join(steps), "\n", _LEVELS, "\n".join(levels), "\n"]
    return "".join([*parts, _PAGES, "\n".join(pages), "\n"])


def _sign(cell: Cell) -> str:
    signs = ["s" if cell.acts else "r" if cell.reads else "", "a" if cell.administers else ""]
    return " ".join(one for one in signs if one) or "–"
