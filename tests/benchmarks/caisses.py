"""Many caisses: making one by the command, making 300, applying a file, hearing a change, serving 300."""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from core.configuration import operations
from core.configuration.sections import ContactSection
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants import hosts
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import tenant_transaction
from tests.benchmarks.tenancy import Compared, _caller, cpu_seconds

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 10, 300
EDGE = 30
OPERATOR = Actor(kind="operator", name="benchmark")
# Says when a setting of the caisse changes in this process' memory, as a web process would see it.
_WATCHER = """
import django, sys, time
django.setup()
from core.configuration import configuration
from core.configuration.sections import ContactSection
from tenants import hosts
caisse = hosts.get_caisse(sys.argv[1])
before = configuration.get(caisse, ContactSection).town
print("ready", flush=True)
while configuration.get(caisse, ContactSection).town == before:
    time.sleep(0.002)
print(time.time(), flush=True)
"""


def measure_create_command(*, rounds: int = 5) -> tuple[float, float]:
    """Return the clock's seconds of ``manage.py caisse create`` from a preset, start of Python included, and of that start."""
    whole, start = [], []
    for number in range(rounds):
        start.append(_run("caisse", "list", "--json"))
        whole.append(_run("caisse", "create", f"command{number}", "--preset", "avs"))
    return statistics.median(whole), statistics.median(start)


def _run(*words: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begun


def measure_growth() -> tuple[list[CaisseRef], Compared]:
    """Make 300 caisses in one run; compare the CPU of the last 30 with that of the first 30."""
    made, spent = [], []
    for number in range(MANY):
        before = cpu_seconds()
        made.append(create_caisse(Request(f"idle{number}", options={"preset": "avs"})))
        spent.append(cpu_seconds() - before)
    return made, Compared(statistics.median(spent[-EDGE:]), statistics.median(spent[:EDGE]))


def measure_apply(slug: str, *, rounds: int = 9) -> float:
    """Return the seconds of ``caisse apply`` of a caisse's own file, within a running process."""
    file = Path(settings.DATA_DIR) / "own.toml"
    file.write_text(operations.dump(slug), encoding="utf-8")
    spent = []
    for _ in range(rounds):
        said = io.StringIO()
        begun = time.perf_counter()
        call_command("caisse", "apply", slug, str(file), "--json", stdout=said)
        spent.append(time.perf_counter() - begun)
        assert json.loads(said.getvalue())["changes"] == []
    return statistics.median(spent)


def measure_hearing(caisse: CaisseRef, *, processes: int = 2) -> float:
    """Return the seconds from just before the commit of a change until the last of some processes has it in memory."""
    command = [sys.executable, "-c", _WATCHER, caisse.id]
    watchers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ) for _ in range(processes)
    ]
    for one in watchers:
        assert _line(one) == "ready"
    with tenant_transaction(caisse):
        change_sections(actor=OPERATOR, sections=[ContactSection(town=f"Town {time.time()}")])
        committing = time.time()
    heard = [float(_line(one)) for one in watchers]
    for one in watchers:
        one.communicate(timeout=10)
    return max(heard) - committing


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def measure_requests(*, rounds: int = 7, visits: int = 900) -> Compared:
    """Compare CPU per request, application and database, spread over 300 caisses and over 10 of them; interleaved."""
    names = [f"{entry.ref.slug}.{settings.PLATFORM_DOMAIN}" for entry in hosts.list_entries()][:MANY]
    urls = "tests.benchmarks.tenancy"
    with override_settings(ROOT_URLCONF=urls, CAISSE_URLCONF=urls, MIDDLEWARE=["tenants.middleware.CaisseMiddleware"]):
        callers = [_caller(name, "/tenant/") for name in names]
        spent: tuple[list[float], list[float]] = ([], [])
        for group in (callers, callers[:FEW]):
            _visit(group, MANY)
        for _ in range(rounds):
            for group, times in zip((callers, callers[:FEW]), spent, strict=True):
                before = cpu_seconds()
                _visit(group, visits)
                times.append((cpu_seconds() - before) / visits)
    return Compared(statistics.median(spent[0]), statistics.median(spent[1]))


def _visit(callers, visits: int) -> None:
    for number in range(visits):
        callers[number % len(callers)](1)
