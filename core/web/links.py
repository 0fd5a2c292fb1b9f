"""A link of the frame's menus."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu or a rail."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    children: tuple[Link, ...] = ()
