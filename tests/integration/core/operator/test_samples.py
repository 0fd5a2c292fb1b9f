"""Samples: what each caisse uses, hour by hour; repeatable, and one caisse's failure is its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.texts import SIGN_IN_CODE
from core.documents.services import Placement, store_generated
from core.kernel import clock
from core.kernel.actors import Actor
from core.notices import services
from core.operator import tasks
from core.operator.models import Act, DaySample, HourSample, Standing
from core.operator.samples import reading, taking
from core.outbox.models import Entry
from core.outbox.services import drain
from tenants import hosts
from tenants.scope import platform_transaction, tenant_transaction
from tests.integration.tenants.support import wait_until
from tests.support import mailbox
from tests.support.steering import limit, suspend

# Far ahead: what is set up now must lie before it, whenever that is.
NOON = datetime(2083, 3, 10, 12, 20, tzinfo=UTC)
SYSTEM = Actor.system("test")


def use(office):
    """Begin two messages, store a document, send a mail, an SMS and a letter; one effect fails for good."""
    anne = office.actor()
    with tenant_transaction(office.caisse):
        mailbox.draft(anne)
        mailbox.draft(anne)
        fields = {"code": "1", "minutes": "1"}
        services.send_mail(notice=SIGN_IN_CODE, to="anne@example.ch", language="fr", fields=fields)
        services.send_sms(notice=SIGN_IN_CODE, to="+41790000001", language="fr", fields=fields)
        services.print_letter(notice=SIGN_IN_CODE, address=["Anne Secrète"], language="fr", fields=fields)
    store_generated(
        caisse=office.caisse, actor=SYSTEM, content=b"x" * 500, filename="r.pdf", placement=Placement(kind="receipt")
    )
    drain(caisse=office.caisse)


def hour_of(caisse, hour):
    with platform_transaction():
        return HourSample.objects.get(caisse_id=caisse.id, hour=hour)


def standing(caisse):
    with platform_transaction():
        return Standing.objects.get(pk=caisse.id)


def test_hour_is_counted_once_however_often_it_is_sampled(office, other_caisse):
    with clock.travel(NOON):
        use(office)
        for _time in range(3):
            assert taking.take_samples() == 2
        hour = hour_of(office.caisse, NOON.replace(minute=0))
        empty = hour_of(other_caisse, NOON.replace(minute=0))
    assert (hour.messages, hour.mails, hour.sms, hour.letters) == (2, 1, 1, 1)
    assert (hour.state, hour.schema_behind, hour.failure, hour.outbox_waiting) == ("active", False, "", 0)
    assert (hour.documents, hour.document_bytes) == (1, 500)
    assert (empty.messages, empty.documents) == (0, 0)
    with platform_transaction():
        assert HourSample.objects.filter(hour=NOON.replace(minute=0)).count() == 2


def test_hours_that_nobody_sampled_are_counted_later_without_guessing_how_things_stood(office):
    with clock.travel(NOON - timedelta(hours=5)):
        taking.take_samples()
        use(office)
    with clock.travel(NOON):
        taking.take_samples()
    missed = hour_of(office.caisse, NOON.replace(minute=0) - timedelta(hours=5))
    assert (missed.messages, missed.sms, missed.documents) == (2, 1, 0)
    assert hour_of(office.caisse, NOON.replace(minute=0)).documents == 1


def test_days_and_months_are_rolled_up_and_old_rows_go(office):
    for days in (40, 1, 0):
        with clock.travel(NOON - timedelta(days=days)):
            use(office)
            taking.take_samples()
    with clock.travel(NOON):
        tasks.sample()
        with platform_transaction():
            assert HourSample.objects.filter(hour__lt=NOON - timedelta(days=14)).count() == 0
            days = {one.day.isoformat(): one for one in DaySample.objects.filter(caisse_id=office.caisse.id)}
            usage = reading.list_usage(since=NOON.date() - timedelta(days=60), until=NOON.date() + timedelta(days=1))
        assert (days["2083-01-29"].messages, days["2083-03-09"].messages, days["2083-03-10"].sms) == (2, 2, 1)
        assert days["2083-03-10"].document_bytes == 1500
        mine = [one for one in usage if one.slug == "ak26"]
        assert [(one.month.isoformat(), one.messages, one.mails) for one in mine] == [
            ("2083-03-01", 4, 2), ("2083-01-01", 2, 1),
        ]  # fmt: skip
        assert standing(office.caisse).messages == 4, "of the running month"
    with clock.travel(NOON + timedelta(days=4 * 365)):
        assert taking.remove_old() > 0
        with platform_transaction():
            assert not DaySample.objects.exists()


def test_caisse_that_cannot_be_measured_stops_no_other_and_says_so(office, other_caisse, database):
    with clock.travel(NOON):
        with database.worker.connect() as admin:
            admin.execute(f"ALTER TABLE {office.caisse.schema}.core_outbox_entry RENAME TO gone")
        try:
            assert taking.take_samples() == 1
        finally:
            with database.worker.connect() as admin:
                admin.execute(f"ALTER TABLE {office.caisse.schema}.gone RENAME TO core_outbox_entry")
        broken = hour_of(office.caisse, NOON.replace(minute=0))
        assert (broken.failure, broken.outbox_waiting) == ("ProgrammingError", None)
        assert (standing(office.caisse).attention, standing(office.caisse).reasons) == (2, ["not_measured"])
        assert standing(other_caisse).attention == 0
        assert taking.take_samples() == 2
        assert (standing(office.caisse).attention, hour_of(office.caisse, NOON.replace(minute=0)).failure) == (0, "")


def test_caisse_of_an_older_version_is_not_measured_but_shown(office, database):
    with database.worker.connect() as admin:
        admin.execute(
            f"DELETE FROM {office.caisse.schema}.django_migrations WHERE app = 'core_messaging' AND name LIKE '0001%'"
        )
    taking.take_samples()
    assert (standing(office.caisse).schema_behind, standing(office.caisse).reasons) == (True, ["schema_behind"])


@pytest.mark.parametrize(
    ("error", "kept"), [("ConnectionError", "test.x: ConnectionError"), ("no Anne at +4179", "test.x: given_up")]
)
def test_last_error_is_a_code_never_words(office, error, kept):
    now = clock.now()
    with tenant_transaction(office.caisse):
        Entry.objects.create(topic="test.x", created_at=now, due_at=now, failed_at=now, last_error=error)
    taking.take_samples()
    assert standing(office.caisse).last_error == kept
    assert standing(office.caisse).reasons == ["given_up"]


def test_attention_grows_with_what_waits_and_what_is_used(office):
    now = clock.now()
    with tenant_transaction(office.caisse):
        Entry.objects.create(topic="test.x", created_at=now, due_at=now - timedelta(minutes=10))
    limit(office.caisse, storage_bytes=600)
    store_generated(
        caisse=office.caisse, actor=SYSTEM, content=b"x" * 500, filename="r.pdf", placement=Placement(kind="receipt")
    )
    taking.take_samples()
    assert (standing(office.caisse).attention, standing(office.caisse).reasons) == (
        1,
        ["outbox_late", "storage_nearly"],
    )
    with clock.travel(now + timedelta(minutes=25)):
        taking.take_samples()
    assert (standing(office.caisse).attention, standing(office.caisse).reasons[0]) == (2, "outbox_stuck")


def test_cost_of_a_caisse_does_not_grow_with_what_it_holds(office, other_office):
    with clock.travel(NOON):  # an hour that has passed is counted too
        taking.take_samples()
        with CaptureQueriesContext(connection) as before:
            taking.take_samples()
        for _time in range(3):
            use(office)
            use(other_office)
        with CaptureQueriesContext(connection) as after:
            taking.take_samples()
    assert len(after) <= len(before) + 2


def test_suspension_that_runs_out_is_ended_and_recorded(office):
    until = clock.now() + timedelta(minutes=5)
    suspend(office.caisse, until=until)
    with CaptureQueriesContext(connection) as queries:
        assert tasks.reopen() == 0
    assert len(queries) == 0
    with clock.travel(until):
        assert tasks.reopen() == 1
        wait_until(lambda: hosts.get_caisse(office.caisse.id).state == "active")
        assert tasks.reopen() == 0
    with platform_transaction():
        act = Act.objects.get(action="caisse_resumed")
    assert (act.actor_kind, act.caisse_slug) == ("system", "ak26")
