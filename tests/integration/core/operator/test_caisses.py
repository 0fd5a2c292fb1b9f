"""The operators' pages on caisses: what they show, what they cost, what they refuse."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.operator.models import Act, DaySample, HourSample, Standing
from tenants import hosts
from tenants.models import Caisse, CaisseQuota, PlatformJob, PlatformNotice
from tenants.scope import platform_transaction
from tests.integration.tenants.support import wait_until
from tests.support.operators import sign_in_operator
from tests.support.steering import suspend

LIST = "/operator/caisses/"


@pytest.fixture
def browser(database):
    client = sign_in_operator()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def add_caisses(number, **values):
    """Add rows of caisses that exist on the list only."""
    now = clock.now()
    rows = [
        Caisse(id=f"z{n:07d}", schema_name=f"c_z{n:07d}", slug=f"zz{n}", name=f"Zeta {n:03d}", state="active", created_at=now, **values)
        for n in range(number)
    ]  # fmt: skip
    hour = now.replace(minute=0, second=0, microsecond=0)
    with platform_transaction():
        Caisse.objects.bulk_create(rows)
        Standing.objects.bulk_create(Standing(caisse_id=one.id, sampled_at=now, sms=3) for one in rows)
        HourSample.objects.bulk_create(
            HourSample(caisse_id=one.id, hour=hour - timedelta(hours=n), outbox_oldest_seconds=0, outbox_given_up=0)
            for one in rows
            for n in range(3)
        )
    return rows


def page(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def book(answer):
    assert answer.status_code == 200
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)


def set_standing(caisse, **values):
    with platform_transaction():
        Standing.objects.update_or_create(caisse_id=caisse.id, defaults={"sampled_at": clock.now(), **values})


@pytest.mark.parametrize("number", [1, 3, 1000])
def test_list_costs_the_same_however_many_caisses_there_are(browser, number):
    add_caisses(number)
    page(browser, LIST)
    with CaptureQueriesContext(connection) as queries:
        text = page(browser, LIST)
    told = [
        one["sql"] for one in queries if not one["sql"].startswith(("BEGIN", "COMMIT", "SET", "SAVEPOINT", "RELEASE"))
    ]
    assert len(told) == 4, told  # the session, the page, the counts, the hours
    assert not any("SET LOCAL ROLE relais_c_" in one["sql"] for one in queries), "no caisse's schema is opened"
    assert f"{number + 2} caisses" in text
    assert ("Next page" in text) == (number == 1000)


def next_page(text, start):
    """Return the address behind the link to the next page, None on the last one."""
    found = re.search(r'href="(\?cursor=[^"]+)"', text)
    return start + html.unescape(found[1]) if found else None


def test_all_pages_together_hold_each_caisse_once(browser):
    add_caisses(120)
    address, seen = LIST, []
    for _page in range(4):
        if address:
            text = page(browser, address)
            seen += re.findall(r">Zeta (\d+)</a>", text)
            address = next_page(text, LIST)
    assert (address, seen) == (None, [f"{n:03d}" for n in range(120)])


def test_those_that_need_attention_come_first_and_can_be_filtered(browser, caisse, other_caisse):
    add_caisses(2)
    set_standing(other_caisse, attention=2, reasons=["outbox_stuck"], last_error="notices.sms: ConnectionError")
    suspend(caisse)
    text = page(browser, LIST)
    names = [text.index(f"/operator/caisses/{one}/") for one in (other_caisse.id, caisse.id, "z0000000")]
    assert names == sorted(names)
    assert "Effects wait for more than 30 minutes" in text
    assert "<code>notices.sms: ConnectionError</code>" in text
    for query, shown, hidden in (
        ("?attention=1", other_caisse.id, "z0000000"),
        ("?state=suspended", caisse.id, other_caisse.id),
        ("?q=zeta 001", "z0000001", caisse.id),
        ("?q=AK99.localhost", "", caisse.id),
        ("?q=100%25", "", caisse.id),
    ):
        text = page(browser, LIST + query)
        assert hidden not in text, query
        assert shown in text
    assert "No caisse fits." in page(browser, f"{LIST}?q=nothing like it")
    assert page(browser, f"{LIST}?cursor=%00broken", status=422)


def test_list_and_usage_leave_as_workbooks_and_that_is_recorded(browser, caisse):
    set_standing(caisse, sms=12, document_bytes=2**40)
    rows = book(browser.get(f"{LIST}list.xlsx?q=ak26"))
    assert (len(rows), rows[1][1], rows[1][7], rows[1][10]) == (2, "ak26", 12, 2**40)
    today = clock.now().date()
    with platform_transaction():
        DaySample.objects.create(caisse_id=caisse.id, day=today, messages=5, sms=7, document_bytes=100)
        DaySample.objects.create(caisse_id="gone0000", day=today, messages=1)
    month = f"{today:%Y-%m}"
    for query, length in (
        (f"?from={month}&to={month}", 3),
        (f"?caisse={caisse.id}", 2),
        ("?from=2020-01&to=2020-02", 1),
    ):
        assert len(book(browser.get(f"/operator/usage/usage.xlsx{query}"))) == length
    text = page(browser, f"/operator/usage/?month={month}")
    assert "deleted caisse gone0000" in text
    assert browser.get("/operator/usage/usage.xlsx?caisse=nobody00").status_code == 404
    with platform_transaction():
        acts = list(Act.objects.values_list("action", "caisse_slug").order_by("at"))
    assert acts == [
        ("caisses_exported", ""),
        ("usage_exported", ""),
        ("usage_exported", "ak26"),
        ("usage_exported", ""),
    ]


def test_last_jobs_of_a_caisse_lead_to_their_pages(browser, caisse):
    now = clock.now()
    with platform_transaction():
        job = PlatformJob.objects.create(
            kind="nothing", slug="ak26", caisse_id=caisse.id, state="failed", error_code="boom", asked_by="Olga",
            created_at=now, due_at=now,
        )  # fmt: skip
        PlatformJob.objects.create(
            kind="nothing", slug="ak99", state="done", asked_by="Oskar", created_at=now, due_at=now
        )
    text = page(browser, f"{LIST}{caisse.id}/")
    assert f'href="/operator/jobs/{job.id}/"' in text
    assert "<code>boom</code>" in text
    assert "Oskar" not in text


@pytest.mark.parametrize("period", ["2d", "14d", "90d", "1y", "nonsense"])
def test_one_caisse_is_shown_in_parts_with_charts_of_a_period(browser, caisse, period):
    now = clock.now()
    with platform_transaction():
        HourSample.objects.create(
            caisse_id=caisse.id, hour=now - timedelta(hours=1), messages=4, outbox_oldest_seconds=7200
        )
        DaySample.objects.create(caisse_id=caisse.id, day=now.date() - timedelta(days=1), messages=9)
    text = page(browser, f"{LIST}{caisse.id}/?period={period}")
    assert "ak26.localhost" in text
    assert text.count("<svg") == 8
    assert "style=" not in text
    for heading in (
        "Health and volumes over time",
        "Usage per month",
        "Limits",
        "Versions of the configuration",
        "Last jobs",
    ):
        assert heading in text


def test_caisse_that_is_not_there_has_no_page(browser):
    for rest in ("", "suspend/", "limits/"):
        page(browser, f"{LIST}nobody00/{rest}", status=404)
    assert browser.post(f"{LIST}nobody00/resume/").status_code == 404


def test_closing_and_opening_from_the_console(browser, office):
    address = f"{LIST}{office.caisse.id}/suspend/"
    page(browser, address)
    for posted, said in (
        ({"reason": " "}, "Write for your colleagues"),
        ({"reason": "x", "until": "2020-01-01T10:00"}, "The end lies in the past"),
        ({"reason": "x", "until": "tomorrow"}, "no date with a time"),
    ):
        answer = browser.post(address, posted)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert hosts.get_caisse(office.caisse.id).state == "active"
    answer = browser.post(address, {"reason": "unpaid", "text_de": "Vertrag abgelaufen.", "until": "2099-01-01T10:00"})
    assert answer.status_code == 302
    wait_until(lambda: hosts.get_caisse(office.caisse.id).state == "suspended")
    closed = office.browser().get("/", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "Vertrag abgelaufen." in closed
    assert "1 janvier 2099, 10:00" in closed
    text = page(browser, f"{LIST}{office.caisse.id}/")
    assert "Caisse suspended" in text
    assert browser.post(f"{LIST}{office.caisse.id}/resume/").status_code == 302
    wait_until(lambda: hosts.get_caisse(office.caisse.id).state == "active")
    with platform_transaction():
        assert list(Act.objects.filter(caisse_id=office.caisse.id).order_by("at").values_list("action", flat=True)) == [
            "caisse_suspended", "caisse_resumed",
        ]  # fmt: skip


def test_limits_are_typed_kept_and_recorded(browser, caisse):
    address = f"{LIST}{caisse.id}/limits/"
    assert 'placeholder="100"' in page(browser, address)
    refused = browser.post(address, {"storage_bytes": "-3"})
    assert refused.status_code == 422
    assert 'value="-3"' in refused.content.decode(), "what was typed stays"
    assert browser.post(address, {"storage_bytes": "5", "sms_per_day": "10", "api_per_minute": ""}).status_code == 302
    with platform_transaction():
        row = CaisseQuota.objects.get(pk=caisse.id)
        assert (row.storage_bytes, row.sms_per_day, row.api_per_minute) == (5 * 2**30, 10, None)
        act = Act.objects.get(action="quotas_changed")
    assert act.data == {"storage_bytes": f"None > {5 * 2**30}", "sms_per_day": "None > 10"}
    set_standing(caisse, sms_day=9, document_bytes=0)
    text = page(browser, f"{LIST}{caisse.id}/")
    assert '<span class="chip warn">90 percent used</span>' in text


def test_notice_is_written_looked_at_published_and_ended(browser, office):
    address = "/operator/notices/new/"
    page(browser, "/operator/notices/")
    form = {
        "kind": "maintenance", "level": "warning", "begins": "2099-01-01T22:00", "ends": "2099-01-02T01:00",
        "text_fr": "Base de données <b>", "shown_from": "2020-01-01T00:00",
    }  # fmt: skip
    assert browser.post(address, form | {"ends": "2098-01-01T00:00"}).status_code == 422
    preview = browser.post(address, form).content.decode()
    assert "Base de données &lt;b&gt;" in preview
    assert "1. Januar 2099, 22:00" in preview
    with platform_transaction():
        assert not PlatformNotice.objects.exists(), "a preview publishes nothing"
    assert browser.post(address, form | {"publish": "1"}).status_code == 302
    wait_until(hosts.list_notices)
    assert "Base de données" in office.browser().get("/sign-in/").content.decode()
    assert "Base de données" in page(browser, LIST), "operators see it too"
    with platform_transaction():
        notice = PlatformNotice.objects.get()
    assert browser.post(f"/operator/notices/{notice.id}/end/").status_code == 302
    wait_until(lambda: not hosts.list_notices())
    assert "already" in browser.post(f"/operator/notices/{notice.id}/end/", follow=True).content.decode()
    assert "ended early" in page(browser, "/operator/notices/")
    with platform_transaction():
        assert set(Act.objects.values_list("action", flat=True)) == {"notice_published", "notice_ended"}


def test_history_of_notices_goes_page_by_page(browser):
    now = clock.now()
    with platform_transaction():
        PlatformNotice.objects.bulk_create(
            PlatformNotice(
                kind="notice", level="info", texts={"en": f"Number {n:02d}."}, shown_from=now, begins_at=now,
                ends_at=now + timedelta(hours=1), made_at=now - timedelta(minutes=n // 2), made_by="Olga",
                ended_at=now,
            )
            for n in range(70)
        )  # fmt: skip
    address, seen = "/operator/notices/", []
    for _page in range(4):
        if address:
            text = page(browser, address)
            seen += re.findall(r"Number (\d+)", text)
            address = next_page(text, "/operator/notices/")
    assert (address, sorted(seen)) == (None, [f"{n:02d}" for n in range(70)])
