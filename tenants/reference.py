"""The immutable reference to a caisse that requests, tasks and services carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tenants.naming import is_caisse_id, role_of, schema_of

State = Literal["provisioning", "active", "suspended"]


@dataclass(frozen=True, slots=True)
class CaisseRef:
    """One caisse. Equal ids are the same caisse; the slug is only an address and may change."""

    id: str
    slug: str
    state: State = "active"

    def __post_init__(self) -> None:
        if not is_caisse_id(self.id):
            message = "a caisse's id has 8 characters, a-z and 0-9, a letter first"
            raise ValueError(message)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CaisseRef) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def schema(self) -> str:
        """The schema that holds everything of this caisse."""
        return schema_of(self.id)

    @property
    def role(self) -> str:
        """The database role that may touch this schema, and no other caisse's."""
        return role_of(self.id)
