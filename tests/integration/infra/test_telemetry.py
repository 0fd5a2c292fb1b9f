"""What leaves by OTLP while people work: the caisse on everything, and nothing of the people."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connections

from core.accounts.seats import build_actor
from core.accounts.tokens import create_token
from infra.demo.cast import EMPLOYER_ADMIN, PASSWORD, make_cast
from infra.queues import QUEUES, SCHEDULE
from infra.supervisor import paths
from infra.supervisor.children import stop_all
from infra.supervisor.programs import web, worker
from tenants.scope import tenant_transaction
from tests.journeys.walker import CODE
from tests.production.components.base import free_port, silent_port
from tests.support import sms
from tests.support.visitor import Visitor

CLIENT = "203.0.113.77"
ENTERED = {
    "ahv_number": "756.9217.0769.85",
    "last_name": "Zurbriggen",
    "first_name": "Lieselotte",
    "birth_date": "12.5.1999",
    "nationality": "CH",
    "entry_date": "1.12.2026",
    "sex": "F",
    "canton": "FR",
}
# Identifiers of requests and traces, and moments to the microsecond.
DRAWN = re.compile(rb"[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+")
OFTEN = {"OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_BLRP_SCHEDULE_DELAY": "200", "OTEL_METRIC_EXPORT_INTERVAL": "500"}


@contextmanager
def served(receiver=None):
    """The web server and the outbox's workers as ``make run`` starts them."""
    paths.make_data_dir()
    port = free_port()
    children = [web("127.0.0.1", port), *(worker(queue) for queue in QUEUES if queue != SCHEDULE)]
    variables = {"RELAIS_TRUSTED_PROXIES": "1", "PORT": str(port)}
    if receiver:
        variables |= {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint, **OFTEN}
    for child in children:
        child.log.unlink(missing_ok=True)
        child.environment = variables
        child.start()
    try:
        _wait_until_served(port)
        yield SimpleNamespace(port=port, children=children)
    finally:
        stop_all(children)


def _wait_until_served(port):
    deadline = time.monotonic() + 300
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/health/live")
            assert connection.getresponse().status == 200
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()


@pytest.fixture
def token(caisse):
    with tenant_transaction(caisse):
        cast = make_cast()
        actor = build_actor(cast.users["anne"], cast.parties["factory"].id)
        made = create_token(actor=actor, name="Walk").secret
    connections.close_all()
    return made


def walk(port, token):
    """Sign in, announce a person, send; go wrong on the way; ask by REST. Returns what nobody else may read."""
    anne = Visitor(port, "ak26.localhost", {"X-Forwarded-For": CLIENT, "Accept-Language": "en"})
    texts = sms.read_folder(Path(settings.DEV_OUTBOX_FOLDER))
    refused = anne.submit(anne.get("/sign-in/"), "/sign-in/", name=EMPLOYER_ADMIN.email, password="Wrong-password-7")
    anne.submit(refused, "/sign-in/", name=EMPLOYER_ADMIN.email, password=PASSWORD)
    deadline = time.monotonic() + 300
    while not texts():
        assert time.monotonic() < deadline, "no code came"
        time.sleep(0.1)
    code = CODE.search(texts()[-1])[1].replace(" ", "")
    home = anne.submit(anne.get("/sign-in/code/"), "/code/", code=code)
    assert "/p/" in home.path
    edit = anne.submit(home, "/employees.entry/")
    review = anne.submit(edit, "/edit/", **ENTERED)
    assert review.path.endswith("/review/")
    sent = anne.submit(review, "/send/", confirmed="on")
    assert sent.path.endswith("/sent/"), sent.path
    assert anne.ask("POST", "/sign-in/", f"name={EMPLOYER_ADMIN.email}").status == 403
    assert anne.get(f"/nowhere/{EMPLOYER_ADMIN.email}/?q={ENTERED['ahv_number']}").status == 404
    assert anne.ask("GET", "/api/v1/messages/", Authorization=f"Bearer {token}").status == 200
    assert anne.ask("GET", f"/api/v1/messages/?name={ENTERED['last_name']}", Authorization="Bearer no").status == 401
    return [
        *(value for name, value in ENTERED.items() if len(value) > 5 and name != "entry_date"),
        ENTERED["ahv_number"].replace(".", ""), "1999-05-12", EMPLOYER_ADMIN.email, EMPLOYER_ADMIN.mobile, EMPLOYER_ADMIN.family_name,
        PASSWORD, "Wrong-password-7", code, token, CLIENT, "203.0.113", "Fabrique du Lac", "100-9976.9",
        *anne.cookies.values(),
    ]  # fmt: skip


