"""``make bench``: every ratio in one run, as a table, as JSON and in docs/benchmarks.md.

A run is marked noisy, never refused, when the machine was at work before it began.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support import home as homes

ROOT = Path(__file__).resolve().parents[2]
NOISY_LOAD = 0.3
MEMORY_LIMIT_MIB = 384


@dataclass(frozen=True)
class Line:
    """One ratio of the table; ``at_most`` tells on which side of ``goal`` it has to lie."""

    key: str
    what: str
    ours: str
    reference: str
    ratio: float
    goal: float
    at_most: bool = True
    peak_mib: int = 0
    nursery_ms: int = 0

    @property
    def met(self):
        """Whether the goal is reached, and the memory kept."""
        reached = self.ratio <= self.goal if self.at_most else self.ratio >= self.goal
        return reached and self.peak_mib <= MEMORY_LIMIT_MIB


def main() -> int:
    """Run on a cluster of its own; exit status 0 whatever the ratios are, they are reported as measured."""
    load, started = os.getloadavg()[0], time.monotonic()
    home = homes.settle()
    import django

    django.setup()
    from tenants import listening
    from tests.support.databases import WorkerDatabase

    worker = WorkerDatabase(home)
    try:
        worker.prepare()
        _use(worker)
        lines = []
        for line in _measure_all(worker):
            lines.append(line)
            print(f"{line.key:4} {line.ratio:6.3f}  {line.what}", flush=True)
    finally:
        listening.stop()
        homes.clear(home)
    _report(lines, load, time.monotonic() - started)
    return 0


def _use(worker):
    from django.db import connections

    for settings in connections.databases.values():
        settings["PORT"] = str(worker.cluster.local.port)


def _superuser(worker):
    from infra.embedded import local

    settings = worker.cluster.local
    return {
        "HOST": "127.0.0.1",
        "PORT": str(settings.port),
        "NAME": worker.name,
        "USER": local.ADMIN,
        "PASSWORD": settings.passwords[local.ADMIN],
    }


def _measure_all(worker):
    from tenants import hosts
    from tests.benchmarks import caisses, intake, letters, receipt, sign_in, tenancy

    made = receipt.measure()
    signed, bare = f"{made['ours_ms']} ms", f"{made['reference_ms']} ms"
    yield Line("P7", "a signed receipt / the bare typst compile of its page", signed, bare, made["ratio"], 1.3)

    cost = tenancy.measure_added_cost(hosts.list_entries()[0].ref, _superuser(worker))
    what = "CPU that tenancy adds to a request with a transaction and five queries / the same without"
    yield Line("P2", what, _ms(cost.ours), _ms(cost.reference), round(cost.ratio - 1, 3), 0.20)

    entered = sign_in.measure_sign_ins(hosts.list_entries()[0].ref)
    what = "sign-ins per core / 1 over the cost of the bare hash: the request with name and password, code sent (rate)"
    ours, bare = _ms(entered.ours), _ms(entered.reference)
    yield Line("P8", what, ours, bare, round(1 / entered.ratio, 3), sign_in.LIMIT, at_most=False)

    new = tenancy.measure_new_caisse()
    yield Line("P9", "a new caisse / the raw DDL of its tables", _ms(new.ours), _ms(new.reference), _two(new), 1.2)

    whole, start = caisses.measure_create_command()
    what = "`caisse create` from a preset, seconds from the start of the process"
    yield Line("C1", what, f"{whole:.2f} s", f"{start:.2f} s (start)", round(whole, 2), 2.0)

    made, growth = caisses.measure_growth()
    what = f"a caisse among the last {caisses.EDGE} of {caisses.MANY} made in one run / among the first {caisses.EDGE}"
    yield Line("C2", what, _ms(growth.ours), _ms(growth.reference), _two(growth), 1.10)

    applied = caisses.measure_apply(made[0].slug)
    yield Line(
        "C3", "`caisse apply` of a file without a difference, seconds", f"{applied:.3f} s", "-", round(applied, 3), 0.5
    )

    heard = caisses.measure_hearing(made[0])
    what = "a changed setting is in force in two other processes, seconds after the commit"
    yield Line("C4", what, f"{heard:.3f} s", "-", round(heard, 3), 1.0)

    served = caisses.measure_requests()
    what = (
        f"CPU of a request with a transaction and five queries, spread over {caisses.MANY} caisses / over {caisses.FEW}"
    )
    yield Line("C5", what, _ms(served.ours), _ms(served.reference), _two(served), 1.10)

    posted = letters.measure(made[0])
    what = f"10,000 activation letters in one PDF, seconds (measured with {posted.letters})"
    yield Line("L1", what, f"{posted.seconds:.1f} s", "-", round(posted.seconds, 1), letters.LIMIT_SECONDS)
    what = f"the worker's memory for {posted.letters} letters, growth of the peak in MiB after {letters.WARM}"
    grown = posted.growth_mib
    yield Line("L1", what, f"{grown} MiB", "-", grown, letters.LIMIT_MIB, peak_mib=posted.press_mib)

    idle = tenancy.measure_no_op_migration(made)
    what = f"a migration with nothing to do, {caisses.MANY} caisses, seconds"
    yield Line("P9", what, f"{idle:.2f} s", "-", round(idle, 2), 3.0)

    with worker.connect() as connection:
        book = intake.measure_workbook(connection, rows=100_000)
    yield _rate("a workbook of 100,000 rows, checked and committed / bare calamine and COPY (rate)", book, 0.90)
    elm = intake.measure_elm(100_000)
    yield _rate("an ELM file of 100,000 persons / lxml's empty loop (rate)", elm, 0.40)


def _rate(what, measured, goal):
    peak = measured.peak_memory_bytes >> 20
    ours, reference = _ms(measured.ours), _ms(measured.reference)
    start = round(measured.nursery_start * 1000)
    return Line("P6", what, ours, reference, _two(measured), goal, at_most=False, peak_mib=peak, nursery_ms=start)


def _ms(seconds):
    return f"{seconds * 1000:.2f} ms"


def _two(compared):
    return round(compared.ratio, 3)


def _report(lines, load, seconds):
    noisy = " **A noisy run**: other work was going on." if load > NOISY_LOAD else ""
    cores, today = os.cpu_count(), f"{datetime.now(UTC):%Y-%m-%d}"
    machine = f"{_processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}"
    text = [
        "# Benchmarks",
        "",
        "Ratios against a floor that is taken in the same run; CPU time of the application, its child and the",
        "database's backends together where nothing else is said. `make bench` writes this page.",
        "",
        f"Measured {today} on {machine}, load {load:.2f} before the run, {seconds:.0f} s in all.{noisy}",
        "",
        "| | what | ours | floor | ratio | goal | |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in lines:
        goal = f"{'≤' if one.at_most else '≥'} {one.goal}"
        verdict = "met" if one.met else "**missed**"
        text.append(f"| {one.key} | {one.what} | {one.ours} | {one.reference} | {one.ratio} | {goal} | {verdict} |")
    peak = max(one.peak_mib for one in lines)
    start = max(one.nursery_ms for one in lines)
    text += [
        "",
        f"Peak memory of a child that reads or sets pages: {peak} MiB (goal: ≤ {MEMORY_LIMIT_MIB}). The first file that a process",
        f"has read costs {start} ms of CPU more, the start of the nursery; as with the floor's imports, it is not in the rate.",
    ]
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    results = [asdict(one) | {"met": one.met} for one in lines]
    file = ROOT / "tests" / "output" / "benchmarks.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"load": load, "seconds": seconds, "results": results}, indent=2), encoding="utf-8")
    print("\n".join(text))


def _processor():
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
