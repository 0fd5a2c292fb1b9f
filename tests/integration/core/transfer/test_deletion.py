"""The end of a caisse: asked, confirmed, waited for, cancelled or done, killed at each step, with a certificate."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from core.audit.models import Entry
from core.documents import services as documents
from core.documents.evidence import signing
from core.documents.ports import get_store
from core.kernel import clock
from core.kernel.actors import Actor
from core.transfer import deleting, removing, tables, tasks
from core.transfer.errors import DeletionAsked, DeletionMoved, DeletionWaits, SecondOperatorNeeded, SlugKept
from core.transfer.models import Deletion
from tenants import owning, removal, services
from tenants.jobs.models import PlatformJob
from tenants.jobs.worker import Worker
from tenants.models import Caisse
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import platform_transaction, tenant_transaction
from tests.support.browsing import Browser
from tests.support.mailbox import open_office, take_mails
from tests.support.operators import make_operator, operator_actor
from tests.support.people import make_staff

VERIFY = Path(settings.BASE_DIR) / "docs" / "verify" / "relais_verify.py"
TERMINAL = Actor(kind="operator", name="command line")


class Killed(BaseException):
    """Stands for a kill: nothing in the code catches it."""


@pytest.fixture
def olga():
    return operator_actor(make_operator())


@pytest.fixture
def office(database):
    """People at a caisse of their own: the database's role of another one is shared with other databases."""
    return open_office(create_caisse(Request("leaving", options={"preset": "avs"})))


@pytest.fixture
def caisse(office):
    return office.caisse


def _after(days=31):
    return clock.travel(clock.now() + timedelta(days=days))


def _get(deletion):
    with platform_transaction():
        return Deletion.objects.get(id=deletion.id)


def _state(slug="leaving"):
    with platform_transaction():
        return Caisse.objects.filter(slug=slug).values_list("state", flat=True).first()


def _traces(caisse):
    """Return what there still is of a caisse anywhere."""
    with platform_transaction():
        found = [
            one._meta.db_table
            for one in removal.list_models_of_caisses()
            if one.objects.filter(caisse_id=caisse.id).exists()
        ]
    return sorted(set(found) - set(tables.PLATFORM_KEEPS)) + [
        one.key for one in get_store().list_objects(f"{caisse.id}/")
    ]


def _in_database(database, caisse):
    with database.worker.connect() as admin:
        schema = admin.execute("SELECT to_regnamespace(%s) IS NOT NULL", [caisse.schema]).fetchone()[0]
        role = admin.execute("SELECT to_regrole(%s) IS NOT NULL", [caisse.role]).fetchone()[0]
    return schema, role


def test_one_operator_waits_then_everything_is_gone_but_the_certificate(office, olga, database, tmp_path, hear):
    caisse = office.caisse
    documents.store_generated(
        caisse=caisse,
        actor=olga,
        content=b"%PDF-1.7\nx",
        filename="a.pdf",
        placement=documents.Placement(kind="decision"),
    )
    deletion = deleting.ask_deletion(actor=olga, caisse=caisse, reason="contract ended")
    assert (deletion.state, _state()) == ("waiting", "suspended")
    hear()
    page = Browser(HTTP_HOST="leaving.localhost").get("/", headers={"accept-language": "de"})
    assert page.status_code == 503
    assert "Ihre Kasse" in page.content.decode()
    mails = take_mails()
    assert [one["to"] for one in mails] == ["gilles@example.ch"], "told at once, though the outbox waits"
    with tenant_transaction(caisse):
        assert Entry.objects.filter(action="caisse_deletion_asked").exists()
    tasks.sweep()
    assert Worker().work_off() == 0, "its day has not come"
    with _after(25):
        tasks.sweep()
        tasks.sweep()
    assert len(take_mails()) == 1, "reminded once"
    with _after():
        tasks.sweep()
        tasks.sweep()
        assert Worker().work_off() == 1
    done = _get(deletion)
    assert (done.state, _state()) == ("done", None)
    assert _in_database(database, caisse) == (False, False)
    assert not _traces(caisse)
    hear()
    assert Browser(HTTP_HOST="leaving.localhost").get("/").status_code == 404
    assert Browser(HTTP_HOST="ak99.localhost").get("/sign-in/").status_code == 200
    _check_certificate(done, tmp_path)
    with pytest.raises(SlugKept):
        create_caisse(Request("leaving", options={"preset": "avs"}))
    with clock.travel(clock.now() + timedelta(days=230)):
        create_caisse(Request("leaving", options={"preset": "avs"}))


