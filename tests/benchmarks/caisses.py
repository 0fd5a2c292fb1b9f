"""P2 and P9: what tenancy adds to a transaction, what a new caisse costs, and a migration with nothing to do."""

from __future__ import annotations

import statistics
import time

ROUNDS, REPEATS, QUERIES = 9, 300, 5


def measure_tenancy() -> dict[str, object]:
    """CPU of resolving the host and a scope with five queries, beside a plain transaction with the same queries."""
    from tenants import hosts
    from tenants.scope import tenant_transaction

    caisse = hosts.list_entries()[0].ref
    header = f"{caisse.slug}.localhost"

    def ours() -> None:
        resolved = hosts.resolve(header, "/")
        with tenant_transaction(resolved.caisse):
            _ask("default", "core_accounts_party")

    def plain() -> None:
        from django.db import transaction

        with transaction.atomic(using="provisioner"):
            _ask("provisioner", "platform.tenants_caisse")

    a, b = _interleave(ours, plain)
    return {
        "name": "P2 host and scope with five queries, added to the same transaction without",
        "ours_ms": round(a, 3),
        "reference_ms": round(b, 3),
        "ratio": round(a / b - 1, 3),
        "limit": 0.2,
    }


def _ask(alias: str, table: str) -> None:
    from django.db import connections

    with connections[alias].cursor() as cursor:
        for _ in range(QUERIES):
            cursor.execute(f"SELECT count(*) FROM {table}")
            cursor.fetchone()


def _interleave(ours, reference) -> tuple[float, float]:
    """Return milliseconds per call, wall clock: most of it is the database on the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    ours(), reference()
    for _ in range(ROUNDS):
        for work, kept in zip((ours, reference), times, strict=True):
            start = time.perf_counter()
            for _ in range(REPEATS):
                work()
            kept.append((time.perf_counter() - start) * 1000 / REPEATS)
    return statistics.median(times[0]), statistics.median(times[1])


def measure_creation(worker) -> dict[str, object]:
    """A new caisse through all its steps, beside the bare statements of the template in one transaction."""
    from tenants import provisioning, template
    from tenants.registration import Request

    text = template.get_dump()
    ours, bare = [], []
    for number in range(7):
        start = time.perf_counter()
        provisioning.create_caisse(Request(slug=f"bench{number}", options={"preset": "avs"}))
        ours.append((time.perf_counter() - start) * 1000)
        bare.append(_replay(worker, text, f"bench_{number}"))
    return {
        "name": "P9 new caisse / bare statements of the template",
        "ours_ms": round(statistics.median(ours), 1),
        "reference_ms": round(statistics.median(bare), 1),
        "ratio": round(statistics.median(ours) / statistics.median(bare), 3),
        "limit": 1.2,
    }


def _replay(worker, dump, schema: str) -> float:
    with worker.connect() as connection:
        start = time.perf_counter()
        with connection.transaction():
            connection.execute(dump.text.replace(dump.placeholder, schema))
        return (time.perf_counter() - start) * 1000


def measure_idle_migration(number: int) -> dict[str, object]:
    """A deployment with nothing to migrate, over so many caisses, beside the goal of three seconds for 300."""
    from core.configuration import operations
    from tenants import provisioning
    from tenants.registration import Request

    for index in range(number):
        provisioning.create_caisse(Request(slug=f"idle{index}", options={"preset": "avs"}))
    start = time.perf_counter()
    outcomes = operations.migrate()
    seconds = time.perf_counter() - start
    assert outcomes == []
    return {
        "name": f"P9 migration with nothing to do, {number} caisses, as a share of 10 ms each",
        "ours_ms": round(seconds * 1000),
        "reference_ms": number * 10,
        "ratio": round(seconds * 1000 / (number * 10), 3),
        "limit": 1.0,
    }
