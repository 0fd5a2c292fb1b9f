"""What the command ``caisse`` does: each act in its own scopes, answers as plain data."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from core.configuration import configuration, tomlfile
from core.configuration.differences import describe_differences
from core.configuration.errors import SecretUnreadable
from core.configuration.keeping import list_secrets, settle_secrets
from core.configuration.sections import BrandingSection, LocaleSection
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.outbox.models import Entry as OutboxEntry
from tenants import addresses, migrating, provisioning, services
from tenants.portal import portal_url
from tenants.registration import Request
from tenants.scope import platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from core.configuration.secret import Secret
    from tenants.models import Caisse
    from tenants.reference import CaisseRef
    from tenants.registration import Step

OPERATOR = Actor(kind="operator", name="command line")
LATE_OUTBOX_ENTRIES = 100


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
        if not dry_run:
            change_sections(actor=OPERATOR, sections=sections, reason=reason, effective_from=begin)
    if dry_run or (begin and begin > clock.now()):
        return lines
    branding = next((one for one in sections if isinstance(one, BrandingSection)), None)
    if branding:
        with platform_transaction():
            services.rename_caisse(caisse=caisse, name=branding.name)
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
    return [
        {"slug": one.slug, "result": one.result, "error": one.error, "seconds": round(one.seconds, 3)}
        for one in outcomes
        if one.result != "current"
    ]


def examine(slug: str = "") -> list[dict[str, Any]]:
    """Return the checks of one caisse or of all: caisse, check, ok, advice."""
    rows = [_find(slug)] if slug else _all_rows()
    behind = migrating.find_behind([row.schema_name for row in rows])
    return [check for row in rows for check in _examine_one(row, behind)]


def _examine_one(row: Caisse, behind: set[str]) -> list[dict[str, Any]]:
    current = row.schema_name not in behind
    checks = [
        _check(row, "state", row.state == "active", f"state is {row.state}"),
        _check(row, "migrations", current, "up to date" if current else "run: manage.py caisse migrate"),
    ]
    if not current or row.state == "provisioning":
        return checks
    with tenant_transaction(row.ref):
        waiting = OutboxEntry.objects.filter(done_at__isnull=True, failed_at__isnull=True).count()
        failed = OutboxEntry.objects.filter(failed_at__isnull=False).count()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            role = cursor.fetchone()
    return [
        *checks,
        _check_configuration(row),
        _check_secrets(row),
        _check(row, "role", bool(role) and role[0] == row.ref.role, "queries run under the caisse's own role"),
        _check(row, "outbox", waiting < LATE_OUTBOX_ENTRIES and not failed, f"{waiting} waiting, {failed} given up"),
    ]


def _check_configuration(row: Caisse) -> dict[str, Any]:
    faults = configuration.load(row.ref).faults
    advice = f"set anew: {', '.join(faults)}" if faults else "every stored value is valid"
    return _check(row, "configuration", not faults, advice)


def _check_secrets(row: Caisse) -> dict[str, Any]:
    unreadable = [
        f"[{section.key}] {name}"
        for section in configuration.load(row.ref).sections.values()
        for name, secret in list_secrets(section)
        if not _is_readable(secret)
    ]
    advice = f"provide anew: {', '.join(unreadable)}" if unreadable else "every secret that is set can be read"
    return _check(row, "secrets", not unreadable, advice)


def _is_readable(secret: Secret) -> bool:
    try:
        secret.reveal()
    except SecretUnreadable:
        return False
    return True


def _check(row: Caisse, name: str, ok: bool, advice: str) -> dict[str, Any]:  # noqa: FBT001 -- the check's verdict
    return {"caisse": row.slug, "check": name, "ok": ok, "advice": advice}


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
