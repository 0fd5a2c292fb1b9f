"""The doctor: every registered check finds nothing in a healthy caisse, and each fault that it is there for."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from core.configuration import operations
from core.documents import ports as document_ports
from core.kernel import clock
from core.kernel.text import N_
from core.outbox.models import Entry
from tenants import doctor, examining
from tenants.scope import tenant_transaction


def findings(slug="ak26"):
    return {one["check"]: one for one in operations.examine(slug)}


def run(*words):
    out = io.StringIO()
    call_command("caisse", "doctor", *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_every_check_answers_and_a_healthy_caisse_has_nothing_bad(caisse):
    found = findings()
    assert set(found) == set(doctor.list_codes())
    assert [code for code, one in found.items() if one["level"] == "bad"] == []
    assert all(one["seen"] for one in found.values())
    assert all(one["advice"] for one in found.values() if one["level"] != "ok")


def test_warnings_of_a_trial_installation_do_not_fail_the_command(caisse):
    found = json.loads(run("--all", "--json"))
    assert {one["caisse"] for one in found} == {"", "ak26", "ak99"}
    assert {one["check"] for one in found if one["level"] == "warning"} >= {"mail", "scanner"}
    assert "platform         WARN E-mail" in run("ak26")


def test_one_caisse_or_all():
    with pytest.raises(CommandError, match="Name one caisse"):
        run("ak26", "--all")


@pytest.fixture
def as_superuser(database):
    """Rights are not among what is put back after a test: each statement comes with its opposite."""
    with database.worker.connect() as admin:
        undone = []

        def change(statement, opposite):
            admin.execute(statement)
            undone.append(opposite)

        yield change
        for opposite in undone:
            admin.execute(opposite)


def test_missing_right_and_superfluous_right_are_found(caisse, as_superuser):
    outbox, audit = f'"{caisse.schema}".core_outbox_entry', f'"{caisse.schema}".core_audit_entry'
    as_superuser(f"REVOKE UPDATE ON {outbox} FROM {caisse.role}", f"GRANT UPDATE ON {outbox} TO {caisse.role}")
    as_superuser(f"GRANT DELETE ON {audit} TO {caisse.role}", f"REVOKE DELETE ON {audit} FROM {caisse.role}")
    found = findings()["rights"]
    assert found["level"] == "bad"
    assert "2 tables" in found["seen"]
    assert "core_audit_entry" in found["seen"]
    assert "core_outbox_entry" in found["seen"]


def test_a_way_into_another_caisse_is_found(caisse, other_caisse, as_superuser):
    schema = f'"{other_caisse.schema}"'
    grant, revoke = (
        f"GRANT USAGE ON SCHEMA {schema} TO {caisse.role}",
        f"REVOKE USAGE ON SCHEMA {schema} FROM {caisse.role}",
    )
    as_superuser(grant, revoke)
    assert findings()["isolation"]["level"] == "bad"
    assert findings("ak99")["isolation"]["level"] == "ok"


def test_tables_of_an_earlier_version_are_found_and_nothing_else_is_examined(caisse, database):
    assert examining.is_current(caisse)
    with database.worker.connect() as admin:
        admin.execute(f'DELETE FROM "{caisse.schema}".django_migrations WHERE app = %s', ["core_audit"])
    assert not examining.is_current(caisse)
    found = findings()
    assert found["migrations"]["level"] == "bad"
    assert found["outbox"]["level"] == "warning"
    assert "caisse migrate" in found["outbox"]["advice"]


def test_a_failed_migration_says_what_it_said(caisse, database):
    with database.worker.connect() as admin:
        admin.execute(
            "UPDATE platform.tenants_schemastate SET error = 'deadlock' WHERE schema_name = %s", [caisse.schema]
        )
    assert "deadlock" in findings()["migrations"]["seen"]


@pytest.mark.parametrize(("minutes", "level"), [(0, "ok"), (6, "warning"), (31, "bad")])
def test_late_effects(caisse, minutes, level):
    due = clock.now() - timedelta(minutes=minutes)
    with tenant_transaction(caisse):
        Entry.objects.create(topic="notices.mail", created_at=due, due_at=due)
    assert findings()["outbox"]["level"] == level


def test_effects_that_wait_for_a_later_day_are_not_late(caisse):
    now = clock.now()
    with tenant_transaction(caisse):
        Entry.objects.create(
            topic="notices.mail", created_at=now - timedelta(days=9), due_at=now + timedelta(minutes=9)
        )
    assert findings()["outbox"]["level"] == "ok"


def test_effects_given_up_are_counted_by_topic(caisse):
    now = clock.now()
    with tenant_transaction(caisse):
        for days in (1, 2, 30):
            Entry.objects.create(topic="notices.mail", created_at=now, due_at=now, failed_at=now - timedelta(days=days))
    found = findings()["outbox_failures"]
    assert found["level"] == "warning"
    assert "notices.mail: 2." in found["seen"]


class Forgetful:
    """A store that takes everything and keeps nothing."""

    def put(self, key, chunks):
        list(chunks)

    def open(self, key):
        return iter([b"something else"])

    def delete(self, key):
        pass

    def exists(self, key):
        return False


def test_a_store_that_forgets_is_found(caisse):
    store, scanner = document_ports.get_store(), document_ports.get_scanner()
    document_ports.install(store=Forgetful(), scanner=scanner)
    try:
        assert findings()["storage"]["level"] == "bad"
    finally:
        document_ports.install(store=store, scanner=scanner)


def test_the_stores_round_trip_leaves_nothing_behind(caisse):
    findings()
    assert [one.key for one in document_ports.get_store().list_objects(caisse.id) if "doctor" in one.key] == []


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(caisse):
    def break_down(_caisse):
        raise LookupError("secret words")

    doctor.register(doctor.Check("broken", N_("State"), break_down))
    try:
        found = findings()
    finally:
        del doctor._checks["broken"]
    assert (found["broken"]["level"], "LookupError" in found["broken"]["seen"]) == ("bad", True)
    assert "secret words" not in str(found)
    assert found["state"]["level"] == "ok"


def test_a_code_is_used_once():
    with pytest.raises(ValueError, match="state"):
        doctor.register(doctor.Check("state", N_("State"), lambda _caisse: doctor.Finding("ok", N_("Up to date."))))
