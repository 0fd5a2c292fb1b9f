"""The terms of use within an enrolment: shown and written down by the room that keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.accounts.models import User
    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class Agreement:
    """The text that somebody is asked to accept, and what names it exactly."""

    version: str
    language: str
    sha256: str
    title: str
    summary: str
    body: str

    @property
    def named(self) -> dict[str, str]:
        """What is kept of her acceptance until her account is usable."""
        return {"version": self.version, "language": self.language, "sha256": self.sha256}


class Keeper(Protocol):
    """Knows which terms hold for somebody, and writes her answer down."""

    def find_terms(self, *, caisse: CaisseRef, user: User, language: str) -> Agreement | None:
        """Return what she is asked to accept today, or None; within an open scope."""

    def write_answer(self, *, user: User, agreed: dict[str, str]) -> None:
        """Write down that she accepted it, where her account becomes usable; raises ``terms_text_changed``."""


_keepers: list[Keeper] = []


def install(keeper: Keeper) -> None:
    """Ask this room from now on."""
    _keepers[:] = [keeper]


def find_terms(*, caisse: CaisseRef, user: User, language: str) -> Agreement | None:
    """Return what somebody is asked to accept, or None where nothing is; within an open scope."""
    return _keepers[0].find_terms(caisse=caisse, user=user, language=language) if _keepers else None


def write_answer(*, user: User, agreed: dict[str, str]) -> None:
    """Write an acceptance down; nothing where she was asked nothing."""
    if agreed and _keepers:
        _keepers[0].write_answer(user=user, agreed=agreed)
