"""Changing the configuration: versions are added, never changed; all or nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from core.audit.services import record
from core.configuration import configuration
from core.configuration.models import SectionVersion
from core.kernel import clock
from core.kernel.errors import Conflict
from tenants.scope import current_bounds, current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.configuration.registry import Section
    from core.kernel.actors import Actor


def change_sections(
    *, actor: Actor, sections: Iterable[Section], reason: str = "", effective_from: datetime | None = None
) -> list[str]:
    """Add a version for each section that differs from what is in force; return the keys that changed.

    Within the caisse's scope. Repeating it changes nothing. Every process hears of it after the
    commit. Raises ``conflict`` when somebody changed the same section at the same time.
    """
    current = configuration.read()
    changed = [
        section
        for section in sections
        if section.key not in current.versions or current.sections[section.key] != section
    ]
    for section in changed:
        _add_version(actor, section, reason, effective_from or clock.now())
    if changed:
        _announce()
    return [section.key for section in changed]


def list_versions(section: type[Section]) -> list[SectionVersion]:
    """Return the history of a section, newest first; within the caisse's scope."""
    return list(SectionVersion.objects.filter(section=section.key).order_by("-version"))


def _add_version(actor: Actor, section: Section, reason: str, effective_from: datetime) -> None:
    last = SectionVersion.objects.filter(section=section.key).aggregate(last=Max("version"))["last"] or 0
    try:
        SectionVersion.objects.create(
            section=section.key,
            version=last + 1,
            value=section.model_dump(mode="json"),
            effective_from=effective_from,
            made_at=clock.now(),
            made_by=actor.user_id,
            made_by_name=actor.name,
            reason=reason,
        )
    except IntegrityError as error:
        raise Conflict from error
    record(
        actor=actor,
        action="section_changed",
        object_type="section",
        object_id=section.key,
        data={"version": last + 1},
    )


def _announce() -> None:
    caisse_id = current_caisse().id
    bounds = current_bounds()
    if bounds is not None:
        bounds.marks.add(configuration.CHANGED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [configuration.CHANNEL, caisse_id])
    transaction.on_commit(partial(configuration.forget, caisse_id))
