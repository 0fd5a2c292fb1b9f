"""The parts of a caisse's page: each is a template and what it reads; any room of the console may add one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.kernel.actors import Actor
    from tenants.models import Caisse


@dataclass(frozen=True, slots=True)
class View:
    """Who looks at which caisse, and what the address asks beside (such as the period of the charts)."""

    actor: Actor
    caisse: Caisse
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaissePart:
    """One part of the page ``operator_caisse``.

    ``read`` gets a :class:`View`, opens its own scopes and returns what the template needs, by names of
    its own. It reads platform tables and figures; what people wrote in a caisse is never read.
    """

    template: str
    read: Callable[[View], dict[str, Any]]
    order: int = 50


_parts: dict[str, CaissePart] = {}


def add_caisse_part(part: CaissePart) -> None:
    """Add a part; done where the room's addresses are declared."""
    _parts[part.template] = part


def list_caisse_parts() -> list[CaissePart]:
    """Return the parts in order."""
    return sorted(_parts.values(), key=lambda one: one.order)
