"""Checking the addresses of a caisse, and what is kept of it; opens its own short scopes."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext

from core.kernel import clock
from tenants import hosts
from tenants.host_check.looking import look_at
from tenants.host_check.outcomes import EXPIRING, EXPIRING_WITHIN_DAYS, OUTCOMES, Level, Outcome
from tenants.models import HostCheck
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from tenants.hosts import Address
    from tenants.reference import CaisseRef

CHECKED_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Told:
    """A kept result in the reader's language."""

    check: HostCheck
    level: Level
    seen: str
    advice: str


def check_address(caisse: CaisseRef, address: Address) -> HostCheck:
    """Look at one address from outside, and keep what was found. Outside any scope: it takes seconds."""
    seen = look_at(caisse, address)
    with platform_transaction():
        return HostCheck.objects.update_or_create(
            caisse_id=caisse.id,
            host=address.host,
            path_prefix=address.path_prefix,
            defaults={
                "outcome": seen.outcome,
                "details": seen.details,
                "certificate_ends_at": seen.certificate_ends_at,
                "checked_at": clock.now(),
            },
        )[0]


def check_due_addresses(*, most: int, seconds: float) -> int:
    """Look again at addresses of open caisses whose last result is a day old, the oldest first; return how many.

    Stops at a number and at a time, so that whoever calls it each few minutes is never held up for long.
    """
    ends, done = time.monotonic() + seconds, 0
    for caisse, address in _list_due()[:most]:
        if time.monotonic() > ends:
            break
        check_address(caisse, address)
        done += 1
    return done


def _list_due() -> list[tuple[CaisseRef, Address]]:
    with platform_transaction():
        rows = HostCheck.objects.values_list("caisse_id", "host", "path_prefix", "checked_at")
        last = {(caisse_id, host, prefix): at for caisse_id, host, prefix, at in rows}
    never, old = datetime.min.replace(tzinfo=UTC), clock.now() - CHECKED_EVERY
    found = [
        (last.get((entry.ref.id, one.host, one.path_prefix), never), entry.ref, one)
        for entry in hosts.list_entries()
        for one in entry.addresses
    ]
    due = [one for one in found if one[0] < old]
    return [(caisse, address) for _at, caisse, address in sorted(due, key=lambda one: one[0])]


def check_addresses(caisse: CaisseRef) -> list[HostCheck]:
    """Look at every address of a caisse, one after the other."""
    return [check_address(caisse, one) for one in hosts.get_entry(caisse).addresses]


def list_checks(caisse: CaisseRef) -> dict[tuple[str, str], HostCheck]:
    """Return the last result for each address, by host and path prefix; in a platform scope."""
    return {(one.host, one.path_prefix): one for one in HostCheck.objects.filter(caisse_id=caisse.id)}


def list_own_checks() -> dict[tuple[str, str], HostCheck]:
    """Return the last result for each address of the caisse whose scope is open, as rows that are not saved."""
    names = ("host", "path_prefix", "outcome", "details", "certificate_ends_at", "checked_at")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT host, path_prefix, outcome, details::text, certificate_ends_at, checked_at"
            " FROM platform.own_address_checks"
        )
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = (HostCheck(**row | {"details": json.loads(row["details"])}) for row in rows)
    return {(one.host, one.path_prefix): one for one in found}


def tell(check: HostCheck) -> Told:
    """Return a result in words of the active language; a certificate that ends soon is a warning."""
    outcome, fields = OUTCOMES[check.outcome], dict(check.details)
    if check.outcome == "points_here" and check.certificate_ends_at:
        days = (check.certificate_ends_at - clock.now()).days
        outcome, fields = _with_certificate(outcome, days), {**fields, "days": max(days, 0)}
    advice = gettext(outcome.advice) % fields if outcome.advice else ""
    return Told(check, outcome.level, gettext(outcome.seen) % fields, advice)


def _with_certificate(outcome: Outcome, days: int) -> Outcome:
    return EXPIRING if days < EXPIRING_WITHIN_DAYS else outcome
