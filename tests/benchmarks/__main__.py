"""``make bench``: every ratio in one run, as a table, as JSON and in docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.support import home as homes

ROOT = Path(__file__).resolve().parents[2]
NOISY_LOAD = 1.5


def main() -> int:
    """Run on a cluster of its own; exit status 0 whatever the ratios are, they are reported as measured."""
    home = homes.settle()
    import django

    django.setup()
    from tests.support.databases import WorkerDatabase

    worker = WorkerDatabase(home)
    load = os.getloadavg()[0]
    try:
        worker.prepare()
        _use(worker)
        results = list(_measure_all(worker))
    finally:
        homes.clear(home)
    _report(results, load)
    return 0


def _use(worker) -> None:
    from django.db import connections

    for settings in connections.databases.values():
        settings["PORT"] = str(worker.cluster.local.port)


def _measure_all(worker):
    from tests.benchmarks import caisses, intake, receipt

    full = os.environ.get("FULL") == "1"
    yield _said(receipt.measure())
    yield _said(caisses.measure_tenancy())
    yield _said(caisses.measure_creation(worker))
    yield _said(caisses.measure_idle_migration(300 if full else 40))
    with worker.connect() as connection:
        book = intake.measure_workbook(connection, rows=100_000)
    yield _said(_of("P6 workbook of 100,000 rows / bare calamine and COPY (rate)", book, 0.90))
    elm = intake.measure_elm(100_000)
    yield _said(_of("P6 ELM file of 100,000 persons / empty lxml loop (rate)", elm, 0.40))


def _of(name, measured, goal):
    return {
        "name": name,
        "ours_ms": round(measured.ours * 1000),
        "reference_ms": round(measured.reference * 1000),
        "ratio": round(measured.ratio, 3),
        "at_least": goal,
        "peak_mib": measured.peak_memory_bytes >> 20,
    }


def _said(result):
    print(json.dumps(result), flush=True)
    return result


def _report(results, load) -> None:
    head = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load {load:.1f} before the run{' (noisy)' if load > NOISY_LOAD else ''}."
    )
    lines = [
        "# Benchmarks",
        "",
        head,
        "",
        "| what | ours, ms | reference, ms | ratio | goal |",
        "|---|---|---|---|---|",
    ]
    for one in results:
        goal = f"<= {one['limit']}" if "limit" in one else f">= {one['at_least']}"
        lines.append(f"| {one['name']} | {one['ours_ms']} | {one['reference_ms']} | {one['ratio']} | {goal} |")
    lines += ["", f"Peak memory of the child: {max(one.get('peak_mib', 0) for one in results)} MiB (goal: <= 384)."]
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"{time.monotonic() - started:.0f} s in all")
    sys.exit(status)
