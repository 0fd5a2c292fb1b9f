"""Which tests are left to ``make test-long``: those that say which shorter ones prove the same, where these run along."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest


def is_whole() -> bool:
    """Whether everything is to run in its long form."""
    return bool(os.environ.get("FULL"))


def leave_out(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return what need not run, since each of its short forms runs; a test that was asked for alone is never left out."""
    if is_whole():
        return []
    chosen = [item.nodeid for item in items]
    long = [(item, _short_forms(item)) for item in items]
    return [item for item, short in long if short and all(_is_among(chosen, form) for form in short)]


def _short_forms(item: pytest.Item) -> Sequence[str]:
    """Return the beginnings of the node ids that ``@pytest.mark.long(short=[...])`` names."""
    marked = item.get_closest_marker("long")
    return marked.kwargs.get("short", ()) if marked else ()


def _is_among(chosen: Sequence[str], form: str) -> bool:
    return any(one.startswith(form) for one in chosen)
