"""Who acts: every service is told, and every record says."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

Kind = Literal["party", "clerk", "system", "operator"]


@dataclass(frozen=True, slots=True)
class Right:
    """What a theme allows: see it, and act in it."""

    read: bool = False
    act: bool = False


NO_RIGHT = Right()


@dataclass(frozen=True, slots=True)
class Actor:
    """One person or program, for whom it acts, and how strongly it proved who it is.

    ``acting_party_id`` is the company that the user works for, ``party_id`` the party for whom
    she acts; for a clerk both are empty. ``rights`` maps theme slugs to what she may do there.
    ``stands_in`` maps those that she has only as a substitute to the name under which she acts there;
    the empty slug stands for the administration of the company. ``types`` names the only message types that
    are open to her in a theme where her mandate does not cover all of them.
    """

    kind: Kind
    name: str
    user_id: UUID | None = None
    assurance_level: int = 0
    acting_party_id: UUID | None = None
    party_id: UUID | None = None
    rights: Mapping[str, Right] = field(default_factory=lambda: MappingProxyType({}))
    roles: frozenset[str] = frozenset()
    token_id: UUID | None = None
    stands_in: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    types: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def system(cls, name: str) -> Actor:
        """Return the actor for work that no person started, such as ``"scheduler"``."""
        return cls(kind="system", name=name)

    @property
    def party(self) -> UUID:
        """The party for whom she acts; only a party's actor has one."""
        if self.party_id is None:
            message = f"{self.kind} acts for no party"
            raise TypeError(message)
        return self.party_id

    @property
    def is_desk(self) -> bool:
        """Whether this actor works for the caisse, or looks at its desk as its administrator allowed for support."""
        return self.kind == "clerk" or self.is_support

    @property
    def is_support(self) -> bool:
        """Whether this is an operator within a support access: she reads as an auditor does, and changes nothing."""
        return self.kind == "operator" and "auditor" in self.roles

    def signature(self, theme: str = "") -> str:
        """Return the name under which an act in a theme is recorded: a substitute's names the other as well."""
        return self.stands_in.get(theme, self.name)

    def may_read(self, theme: str) -> bool:
        """Whether the theme's messages and dossier are open to this actor."""
        return self.kind == "system" or self.rights.get(theme, NO_RIGHT).read

    def covers(self, type_key: str) -> bool:
        """Whether a message type is among those that are open to this actor in its theme."""
        only = self.types.get(type_key.partition(".")[0])
        return only is None or type_key in only

    def may_act(self, theme: str) -> bool:
        """Whether this actor may create, change and send in the theme."""
        return self.kind == "system" or self.rights.get(theme, NO_RIGHT).act
