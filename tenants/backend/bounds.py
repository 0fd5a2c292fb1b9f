"""What a scope sets for its transaction: the role, the search path, and the caisse if any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenants.naming import EXTENSIONS_SCHEMA, PLATFORM_ROLE, PLATFORM_SCHEMA

if TYPE_CHECKING:
    from tenants.reference import CaisseRef


@dataclass(slots=True, eq=False)
class Bounds:
    """One open scope. ``marks`` lives as long as the transaction; apps may note things there."""

    role: str
    schema: str
    caisse: CaisseRef | None = None
    marks: set[str] = field(default_factory=set)

    @classmethod
    def of_caisse(cls, caisse: CaisseRef) -> Bounds:
        """Return the bounds of one caisse; its id was checked, so the names are safe in SQL."""
        return cls(role=caisse.role, schema=caisse.schema, caisse=caisse)

    @classmethod
    def of_platform(cls) -> Bounds:
        """Return the bounds of the tables that belong to no caisse."""
        return cls(role=PLATFORM_ROLE, schema=PLATFORM_SCHEMA)

    @property
    def statement(self) -> str:
        """SQL that confines the running transaction; it ends with the transaction."""
        return f"SET LOCAL ROLE {self.role};SET LOCAL search_path TO {self.schema},{EXTENSIONS_SCHEMA}"
