"""Earlier and coming versions of a section: listed with what each changed, compared, restored, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError
from pydantic import ValidationError

from core.audit.services import record
from core.configuration import configuration
from core.configuration.differences import describe_differences
from core.configuration.errors import ChangeNotPending, ConfigurationInvalid, VersionUnknown
from core.configuration.models import SectionVersion
from core.configuration.registry import list_faults
from core.configuration.secret import STORED
from core.configuration.services import announce, change_sections
from core.configuration.tomlfile import describe_faults
from core.kernel import clock
from core.kernel.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from core.configuration.registry import Section
    from core.kernel.actors import Actor

State = Literal["in_force", "pending", "past", "cancelled"]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One version: who, when, why, from when, and what it changed against the one before, in words."""

    version: SectionVersion
    state: State
    changes: tuple[str, ...]
    cancelled: SectionVersion | None = None


def list_history(kind: type[Section]) -> list[HistoryLine]:
    """Return every version of a section, newest first; within the caisse's scope, one query."""
    rows = list(SectionVersion.objects.filter(section=kind.key).order_by("version"))
    cancellations = {row.cancels: row for row in rows if row.cancels is not None}
    versions = [row for row in rows if row.cancels is None]
    now = clock.now()
    current = _find_current([row for row in versions if row.version not in cancellations], now)
    lines: list[HistoryLine] = []
    before = kind()
    for row in versions:
        after = configuration.revive(kind, row.value)
        cancelled = cancellations.get(row.version)
        state = "cancelled" if cancelled else _state_of(row, current, now)
        lines.append(HistoryLine(row, state, tuple(describe_differences({kind.key: before}, [after])), cancelled))
        before = before if cancelled else after
    return lines[::-1]


def _find_current(standing: list[SectionVersion], now: datetime) -> SectionVersion | None:
    begun = [row for row in standing if row.effective_from <= now]
    return max(begun, key=lambda row: (row.effective_from, row.version), default=None)


def _state_of(row: SectionVersion, current: SectionVersion | None, now: datetime) -> State:
    if row.effective_from > now:
        return "pending"
    return "in_force" if row is current else "past"


def list_pending() -> list[SectionVersion]:
    """Return the changes of all sections that are still to come, the next one first; within the caisse's scope."""
    coming = SectionVersion.objects.standing().filter(effective_from__gt=clock.now())
    return list(coming.order_by("effective_from", "section", "version"))


def compare_versions(kind: type[Section], older: int, newer: int) -> list[str]:
    """Return in words what differs between two versions; 0 stands for the platform's defaults."""
    before, after = (configuration.revive(kind, _get(kind, one).value) if one else kind() for one in (older, newer))
    return describe_differences({kind.key: before}, [after])


def restore_version(*, actor: Actor, kind: type[Section], version: int, reason: str = "") -> list[str]:
    """Let an earlier version hold again, as a new one; return what changed, nothing where it holds already.

    Raises ``version_unknown``, and ``configuration_invalid`` where today's rules refuse it.
    """
    section = _accept(kind, _get(kind, version))
    return change_sections(actor=actor, sections=[section], reason=reason or f"version {version} restored")


def undo_change(*, actor: Actor, kind: type[Section], version: int, reason: str = "") -> None:
    """Take one change back: what held before it holds again, or it never begins if it was still to come.

    Only the change in force and those to come can be undone. Raises ``version_unknown``, ``conflict``
    when another change holds by now, and ``configuration_invalid`` where today's rules refuse what held before.
    """
    row, now = _get(kind, version), clock.now()
    if row.effective_from > now:
        cancel_change(actor=actor, kind=kind, version=version, reason=reason)
        return
    begun = SectionVersion.objects.standing().filter(section=kind.key, effective_from__lte=now)
    latest = list(begun.order_by("-effective_from", "-version")[:2])
    if latest[0].version != version:
        raise Conflict
    before = _accept(kind, latest[1]) if len(latest) > 1 else kind()
    reason = reason or f"version {version} undone"
    change_sections(actor=actor, sections=[before], reason=reason, expected={kind.key: version})


def _accept(kind: type[Section], row: SectionVersion) -> Section:
    """Return what a version says, if today's rules accept it."""
    try:
        section = kind.model_validate(row.value, context=STORED)
    except ValidationError as error:
        raise ConfigurationInvalid(places="; ".join(describe_faults(kind.key, error))) from None
    if faults := list_faults(section):
        raise ConfigurationInvalid(places="; ".join(f"[{kind.key}] {fault}" for fault in faults))
    return section


def cancel_change(*, actor: Actor, kind: type[Section], version: int, reason: str = "") -> None:
    """Cancel a change that is still to come; what holds then is what held before.

    Raises ``version_unknown``, and ``change_not_pending`` when it is in force or was cancelled.
    """
    row, now = _get(kind, version), clock.now()
    if row.effective_from <= now or SectionVersion.objects.filter(section=kind.key, cancels=version).exists():
        raise ChangeNotPending(version=version)
    last = SectionVersion.objects.filter(section=kind.key).latest("version").version
    try:
        SectionVersion.objects.create(
            section=kind.key,
            version=last + 1,
            value=row.value,
            effective_from=now,
            made_at=now,
            made_by=actor.user_id,
            made_by_name=actor.name,
            reason=reason,
            cancels=version,
        )
    except IntegrityError as error:
        raise ChangeNotPending(version=version) from error
    record(
        actor=actor,
        action="configuration_change_cancelled",
        object_type="configuration",
        object_id=None,
        data={kind.key: version},
    )
    announce()


def _get(kind: type[Section], version: int) -> SectionVersion:
    row = SectionVersion.objects.filter(section=kind.key, version=version, cancels=None).first()
    if row is None:
        raise VersionUnknown(version=version)
    return row