def _routes(found):
    return {facts.get("http.route") for _name, facts in found}


def test_traces_metrics_and_logs_leave_with_the_caisse_and_without_the_people(caisse, token, receiver):
    routes = {"sign-in/", "p/<uuid:party>/m/<uuid:message_id>/send/", "api/v1/messages/"}
    with served(receiver) as platform:
        secrets = walk(platform.port, token)
        receiver.wait_for(lambda: _topics(receiver) >= {"notices.sms", "messaging.receipt"})
        receiver.wait_for(lambda: all(_routes(found()) >= routes for found in (receiver.spans, receiver.points)))
    spans = [(name, facts) for name, facts in receiver.spans() if facts.get("http.route") != "health/live"]
    lines = [(body, facts) for body, facts in receiver.logs() if body == "request"]
    points = [(name, facts) for name, facts in receiver.points() if facts.get("http.route") != "health/live"]
    for found in (spans, lines, points):
        assert {facts.get("relais.caisse") for _name, facts in found} == {caisse.id}
    for found in (spans, lines, points):
        assert _routes(found) >= routes
    assert all(facts["relais.request"] and facts["trace"] for _body, facts in lines)
    assert {name for name, _facts in points} == {"http.server.request.duration", "relais.outbox.duration"}
    printed = "".join(child.log.read_text() for child in platform.children).encode()
    assert printed
    for secret in secrets:
        assert not _tells(receiver.bytes, secret)
        assert not _tells(printed, secret)


def _tells(content, secret):
    """Whether a secret stands there; the six digits of a code stand in a number or a moment by chance, too."""
    return secret.encode() in (DRAWN.sub(b" ", content) if secret.isdigit() else content)


def _topics(receiver):
    """The topics of the outbox of which a measurement has arrived, once the last request has too."""
    answered = {facts.get("http.response.status_code") for _name, facts in receiver.points()}
    return {facts.get("topic") for _name, facts in receiver.points()} if 401 in answered else set()


@pytest.mark.parametrize("collected", [True, False], ids=["with a collector", "without"])
def test_error_is_told_by_its_type_and_place_alone(caisse, receiver, collected):
    done, _ended = _probe(receiver.endpoint if collected else "")
    assert done.returncode == 0, done.stderr
    assert "psycopg.errors.UniqueViolation (23505)" in done.stderr
    assert "telemetry_probe.py" in done.stderr
    assert "zurbriggen" not in done.stderr
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(one["event"], one["caisse"]) for one in told] == [
        ("structured_line", caisse.id),
        ("Refused: no route", caisse.id),
    ]
    if not collected:
        assert receiver.connections == 0
        assert done.stdout.splitlines()[0] == "['MainThread', 'relais-listening'] False"
        return
    assert [body for body, _facts in receiver.logs()] == ["structured_line", "Refused: no route"]
    [(_name, facts)] = [one for one in receiver.spans() if one[0] == "probe"]
    assert facts == {"relais.caisse": caisse.id}
    assert b"UniqueViolation" in receiver.bytes
    assert b"zurbriggen" not in receiver.bytes


def test_collector_that_is_gone_keeps_nobody_waiting():
    with silent_port() as port:
        done, ended = _probe(f"http://127.0.0.1:{port}")
    assert done.returncode == 0, done.stderr
    assert ended - float(done.stdout.splitlines()[-1]) < 20, "three exporters that wait ten seconds each, as by default"


def _probe(endpoint):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    if endpoint:
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.telemetry_probe", "lieselotte@zurbriggen.example"],
        cwd=paths.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    return done, time.monotonic()
