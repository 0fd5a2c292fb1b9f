"""Statistics of the desk: the figures themselves, the charts that say them, and what they cost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.identifiers import new_id, new_readable_code
from core.messaging import desk, desk_figures
from core.messaging.desk_figures import Period, PeriodUnusable
from core.messaging.models import Finding, Justification, Message
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.mailbox import current
from tests.support.people import make_member
from tests.support.rest import program

# Far ahead: what the fixtures set now must lie before it, whenever that is.
NOW = datetime(2083, 6, 17, 12, tzinfo=UTC)
YEAR = Period(date(2082, 6, 18), date(2083, 6, 17))


@pytest.fixture(autouse=True)
def _in_june():
    with clock.travel(NOW):
        yield


@pytest.fixture
def cases(office):
    """Ten announcements: five closed after 1 to 5 days, five open for 1, 8, 15, 31 and 61 days."""
    anne, elena = office.actor(), office.clerk()
    with tenant_transaction(office.caisse):
        made = [mailbox.sent(anne) for _number in range(10)]
        for days, message in enumerate(made[:5], start=1):
            desk.close_message(actor=elena, message=desk.take_message(actor=elena, message=message))
            Message.objects.filter(id=message.id).update(sent_at=NOW - timedelta(days=days))
        for days, message in zip((1, 8, 15, 31, 61), made[5:], strict=True):
            Message.objects.filter(id=message.id).update(sent_at=NOW - timedelta(days=days))
        Finding.objects.filter(message__in=made).delete()
        for number, message in enumerate(made[:4]):
            Finding.objects.create(message=message, code="R-1", severity="justify", subject=f"p{number}")
        Finding.objects.create(message=made[0], code="R-2", severity="inform")
        Justification.objects.create(message=made[0], code="R-1", subject="p0", reason="Oui", at=NOW, user_name="Anne")
        return [current(one) for one in made]


def figures(office, name="elena", period=YEAR, **asked):
    with tenant_transaction(office.caisse):
        return desk_figures.get_figures(office.clerk(name), period, **asked)


def test_figures_say_what_happened(office, cases):
    found = figures(office)
    assert [(one.bucket, one.key, one.n) for one in found.volumes] == [
        (date(2083, 4, 1), "employees", 1), (date(2083, 5, 1), "employees", 1), (date(2083, 6, 1), "employees", 8),
    ]  # fmt: skip
    assert [(one.key, one.counts) for one in found.ages] == [("employees", (1, 1, 1, 1, 1))]
    (closing,) = found.closings
    assert (closing.n, round(closing.median, 2), round(closing.ninth, 2)) == (5, 3.0, 4.6)
    assert [(one.code, one.n, one.messages, one.justified, one.asks) for one in found.rules] == [
        ("R-1", 4, 4, 1, True), ("R-2", 1, 1, 0, False),
    ]  # fmt: skip
    assert {one.key for one in figures(office, theme="employees").volumes} == {mailbox.ENTRY}


def test_period_bounds_what_is_counted(office, cases):
    week = figures(office, period=Period(date(2083, 6, 8), date(2083, 6, 16)))
    assert [(one.bucket, one.n) for one in week.volumes] == [(date(2083, 6, 7), 3), (date(2083, 6, 14), 4)]
    assert figures(office, period=Period(date(2083, 1, 1), date(2083, 1, 31))).volumes == []
    for since, until in ((date(2083, 2, 1), date(2083, 1, 1)), (date(2021, 1, 1), date(2083, 1, 1))):
        with pytest.raises(PeriodUnusable):
            Period(since, until)


def test_own_files_and_foreign_themes_are_not_counted(office, cases):
    assert figures(office, "felix").volumes
    with tenant_transaction(office.caisse):
        make_member(office.users["felix"], office.parties["factory"], role="member")
    assert figures(office, "felix").volumes == figures(office, "felix").ages == figures(office, "felix").rules == []
    assert figures(office, theme="salary_declaration").volumes == []


def test_buckets_have_no_gap():
    assert len(YEAR.list_buckets()) == 13
    assert Period(date(2083, 6, 17), date(2083, 6, 17)).list_buckets() == [date(2083, 6, 14)]
    assert Period(date(2082, 12, 31), date(2083, 4, 30)).list_buckets()[1] == date(2083, 1, 1)


def test_charts_have_tables_summaries_and_patterns(office, cases):
    answer = office.browser("elena").get("/clerk/statistics/", headers={"accept-language": "en"})
    page = answer.content.decode()
    charts = {one.key: one for one in answer.context["charts"]}
    assert "Messages received: 10, most of them in: June 2083 (8)." in page
    assert "Cases that wait today: 5, for more than 30 days: 2." in page
    assert charts["rules"].rows[0][1:] == ("4", "4", "1", "25\u00a0%")
    assert page.count('<svg class="drawing" role="img"') == 4
    assert page.count("<details") >= 4
    assert not re.search(r"<(svg|g|rect|text|path|figure)[^>]* style=|<style", page)
    for name in set(re.findall(r"url\(#([\w-]+)\)", page)):
        assert f'id="{name}"' in page or "swatch" in page, name


def test_nothing_yet_is_said(office):
    page = office.browser("elena").get("/clerk/statistics/", headers={"accept-language": "en"}).content.decode()
    assert "No message arrived in this period." in page
    assert "Nothing waits at the desk." in page


@pytest.mark.parametrize("query", ["since=2083-02-01&until=2083-01-01", "since=x&until=y", "since=2083-01-01"])
def test_period_that_is_none_is_said_and_another_shown(office, query):
    answer = office.browser("elena").get(f"/clerk/statistics/?{query}")
    assert (answer.status_code, bool(answer.context["refusal"])) == (422, True)


def test_workbook_holds_a_sheet_for_each_chart(office, cases):
    book = openpyxl.load_workbook(BytesIO(office.browser("elena").get("/clerk/statistics/export.xlsx").content))
    assert len(book.sheetnames) == 4
    assert book.worksheets[1].max_row == 2


def test_rest_gives_the_same_figures(office, cases):
    elena = program(office, office.clerk())
    answer = elena.get("desk/statistics/?since=2082-06-18&until=2083-06-17").json()
    assert [one["n"] for one in answer["volumes"]] == [1, 1, 8]
    assert answer["ages"] == [{"key": "employees", "counts": [1, 1, 1, 1, 1]}]
    assert elena.get("desk/statistics/?since=x").json()["code"] == "period_unusable"


def test_figures_cost_the_same_however_much_there_is(office, cases):
    browser, costs = office.browser("elena"), []
    browser.get("/clerk/statistics/")
    for count in (10, 30, 1000):
        with tenant_transaction(office.caisse):
            values = Message.objects.filter(id=cases[5].id).values().get()
            Message.objects.bulk_create(
                Message(**values | {"id": new_id(), "reference": new_readable_code(12)})
                for _number in range(count - Message.objects.count())
            )
        with CaptureQueriesContext(connection) as queries:
            browser.get("/clerk/statistics/")
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    assert costs[0] <= 20
