"""Reading the configuration from this process's memory; a change is heard within a second."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import ValidationError

from core.configuration import sections as _own_sections  # noqa: F401 -- declares the sections of this room
from core.configuration.models import SectionVersion
from core.configuration.registry import Section, list_sections
from core.configuration.secret import STORED
from core.kernel import clock
from tenants import listening
from tenants.scope import current_bounds, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tenants.reference import CaisseRef

CHANNEL = "relais_configuration"
# Noted on a scope that has written sections: what it reads may yet be rolled back.
CHANGED = "configuration changed"
S = TypeVar("S", bound=Section)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """All sections of one caisse, and the moment at which the next one takes effect.

    ``faults`` names stored fields that the code no longer accepts; their defaults hold meanwhile.
    """

    sections: Mapping[str, Section]
    holds_until: datetime | None = None
    versions: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


_loaded: dict[str, Loaded] = {}
# Grows with each change heard, so that a reading which it overtook is not kept.
_changes_heard = 0


def get(caisse: CaisseRef, section: type[S]) -> S:
    """Return a section as it is in force; queries only when this process has not read the caisse yet."""
    return cast("S", load(caisse).sections[section.key])


def get_version(caisse: CaisseRef, section: type[Section]) -> int:
    """Return the version of a section in force, 0 for one that was never set."""
    return load(caisse).versions.get(section.key, 0)


def load(caisse: CaisseRef) -> Loaded:
    """Return all sections of a caisse from memory, reading them if needed."""
    if not listening.is_started():
        listening.start()
    known = _loaded.get(caisse.id)
    if known is not None and (known.holds_until is None or clock.now() < known.holds_until):
        return known
    heard_before = _changes_heard
    with tenant_transaction(caisse):
        fresh = read()
        bounds = current_bounds()
        certain = bounds is not None and CHANGED not in bounds.marks
    if certain and heard_before == _changes_heard:
        _loaded[caisse.id] = fresh
    return fresh


def read() -> Loaded:
    """Read all sections of the open scope's caisse, past the memory; two queries."""
    now = clock.now()
    later = SectionVersion.objects.standing().filter(effective_from__gt=now).order_by("effective_from")
    return replace(read_at(now), holds_until=later.values_list("effective_from", flat=True).first())


def read_section(kind: type[S]) -> S:
    """Read one section in force of the open scope's caisse, past the memory; one query."""
    started = SectionVersion.objects.standing().filter(section=kind.key, effective_from__lte=clock.now())
    value = started.order_by("-effective_from", "-version").values_list("value", flat=True).first()
    return cast("S", kind() if value is None else revive(kind, value))


def read_at(now: datetime) -> Loaded:
    """Read what is in force at a moment, without asking how long it holds; one query."""
    started = SectionVersion.objects.standing().filter(effective_from__lte=now)
    rows = started.order_by("section", "-effective_from", "-version").distinct("section")
    stored = {row.section: row for row in rows}
    faults: list[str] = []
    sections = {
        kind.key: _revive(kind, stored[kind.key].value, faults) if kind.key in stored else kind()
        for kind in list_sections()
    }
    return Loaded(
        sections=sections,
        versions={key: row.version for key, row in stored.items()},
        faults=tuple(faults),
    )


def revive(kind: type[Section], value: Mapping[str, Any]) -> Section:
    """Return a section as it was stored, as far as today's rules accept it."""
    return _revive(kind, value, [])


def _revive(kind: type[Section], value: Mapping[str, Any], faults: list[str]) -> Section:
    """Return a stored section; what today's rules refuse falls back to its default, and is said."""
    known = {name: one for name, one in value.items() if name in kind.model_fields}
    try:
        return kind.model_validate(known, context=STORED)
    except ValidationError as error:
        refused = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} or set(known)
        faults += [f"[{kind.key}] {name}" for name in sorted(refused)]
        _log.error("stored configuration is not valid any more: [%s] %s", kind.key, sorted(refused))
        return _revive(kind, {name: one for name, one in known.items() if name not in refused}, faults)


def forget(caisse_id: str = "") -> None:
    """Drop what this process remembers of one caisse, or of all."""
    global _changes_heard  # noqa: PLW0603 -- one memory per process
    _changes_heard += 1
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
