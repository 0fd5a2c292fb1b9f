"""The parts of the console's first page: each is a template and what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Part:
    """One part. ``read`` opens its own scope and returns what the template needs, by names of its own."""

    template: str
    read: Callable[[Actor], dict[str, Any]]
    order: int = 50


_parts: dict[str, Part] = {}


def add_part(part: Part) -> None:
    """Add a part; done where the room's addresses are declared."""
    _parts[part.template] = part


def list_parts() -> list[Part]:
    """Return the parts in order."""
    return sorted(_parts.values(), key=lambda one: one.order)
