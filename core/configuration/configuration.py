"""Reading the configuration from this process's memory; a change is heard within a second."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from core.configuration.models import SectionVersion
from core.configuration.sections import Section, list_sections
from core.kernel import clock
from tenants import listening
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tenants.reference import CaisseRef

CHANNEL = "relais_configuration"
S = TypeVar("S", bound=Section)


@dataclass(frozen=True, slots=True)
class Loaded:
    """All sections of one caisse, and the moment at which the next one takes effect."""

    sections: Mapping[str, Section]
    holds_until: datetime | None = None
    versions: Mapping[str, int] = field(default_factory=dict)


_loaded: dict[str, Loaded] = {}


def get(caisse: CaisseRef, section: type[S]) -> S:
    """Return a section as it is in force; a query only when this process has not read the caisse yet."""
    return cast("S", load(caisse).sections[section.key])


def load(caisse: CaisseRef) -> Loaded:
    """Return all sections of a caisse from memory, reading them if needed."""
    known = _loaded.get(caisse.id)
    if known is not None and (known.holds_until is None or clock.now() < known.holds_until):
        return known
    with tenant_transaction(caisse):
        fresh = read()
    _loaded[caisse.id] = fresh
    return fresh


def read() -> Loaded:
    """Read all sections of the open scope's caisse; one query."""
    now = clock.now()
    in_force: dict[str, tuple[int, Any]] = {}
    later: list[datetime] = []
    rows = SectionVersion.objects.order_by("version").values_list("section", "version", "value", "effective_from")
    for key, version, value, effective_from in rows:
        if effective_from <= now:
            in_force[key] = version, value
        else:
            later.append(effective_from)
    sections = {
        one.key: one.model_validate(in_force[one.key][1]) if one.key in in_force else one() for one in list_sections()
    }
    return Loaded(sections, min(later, default=None), {key: version for key, (version, _value) in in_force.items()})


def forget(caisse_id: str = "") -> None:
    """Drop what this process remembers of one caisse, or of all."""
    if caisse_id:
        _loaded.pop(caisse_id, None)
    else:
        _loaded.clear()


def start_listening() -> None:
    """Forget a caisse when another process has changed it, and everything when the line was down."""
    listening.subscribe(
        CHANNEL,
        listening.Subscription(
            on_notice=lambda _connection, caisse_id: forget(caisse_id), on_connect=lambda _connection: forget()
        ),
    )
