"""Sub-commands of ``manage.py caisse`` that higher rungs add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

    Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Act:
    """One sub-command. ``run`` is given the options and a function for its progress.

    It returns the answer for programs and the one for people; our own errors end the command with their message.
    """

    name: str
    help: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[dict[str, Any], Report], tuple[Any, str]]


_acts: dict[str, Act] = {}


def register_act(act: Act) -> None:
    """Add a sub-command; its name may be used once."""
    if _acts.setdefault(act.name, act) is not act:
        message = f"two sub-commands are called {act.name!r}"
        raise ValueError(message)


def find_act(name: str) -> Act | None:
    """Return the sub-command that a higher rung added under this name."""
    return _acts.get(name)


def list_acts() -> list[Act]:
    """Return the sub-commands that higher rungs added."""
    return list(_acts.values())
