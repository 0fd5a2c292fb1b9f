"""What the command ``caisse`` does: each act in its own scopes, answers as plain data."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext

from core.configuration import configuration, directory, tomlfile
from core.configuration.differences import describe_differences
from core.configuration.errors import ConfigurationInvalid
from core.configuration.keeping import settle_secrets
from core.configuration.registry import list_faults_across
from core.configuration.sections import BrandingSection, LocaleSection
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants import addresses, doctor, migrating, provisioning, services
from tenants.portal import portal_url
from tenants.registration import Request
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from tenants.models import Caisse
    from tenants.reference import CaisseRef
    from tenants.registration import Step

OPERATOR = Actor(kind="operator", name="command line")


def create(
    *,
    slug: str,
    preset: str,
    file: str,
    hosts: Iterable[str],
    name: str,
    progress: Callable[[str, int, int], None],
) -> CaisseRef:
    """Make a caisse from preset and file, or finish one whose making was interrupted."""
    request = Request(
        slug=slug,
        name=name or _name_in(file),
        hosts=tuple(addresses.parse_address(host) for host in hosts),
        options={"preset": preset, "file": file},
    )

    def show(step: Step, number: int, total: int) -> None:
        with translation.override("en"):
            progress(gettext(step.label), number, total)

    return provisioning.create_caisse(request, progress=show)


def _name_in(file: str) -> str:
    branding = next((one for one in tomlfile.parse(file) if isinstance(one, BrandingSection)), None)
    return branding.name if branding else ""


def list_all() -> list[dict[str, Any]]:
    """Return every caisse with its state."""
    with platform_transaction():
        return [_shown(one) for one in services.list_caisses()]


def describe(slug: str) -> dict[str, Any]:
    """Return one caisse with its addresses and the versions of its configuration."""
    row = _find(slug)
    versions = configuration.load(row.ref).versions if row.state != "provisioning" else {}
    return _shown(row) | {"address": f"{portal_url(row.ref)}/", "configuration": dict(versions)}


def apply(
    slug: str, text: str, *, dry_run: bool, reason: str = "caisse apply", begins: date | None = None
) -> list[str]:
    """Apply a file at once or from a day on, or say what it would change; a line for each changed field."""
    caisse, sections = _find(slug).ref, tomlfile.parse(text)
    with tenant_transaction(caisse):
        now = configuration.read()
        begin = _begin_of(begins, cast("LocaleSection", now.sections[LocaleSection.key])) if begins else None
        before = configuration.read_at(begin) if begin else now
        sections = [settle_secrets(OPERATOR, one, before.sections) for one in sections]
        lines = describe_differences(before.sections, sections)
        if faults := list_faults_across(before.sections, sections):
            raise ConfigurationInvalid(places="; ".join(faults))
        if not dry_run:
            change_sections(actor=OPERATOR, sections=sections, reason=reason, effective_from=begin)
    return lines


def _begin_of(day: date, locale: LocaleSection) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(locale.time_zone))


def dump(slug: str, *, language: str = "en") -> str:
    """Return the caisse's configuration file with its comments in a language."""
    with tenant_transaction(_find(slug).ref):
        sections = configuration.read().sections
    with translation.override(language):
        return tomlfile.dump(sections)


def suspend(slug: str, reason: str) -> None:
    """Close a portal."""
    caisse = _find(slug).ref
    with platform_transaction():
        services.suspend_caisse(actor=OPERATOR, caisse=caisse, reason=reason)


def resume(slug: str) -> None:
    """Open a portal again."""
    caisse = _find(slug).ref
    with platform_transaction():
        services.resume_caisse(actor=OPERATOR, caisse=caisse)


def migrate(progress: Callable[[str, str], None]) -> list[dict[str, Any]]:
    """Migrate every caisse that is behind; return those that were touched.

    ``progress`` is told each caisse as soon as it is done: its slug, and an error or nothing.
    """
    with platform_transaction():
        refs = [one.ref for one in services.list_caisses() if one.state != "provisioning"]
    outcomes = migrating.migrate_caisses(refs, progress=lambda one: progress(one.slug, one.error))
    _list_the_unlisted(failed={one.slug for one in outcomes if one.error})
    return [
        {"slug": one.slug, "result": one.result, "error": one.error, "seconds": round(one.seconds, 3)}
        for one in outcomes
        if one.result != "current"
    ]


def _list_the_unlisted(failed: set[str]) -> None:
    """Bring caisses into the directory that are older than it."""
    for row in _all_rows():
        if not (row.number or row.postcode or row.town or row.slug in failed or row.state == "provisioning"):
            directory.bring(row.ref)


def examine(slug: str = "") -> list[dict[str, Any]]:
    """Return what the doctor finds in one caisse or in all, and in what they share; in English.

    Each finding: caisse (its slug, or empty), check, title, level (ok, warning, bad), ok, seen, advice.
    """
    rows = [_find(slug)] if slug else _all_rows()
    behind = migrating.find_behind([row.schema_name for row in rows])
    with translation.override("en"):
        results = doctor.examine_platform()
        for row in rows:
            current = row.schema_name not in behind and row.state != "provisioning"
            results += doctor.examine_caisse(row.ref, is_current=current)
    return [asdict(one) | {"ok": one.ok} for one in results]


def _all_rows() -> list[Caisse]:
    with platform_transaction():
        return services.list_caisses()


def find_caisse(slug: str) -> CaisseRef:
    """Return a caisse by its slug; raises where there is none."""
    return _find(slug).ref


def _find(slug: str) -> Caisse:
    with platform_transaction():
        return services.get_caisse_by_slug(slug)


def _shown(row: Caisse) -> dict[str, Any]:
    return {
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "state": row.state,
        "created_at": row.created_at.isoformat(),
    }
