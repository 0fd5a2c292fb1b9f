"""Limits, notices and suspensions: heard by every process, read without a query, refused when they cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from core.kernel import clock
from core.kernel.actors import Actor
from tenants import hosts, notices, services
from tenants.errors import NoticeEnded, NoticeNotAllowed, QuotaNotAllowed, SuspensionOver
from tenants.models import Caisse, CaisseQuota, PlatformNotice
from tenants.quotas import get_defaults, get_quotas, percent_of, set_quotas
from tenants.scope import platform_transaction
from tests.integration.tenants.support import wait_until

OPERATOR = Actor(kind="operator", name="Olga")


def limit(caisse, **limits):
    with platform_transaction():
        return set_quotas(actor=OPERATOR, caisse=caisse, limits=limits)


def publish(**values):
    now = clock.now()
    given = {
        "kind": "notice",
        "level": "info",
        "texts": {"fr": "Bonjour"},
        "begins_at": now,
        "ends_at": now + timedelta(hours=1),
    }
    with platform_transaction():
        return notices.publish_notice(actor=OPERATOR, notice=notices.build_notice(**given | values))


def count_queries(action):
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    action()
    connection.force_debug_cursor = False
    return len(connection.queries_log)


def test_defaults_hold_until_a_caisse_has_its_own(caisse, other_caisse):
    assert get_quotas(caisse) == get_defaults()
    assert limit(caisse, sms_per_day=7) == {"sms_per_day": [None, 7]}
    wait_until(lambda: get_quotas(caisse).sms_per_day == 7)
    assert get_quotas(caisse).sms_per_hour == settings.QUOTAS["sms_per_hour"]
    assert get_quotas(other_caisse) == get_defaults()
    assert count_queries(lambda: get_quotas(caisse)) == 0
    assert limit(caisse, sms_per_day=7) == {}, "the same again changes nothing"
    assert limit(caisse, sms_per_day=None) == {"sms_per_day": [7, None]}
    wait_until(lambda: get_quotas(caisse) == get_defaults())


@pytest.mark.parametrize(
    "limits", [{"api_per_minute": 0}, {"storage_bytes": -1}, {"colour": 1}, {"sms_per_day": 2**60}]
)
def test_limit_that_cannot_be_is_refused_and_nothing_kept(caisse, limits):
    with pytest.raises(QuotaNotAllowed):
        limit(caisse, sms_per_hour=3, **limits)
    with platform_transaction():
        assert not CaisseQuota.objects.exists()


def test_database_refuses_a_caisse_that_could_not_work(caisse):
    with pytest.raises(IntegrityError), platform_transaction():
        CaisseQuota.objects.create(caisse_id=caisse.id, background_share=0, changed_at=clock.now(), changed_by="x")


def test_percent_rounds_down_and_nothing_is_always_reached():
    assert [percent_of(79, 100), percent_of(799, 1000), percent_of(0, 0)] == [79, 79, 100]


def test_suspension_tells_its_reason_and_ends_by_itself(caisse):
    until = clock.now() + timedelta(hours=1)
    with platform_transaction():
        services.suspend_caisse(
            actor=OPERATOR, caisse=caisse, reason="unpaid", texts={"fr": "Travaux", "de": " "}, until=until
        )
    wait_until(lambda: hosts.get_caisse(caisse.id).state == "suspended")
    closing = hosts.get_entry(caisse).closing
    assert (closing.texts, closing.until) == ({"fr": "Travaux"}, until)
    with platform_transaction():
        assert services.resume_due(actor=OPERATOR) == []
    with clock.travel(until), platform_transaction():
        assert services.resume_due(actor=OPERATOR) == [caisse]
        assert services.resume_due(actor=OPERATOR) == []
    wait_until(lambda: hosts.get_caisse(caisse.id).state == "active")
    assert hosts.get_entry(caisse).closing is None
    with platform_transaction():
        row = Caisse.objects.get(pk=caisse.id)
    assert (row.closed_texts, row.reopens_at) == ({}, None)


def test_suspension_until_yesterday_is_refused(caisse):
    with pytest.raises(SuspensionOver), platform_transaction():
        services.suspend_caisse(actor=OPERATOR, caisse=caisse, reason="x", until=clock.now() - timedelta(days=1))
    assert hosts.get_caisse(caisse.id).state == "active"


def test_notice_is_shown_from_then_until_then_without_a_query(caisse):
    now = clock.now()
    notice = publish(
        kind="maintenance",
        shown_from=now + timedelta(minutes=1),
        begins_at=now + timedelta(minutes=2),
        ends_at=now + timedelta(hours=1),
    )
    wait_until(lambda: hosts.current().notices)
    assert hosts.list_notices() == []
    for minutes, shown in ((1, True), (59, True), (60, False)):
        with clock.travel(now + timedelta(minutes=minutes)):
            assert [one.id for one in hosts.list_notices()] == ([notice.id] if shown else [])
    assert count_queries(hosts.list_notices) == 0


def test_ended_notice_is_gone_everywhere_and_stays_in_the_history():
    notice = publish()
    wait_until(hosts.list_notices)
    with platform_transaction():
        notices.end_notice(actor=OPERATOR, notice_id=notice.id)
    wait_until(lambda: not hosts.list_notices())
    with pytest.raises(NoticeEnded), platform_transaction():
        notices.end_notice(actor=OPERATOR, notice_id=notice.id)
    with platform_transaction():
        assert PlatformNotice.objects.get().ended_by == "Olga"


@pytest.mark.parametrize(
    "values",
    [{"texts": {"fr": "  "}}, {"level": "pink"}, {"kind": "song"}, {"ends_at": clock.now() - timedelta(days=1)}],
)
def test_notice_that_says_nothing_or_is_over_is_refused(values):
    with pytest.raises(NoticeNotAllowed):
        publish(**values)
