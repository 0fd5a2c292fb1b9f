"""The jurisdictions that are installed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from core.accounts.numbers import register_person_number
from core.declare.faults import FieldFault
from core.enrolment import readers
from core.kernel.text import Text

if TYPE_CHECKING:
    from core.declare.kinds import Kind


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A country: its code, its currency, and the kinds of its identifiers in the module ``kinds``."""

    code: str
    currency: str
    kinds: str
    person_identifier: str
    enterprise_identifier: str

    def person_kind(self) -> type[Kind[Any]]:
        """Return the kind of the number that names an insured person."""
        return cast("type[Kind[Any]]", getattr(import_module(self.kinds), self.person_identifier))

    def enterprise_kind(self) -> type[Kind[Any]]:
        """Return the kind of the number that names a company."""
        return cast("type[Kind[Any]]", getattr(import_module(self.kinds), self.enterprise_identifier))

    def read_person_number(self, typed: str) -> str | None:
        """Return an insured person's number in its one form, or nothing for what is none; for the sign-in."""
        try:
            return str(self.person_kind()(label=Text("")).read(typed))
        except FieldFault:
            return None


def register(jurisdiction: Jurisdiction) -> None:
    """Add a jurisdiction, or replace it by itself; whoever asks to be admitted is asked for its numbers."""
    register_person_number(jurisdiction.code, jurisdiction.read_person_number)
    readers.register(jurisdiction.code, company=jurisdiction.enterprise_kind, person=jurisdiction.person_kind)
