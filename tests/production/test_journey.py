"""The salary declaration's full circle as it is operated: every step through the real neighbours, none replaced."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time

import psycopg
import redis
from psycopg import sql
from psycopg.rows import namedtuple_row

from infra.demo.cast import CLERK, EMPLOYER_ADMIN
from integrations.s3 import S3Store
from tenants.reference import CaisseRef
from tests.journeys import circle
from tests.journeys.test_ways_in import begin, upload
from tests.production.components.base import PATIENCE_SECONDS
from tests.production.components.clamd import Clamd
from tests.production.components.mailbox import Mailbox
from tests.production.components.nginx import DOMAIN, Nginx
from tests.production.components.postgresql import Postgresql
from tests.production.components.radosgw import Radosgw
from tests.production.components.redis import Redis
from tests.production.components.sms_gateway import SmsGateway
from tests.support.hostile_files import eicar

MAILS = 3
NEW_DEVICE = "connexion depuis un nouvel appareil"


def test_salary_declaration_makes_the_full_circle(walk, running_platform):
    employer, clerk = walk("fr"), walk("fr")
    components = running_platform.stack
    codes, looks = len(components.get(SmsGateway).received), components.get(Clamd).count_clean()
    path = circle.declare(employer, circle.ELM)
    circle.ask_back(clerk, path)
    circle.answer(employer)
    circle.decide_and_close(clerk)
    circle.see_it_done(employer)
    assert employer.faults + clerk.faults == []
    with _database(running_platform) as (database, caisse):
        _both_messages_are_closed(database, _message_of(path))
        _outbox_is_worked_off(database)
        documents = _list_documents(database, _message_of(path))
    _objects_lie_in_the_store(S3Store(components.get(Radosgw).settings), caisse, documents)
    assert components.get(Clamd).count_clean() - looks == 2, "her file and the decision; receipts are our own"
    _mail_arrived(components.get(Mailbox), components.get(Nginx))
    _bells_rang_through(components.get(Redis))
    sent = [sms["to"] for sms in components.get(SmsGateway).received[codes:]]
    assert sent == [EMPLOYER_ADMIN.mobile, CLERK.mobile]
    assert _complaints(running_platform.programs) == []


def test_infected_file_is_refused_and_said(walk, running_platform, tmp_path):
    employer = walk("fr")
    page = employer.page
    infected = tmp_path / "salaires.csv"
    infected.write_bytes(b"nom;prenom\n" + eicar())
    path = begin(employer, "2023")
    upload(employer, path, infected)
    page.wait_for_selector(".alert-danger")
    employer.look("infected")
    assert "virus" in page.inner_text(".alert-danger")
    assert employer.faults == []
    with _database(running_platform) as (database, _caisse):
        [refused] = _list_documents(database, _message_of(path))
    assert (refused.state, refused.refusal_code) == ("refused", "virus")
    assert "Local.Eicar-Body" in refused.refusal_detail


def _message_of(path):
    return path.split("/")[-2]


@contextlib.contextmanager
def _database(running_platform):
    """A superuser's session on the caisse's tables."""
    url = running_platform.stack.get(Postgresql).url("postgres")
    with psycopg.connect(url, row_factory=namedtuple_row, autocommit=True) as session:
        [found] = session.execute("SELECT id FROM platform.tenants_caisse WHERE slug = 'ak26'").fetchall()
        caisse = CaisseRef(found.id, "ak26")
        session.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(caisse.schema)))
        yield session, caisse


def _both_messages_are_closed(database, message_id):
    assert database.info.server_version // 10_000 == 15
    states = database.execute(
        "SELECT state FROM core_messaging_message WHERE case_id ="
        " (SELECT case_id FROM core_messaging_message WHERE id = %s) ORDER BY state",
        [message_id],
    ).fetchall()
    assert [one.state for one in states] == ["done", "replaced"]


def _outbox_is_worked_off(database):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left := database.execute("SELECT topic, last_error FROM core_outbox_entry WHERE done_at IS NULL").fetchall():
        assert time.monotonic() < deadline, left
        time.sleep(0.2)
    assert database.execute("SELECT topic, last_error FROM core_outbox_entry WHERE attempts > 1").fetchall() == []


def _list_documents(database, message_id):
    return database.execute(
        "SELECT id, kind, state, sha256, filename, refusal_code, refusal_detail FROM core_documents_document WHERE"
        " message_id IN (SELECT id FROM core_messaging_message WHERE case_id ="
        " (SELECT case_id FROM core_messaging_message WHERE id = %s)) ORDER BY kind",
        [message_id],
    ).fetchall()


def _objects_lie_in_the_store(store, caisse, documents):
    assert [(one.kind, one.state) for one in documents] == [
        ("data", "clean"),
        ("decision", "clean"),
        ("receipt", "clean"),
        ("receipt", "clean"),
    ]
    for one in documents:
        content = b"".join(store.open(f"{caisse.id}/{one.id}"))
        assert hashlib.sha256(content).hexdigest() == one.sha256


def _mail_arrived(mailbox, nginx):
    # Whoever walked before her has left a known device: a sign-in from another one is told too, and is not meant here.
    hers = [mail for mail in mailbox.received if mail["To"] == EMPLOYER_ADMIN.email]
    told = [mail for mail in hers if not str(mail["Subject"]).endswith(NEW_DEVICE)]
    assert [str(mail["Subject"]).partition("\u202f: ")[2] for mail in told] == [
        "une question attend votre réponse",
        "du nouveau dans le portail",
        "du nouveau dans le portail",
    ]
    assert all(f"https://ak26.{DOMAIN}:{nginx.port}/p/" in mail.get_content() for mail in told)


def _bells_rang_through(server):
    client = redis.Redis.from_url(server.url)
    calls = {name: one["calls"] for name, one in client.info("commandstats").items()}
    client.close()
    assert min(calls["cmdstat_lpush"], calls["cmdstat_brpop"]) >= MAILS


def _complaints(programs):
    # The programs still write: the last line may be half there.
    lines = programs.log.read_text(errors="replace").rpartition("\n")[0].splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert told
    return [one for one in told if one["level"] not in {"debug", "info"}] + [one for one in lines if "Traceback" in one]