def _check_certificate(done, tmp_path):
    facts = json.loads(bytes(done.certificate))
    assert facts["deleted"]["documents"] == 1
    assert facts["deleted"]["tables"]["core_accounts_user"] == 10
    whole = bytes(done.certificate).decode()
    assert "Exemple" not in whole
    assert "contract ended" not in whole
    for name, content in (
        ("c.pdf", bytes(done.certificate_pdf)),
        ("c.json", bytes(done.certificate)),
        ("c.sig.json", bytes(done.certificate_signature)),
        ("trust.json", json.dumps(signing.trust_list()).encode()),
    ):
        (tmp_path / name).write_bytes(content)
    for arguments in (["c.pdf"], ["c.json", "--signature", "c.sig.json"]):
        command = [sys.executable, VERIFY, *arguments, "--trust", "trust.json"]
        checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout
        assert "certificate of deletion" in checked.stdout
    (tmp_path / "c.pdf").write_bytes(bytes(done.certificate_pdf).replace(b"endobj", b"endobi", 1))
    command = [sys.executable, VERIFY, "c.pdf", "--trust", "trust.json"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


def test_where_there_are_two_operators_the_other_one_confirms(caisse, olga):
    bruno = operator_actor(make_operator("Bruno", "bruno@relais.example"))
    deletion = deleting.ask_deletion(actor=olga, caisse=caisse)
    assert (deletion.state, _state()) == ("asked", "active")
    for other in (olga, TERMINAL):
        with pytest.raises(SecondOperatorNeeded):
            deleting.confirm_deletion(actor=other, deletion_id=deletion.id)
    with pytest.raises(DeletionAsked):
        deleting.ask_deletion(actor=bruno, caisse=caisse)
    assert deleting.confirm_deletion(actor=bruno, deletion_id=deletion.id).state == "waiting"
    with pytest.raises(DeletionMoved):
        deleting.confirm_deletion(actor=bruno, deletion_id=deletion.id)
    for act, more in ((services.resume_caisse, {}), (services.suspend_caisse, {"reason": "x"})):
        with platform_transaction(), pytest.raises(DeletionWaits):
            act(actor=bruno, caisse=caisse, **more)
    deleting.cancel_deletion(actor=bruno, deletion_id=deletion.id)
    assert _state() == "active"
    with pytest.raises(DeletionMoved):
        deleting.cancel_deletion(actor=bruno, deletion_id=deletion.id)
    with _after():
        assert tasks.request_due() == 0


def test_what_was_closed_before_stays_closed_when_the_deletion_is_cancelled(caisse, olga):
    with platform_transaction():
        services.suspend_caisse(actor=olga, caisse=caisse, reason="unpaid")
    deletion = deleting.ask_deletion(actor=olga, caisse=caisse)
    deleting.cancel_deletion(actor=olga, deletion_id=deletion.id)
    assert _state() == "suspended"


def test_two_who_ask_at_once_and_one_who_cancels_while_it_begins(caisse, olga):
    outcomes = []

    def ask():
        try:
            outcomes.append(deleting.ask_deletion(actor=olga, caisse=caisse).state)
        except DeletionAsked:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["refused", "waiting"]
    with platform_transaction():
        deletion = Deletion.objects.get()
        Deletion.objects.update(state="running")
    with pytest.raises(DeletionMoved):
        deleting.cancel_deletion(actor=olga, deletion_id=deletion.id)


def test_killed_at_each_step_it_goes_on(office, olga, database, monkeypatch):
    caisse = office.caisse
    documents.store_generated(
        caisse=caisse,
        actor=olga,
        content=b"%PDF-1.7\nx",
        filename="a.pdf",
        placement=documents.Placement(kind="decision"),
    )
    deletion = deleting.ask_deletion(actor=olga, caisse=caisse)
    with _after():
        for place, step in (
            (removing, "_count"),
            (removing, "erase_documents"),
            (removing.certificates, "make_certificate"),
            (removal, "drop_rows"),
        ):
            _kill_at(monkeypatch, place, step, deletion)
            assert (_get(deletion).state, _in_database(database, caisse)) == ("running", (True, True))
        done = removing.run_deletion(deletion_id=deletion.id, progress=lambda *_: None)
        again = removing.run_deletion(deletion_id=deletion.id, progress=lambda *_: None)
    assert again.state == "done"
    assert done.facts["documents"] == 1, "counted before anything was deleted"
    assert not _traces(caisse)
    assert _in_database(database, caisse) == (False, False)


def _kill_at(monkeypatch, place, step, deletion):
    original = getattr(place, step)

    def killed(*args, **more):
        original(*args, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, step, killed)
        with pytest.raises(Killed):
            removing.run_deletion(deletion_id=deletion.id, progress=lambda *_: None)
    connections.close_all()


def test_two_workers_delete_once(caisse, olga):
    deletion, outcomes = deleting.ask_deletion(actor=olga, caisse=caisse), []
    with platform_transaction():
        Deletion.objects.update(due_at=clock.now())

    def run():
        try:
            outcomes.append(removing.run_deletion(deletion_id=deletion.id, progress=lambda *_: None).slug)
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert outcomes.count("leaving") >= 1
    assert set(outcomes) <= {"leaving", "TryLater"}
    assert _get(deletion).state == "done"


def test_worker_whose_turn_comes_when_another_is_through_finds_it_done(caisse, olga, monkeypatch):
    deletion, take_turn = deleting.ask_deletion(actor=olga, caisse=caisse), owning.exclusive
    with platform_transaction():
        Deletion.objects.update(due_at=clock.now())

    def run():
        return removing.run_deletion(deletion_id=deletion.id, progress=lambda *_: None)

    def come_late(name):
        monkeypatch.setattr(owning, "exclusive", take_turn)
        run()
        return take_turn(name)

    monkeypatch.setattr(owning, "exclusive", come_late)
    done = run()
    assert (done.state, done.certificate) == ("done", _get(deletion).certificate)


def test_day_that_is_told_is_the_day_where_the_caisse_is(caisse, olga, hear):
    with clock.travel(datetime(2083, 7, 1, 22, 30, tzinfo=UTC) - timedelta(days=settings.DELETION_WAIT_DAYS)):
        deleting.ask_deletion(actor=olga, caisse=caisse, reason="contract ended")
        hear()
        page = Browser(HTTP_HOST="leaving.localhost").get("/", headers={"accept-language": "fr"}).content.decode()
    (mail,) = take_mails()
    assert ("2 juillet 2083" in page, "2 juillet 2083" in mail["text"]) == (True, True)
    with tenant_transaction(caisse):
        assert Entry.objects.get(action="caisse_deletion_asked").data["due_at"] == "2083-07-02"


def test_who_keeps_the_caisse_no_longer_is_not_told(office, olga):
    with tenant_transaction(office.caisse):
        for name, values in {
            "hugo": {"ended_at": clock.now()},  # who still serves her company
            "claire": {"valid_until": clock.now() - timedelta(days=2)},
            "dario": {"valid_from": clock.now() + timedelta(days=2)},
        }.items():
            make_staff(office.users[name], "administrator", **values)
    deleting.ask_deletion(actor=olga, caisse=office.caisse, reason="contract ended")
    assert [one["to"] for one in take_mails()] == ["gilles@example.ch"]


def test_before_its_day_nothing_runs(caisse, olga):
    deletion = deleting.ask_deletion(actor=olga, caisse=caisse)
    with pytest.raises(DeletionMoved):
        removing.run_deletion(deletion_id=deletion.id, progress=lambda *_: None)
    assert _state() == "suspended"


def test_command_asks_cancels_and_removes_what_never_opened(caisse, monkeypatch):
    def run(*arguments):
        out = io.StringIO()
        call_command("caisse", "delete", *arguments, "--json", stdout=out)
        return json.loads(out.getvalue())["state"]

    with pytest.raises(CommandError, match="open once"):
        run("leaving", "--now")
    assert run("leaving", "--reason", "moved") == "waiting"
    with pytest.raises(CommandError, match="already"):
        run("leaving")
    assert run("leaving", "--cancel") == "cancelled"
    make_operator()
    assert run("leaving") == "asked", "the terminal is no second person"
    from tenants import provisioning

    def killed(_job):
        raise Killed

    monkeypatch.setattr(provisioning, "activate", killed)
    with pytest.raises(Killed):
        create_caisse(Request("broken", options={"preset": "avs"}))
    with pytest.raises(CommandError, match="not complete"):
        run("broken")
    assert run("broken", "--now") == "done"
    assert _state("broken") is None


def test_every_table_of_the_platform_is_decided():
    known = {one._meta.db_table for one in removal.list_models_of_caisses()}
    assert not known - set(tables.PLATFORM_KEEPS) - tables.PLATFORM_DROPS, (
        "say in core/transfer/tables.py what becomes of these"
    )
    assert set(tables.PLATFORM_KEEPS) | tables.PLATFORM_DROPS == known


def test_jobs_of_the_caisse_go_with_it(caisse, olga):
    with platform_transaction():
        PlatformJob.objects.create(
            kind="create",
            slug="leaving",
            state="done",
            asked_by="Olga",
            created_at=clock.now(),
            due_at=clock.now(),
            id=uuid4(),
        )
    deleting.ask_deletion(actor=olga, caisse=caisse)
    with _after():
        tasks.sweep()
        assert Worker().work_off() == 1
    with platform_transaction():
        assert list(PlatformJob.objects.values_list("kind", "state")) == [("delete", "done")]
