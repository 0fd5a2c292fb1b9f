"""P2: what tenancy adds to a request with a transaction and five queries. P9: a new caisse, and a no-op migration.

The reference of P2 is the same view, transaction and queries on Django's own engine, one schema, no middleware.
The reference of P9 is the template's SQL alone, sent as one text in one transaction.
"""

from __future__ import annotations

import io
import os
import resource
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from core.audit.models import Entry
from tenants import contents, migrating, owning, template
from tenants.naming import OWNER
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.scope import CaisseRef

LIMITS = {"added_cost": 0.20, "new_caisse": 1.2, "no_op_seconds": 3.0}
PLAIN = "plain"
QUERIES = 5
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Compared:
    """Seconds of CPU, of the application and the database together."""

    ours: float
    reference: float

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the reference."""
        return self.ours / self.reference


def _query(alias: str) -> HttpResponse:
    entries = Entry.objects.using(alias)
    for number in range(QUERIES):
        entries.filter(object_type="benchmark", object_id=str(number)).values_list("action").first()
    return HttpResponse("done")


def _tenant_view(request: HttpRequest) -> HttpResponse:
    with tenant_transaction(request.caisse):
        return _query("default")


def _plain_view(_request: HttpRequest) -> HttpResponse:
    with transaction.atomic(using=PLAIN):
        return _query(PLAIN)


urlpatterns = [path("tenant/", _tenant_view), path("plain/", _plain_view)]


def measure_added_cost(
    caisse: CaisseRef, superuser: dict[str, str], *, rounds: int = 9, requests: int = 1500
) -> Compared:
    """Compare CPU per request, application and backend together, interleaved; P2 is ``ratio - 1``.

    ``superuser`` has HOST, PORT, NAME, USER, PASSWORD of a role that sees the caisse's tables.
    """
    with _plain_alias(superuser, caisse.schema), override_settings(ROOT_URLCONF=__name__, PLATFORM_URLCONF=__name__):
        with override_settings(MIDDLEWARE=["tenants.middleware.CaisseMiddleware"]):
            tenant = _caller(f"{caisse.slug}.{settings.PLATFORM_DOMAIN}", "/tenant/")
        with override_settings(MIDDLEWARE=[]):
            plain = _caller("localhost", "/plain/")
        spent: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for call, times in zip((tenant, plain), spent, strict=True):
                call(50)
                before = cpu_seconds()
                call(requests)
                times.append((cpu_seconds() - before) / requests)
        return Compared(statistics.median(spent[0]), statistics.median(spent[1]))


@contextmanager
def _plain_alias(superuser: dict[str, str], schema: str) -> Iterator[None]:
    stock = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": f"-c search_path={schema},public"}}
    connections.databases[PLAIN] = connections.databases["default"] | stock | superuser | {"CONN_HEALTH_CHECKS": False}
    try:
        yield
    finally:
        connections[PLAIN].close()
        del connections[PLAIN], connections.databases[PLAIN]


def _caller(host: str, address: str) -> Callable[[int], None]:
    """Return what sends requests through Django's own WSGI handler, connections kept."""
    from django.core.handlers.wsgi import WSGIHandler

    handler = WSGIHandler()

    def call(times: int) -> None:
        for _ in range(times):
            answer = handler(_environ(host, address), lambda _status, _headers: None)
            assert b"".join(answer) == b"done"
            answer.close()

    return call


def _environ(host: str, address: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }


def cpu_seconds() -> float:
    """Return the CPU time of this process and of its database backends so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    backends = (connections[alias].connection for alias in connections.databases)
    return own.ru_utime + own.ru_stime + sum(_cpu_of(one.info.backend_pid) for one in backends if one)


def _cpu_of(pid: int) -> float:
    exact = Path(f"/proc/{pid}/schedstat")
    if exact.exists():
        return int(exact.read_text().split()[0]) / 1e9
    # In ticks of 10 ms, as long as a whole step.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure_new_caisse(*, rounds: int = 25) -> Compared:
    """Compare the whole of ``caisse create`` (preset, rights, steps) with the template's SQL alone, interleaved.

    CPU of this process and its backends, median of the caisses.
    """
    create_caisse(Request("benchwarm", options={"preset": "avs"}))
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        before = cpu_seconds()
        create_caisse(Request(f"bench{number}", options={"preset": "avs"}))
        between = cpu_seconds()
        _replay_raw(number)
        spent[0].append(between - before)
        spent[1].append(cpu_seconds() - between)
    return Compared(statistics.median(spent[0]), statistics.median(spent[1]))


def _replay_raw(number: int) -> None:
    dump = template.get_dump()
    raw = owning.raw()
    raw.execute(f"SET ROLE {OWNER}; SET search_path TO ''")
    with raw.transaction():
        raw.execute(dump.text.replace(dump.placeholder, f"raw_{number}"))
    raw.execute("RESET ROLE; RESET search_path")
    owning.provisioner().search_path_set_schemas = None


def measure_no_op_migration(caisses: list[CaisseRef], *, rounds: int = 5) -> float:
    """Return the seconds that ``caisse migrate`` needs to see that all of them are current; clock, cold code."""
    spent = []
    for _ in range(rounds):
        contents.migrations_of.cache_clear()
        owning.provisioner().close()
        started = time.perf_counter()
        outcomes = migrating.migrate_caisses(caisses)
        spent.append(time.perf_counter() - started)
        assert {one.result for one in outcomes} == {"current"}
    return statistics.median(spent)
