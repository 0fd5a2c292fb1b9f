"""Changing the configuration: versions are added, never changed; all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from core.audit.services import record
from core.configuration import configuration, directory
from core.configuration.errors import ConfigurationInvalid
from core.configuration.keeping import settle_secrets
from core.configuration.models import SectionVersion
from core.configuration.registry import list_faults_across
from core.configuration.secret import STORED
from core.kernel import clock
from core.kernel.errors import Conflict
from tenants.scope import current_bounds, current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.configuration.registry import Section
    from core.kernel.actors import Actor


Listener = Callable[[Any, Any, datetime], None]
_listeners: dict[str, list[Listener]] = {}


def listen(section: type[Section], listener: Listener) -> None:
    """Let a higher rung hear of each change of a section, within its transaction.

    It is given the section as it was (or would have been) then, as it will be, and from when that holds.
    """
    listeners = _listeners.setdefault(section.key, [])
    if listener not in listeners:
        listeners.append(listener)


def change_sections(
    *,
    actor: Actor,
    sections: Iterable[Section],
    reason: str = "",
    effective_from: datetime | None = None,
    expected: Mapping[str, int] | None = None,
) -> list[str]:
    """Add a version for each section that differs from what will then be in force; return the keys that changed.

    Within the caisse's scope. Repeating it changes nothing. Every process hears of it after the
    commit. Raises ``conflict`` when somebody changed the same section at the same time, or since the
    version that ``expected`` names for it was read, and ``configuration_invalid`` where sections cannot
    stand together, such as a retention below the floor of the caisse's jurisdiction.
    """
    now = clock.now()
    begin = max(effective_from or now, now)
    current = configuration.read_at(begin)
    if any(current.versions.get(key, 0) != version for key, version in (expected or {}).items()):
        raise Conflict
    changed = [
        section
        for section in (settle_secrets(actor, one, current.sections) for one in sections)
        if section.key not in current.versions or current.sections[section.key] != section
    ]
    if changed and (faults := list_faults_across(current.sections, changed)):
        raise ConfigurationInvalid(places="; ".join(faults))
    if changed:
        _add_versions(actor, changed, reason, begin)
        for section in changed:
            for listener in _listeners.get(section.key, ()):
                listener(current.sections[section.key], section, begin)
        announce()
        directory.bring_later(changed=[section.key for section in changed], at=begin)
    return [section.key for section in changed]


def list_versions(section: type[Section]) -> list[SectionVersion]:
    """Return the versions of a section that hold, held or will hold, newest first; within the caisse's scope."""
    return list(SectionVersion.objects.standing().filter(section=section.key).order_by("-version"))


def _add_versions(actor: Actor, sections: list[Section], reason: str, effective_from: datetime) -> None:
    rows = SectionVersion.objects.filter(section__in=[section.key for section in sections])
    last = dict(rows.values_list("section").annotate(last=Max("version")))
    versions = [
        SectionVersion(
            section=section.key,
            version=last.get(section.key, 0) + 1,
            value=section.model_dump(mode="json", context=STORED),
            effective_from=effective_from,
            made_at=clock.now(),
            made_by=actor.user_id,
            made_by_name=actor.name,
            reason=reason,
        )
        for section in sections
    ]
    try:
        SectionVersion.objects.bulk_create(versions)
    except IntegrityError as error:
        raise Conflict from error
    record(
        actor=actor,
        action="configuration_changed",
        object_type="configuration",
        object_id=None,
        data={one.section: one.version for one in versions},
    )


def announce() -> None:
    """Let every process forget the open scope's caisse after the commit."""
    caisse_id = current_caisse().id
    bounds = current_bounds()
    if bounds is not None:
        bounds.marks.add(configuration.CHANGED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [configuration.CHANNEL, caisse_id])
    transaction.on_commit(partial(configuration.forget, caisse_id))
