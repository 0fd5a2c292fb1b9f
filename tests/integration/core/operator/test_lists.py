"""The console's lists: searched, filtered, counted, paged by key, as workbooks; as many queries for any number."""

from __future__ import annotations

import html
from datetime import timedelta

import fastexcel
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.identifiers import new_id
from core.operator.enrolment import make_link
from core.operator.models import Act
from core.transfer.models import Deletion
from tenants.jobs.models import PlatformJob
from tenants.models import Operator, OperatorPasskey
from tenants.scope import platform_transaction
from tests.support.operators import make_operator, operator_actor

PEOPLE, DELETIONS, JOBS = "/operator/people/", "/operator/deletions/", "/operator/jobs/"


@pytest.fixture
def browser(console):
    console.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return console


def _text(answer):
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def _sheet(answer):
    assert answer.status_code == 200
    return fastexcel.read_excel(answer.content).load_sheet(0).to_polars()


def _operators(count, *, first=0):
    with platform_transaction():
        Operator.objects.bulk_create(
            Operator(email=f"o{n}@relais.example", name=f"Ops {n:04}", created_at=clock.now())
            for n in range(first, first + count)
        )


def _deletions(count, *, first=0):
    now = clock.now()
    with platform_transaction():
        Deletion.objects.bulk_create(
            Deletion(
                caisse_id=f"x{n:07}",
                slug=f"gone-{n}",
                name=f"Caisse {n:04}",
                state=("asked", "cancelled")[n % 2],
                asked_by="Olga",
                asked_at=now - timedelta(minutes=n),
            )
            for n in range(first, first + count)
        )


def _jobs(count, *, first=0):
    now = clock.now()
    with platform_transaction():
        PlatformJob.objects.bulk_create(
            PlatformJob(
                id=new_id(), kind="create", slug=f"made-{n}", state=("done", "failed")[n % 2], asked_by="Olga",
                created_at=now - timedelta(minutes=n), due_at=now, finished_at=now,
            )
            for n in range(first, first + count)
        )  # fmt: skip


@pytest.mark.parametrize(("address", "fill"), [(PEOPLE, _operators), (DELETIONS, _deletions), (JOBS, _jobs)])
def test_list_costs_the_same_for_one_three_and_a_thousand(browser, address, fill):
    counted, there = [], 0
    for number in (1, 3, 1000):
        fill(number - there, first=there)
        there = number
        with CaptureQueriesContext(connection) as queries:
            _text(browser.get(address))
        counted.append(len(queries))
    assert counted[0] == counted[1] == counted[2] <= 12, counted


@pytest.mark.parametrize(("address", "fill"), [(DELETIONS, _deletions), (JOBS, _jobs)])
def test_pages_follow_each_other_without_gap_or_repetition(browser, address, fill):
    fill(120)
    seen, url = [], address
    while url:
        context = browser.get(url).context
        assert context["total"] == 120
        seen += [(one.get("row") or one["job"]).pk for one in context["listed"]]
        url = f"{address}{context['next_url']}" if context["next_url"] else ""
    assert len(seen) == len(set(seen)) == 120
    assert browser.get(f"{address}?after=nonsense").status_code == 422


def test_operators_are_paged_searched_and_filtered_without_a_name_in_the_address(browser):
    _operators(120)
    seen, after = [], ""
    while True:
        context = browser.post(PEOPLE, {"after": after}).context
        seen += [one.operator.id for one in context["listed"]]
        after = context["after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 121
    assert [one.operator.name for one in browser.post(PEOPLE, {"q": "0007 OPS"}).context["listed"]] == ["Ops 0007"]
    assert [one.operator.name for one in browser.post(PEOPLE, {"q": "olga@"}).context["listed"]] == ["Olga Betrieb"]
    assert len(browser.get(f"{PEOPLE}?q=0007").context["listed"]) == 50, "nothing is searched by address"
    assert "Nobody fits" in _text(browser.post(PEOPLE, {"q": "nobody"}))


def test_counts_and_filter_say_of_an_operator_what_her_line_says(browser, olga):
    _operators(4)
    with platform_transaction():
        invited, keyed, blocked = list(Operator.objects.filter(name__startswith="Ops").order_by("name")[:3])
        make_link(actor=operator_actor(), operator=invited)
        for n in range(2):
            OperatorPasskey.objects.create(
                operator=keyed, label=str(n), credential_id=bytes([n]), public_key=b"x", created_at=clock.now()
            )
        Operator.objects.filter(pk=blocked.pk).update(state="blocked")
    context = browser.get(PEOPLE).context
    counts = {standing: count for standing, _label, count in context["counts"]}
    assert counts == {"active": 2, "invited": 1, "no_way_in": 1, "blocked": 1}
    assert sum(one.passkeys for one in context["listed"]) == 2
    for standing, count in counts.items():
        listed = browser.post(PEOPLE, {"standing": standing}).context["listed"]
        assert [one.standing for one in listed] == [standing] * count


def test_deletions_under_way_come_first_and_are_found_by_name_and_state(browser):
    _deletions(6)
    states = [one["row"].state for one in browser.get(DELETIONS).context["listed"]]
    assert states == ["asked"] * 3 + ["cancelled"] * 3
    assert [one["row"].slug for one in browser.get(f"{DELETIONS}?q=caisse+0004").context["listed"]] == ["gone-4"]
    context = browser.get(f"{DELETIONS}?q=caisse&state=cancelled").context
    assert (len(context["listed"]), context["total"]) == (3, 6)
    assert "No deletion fits" in _text(browser.get(f"{DELETIONS}?q=nothing"))
    assert len(browser.get(f"{DELETIONS}?state=what").context["listed"]) == 6


def test_jobs_are_found_by_caisse_and_state_and_drafts_are_nobodys_business(browser):
    assert "Nothing has been asked for yet" in _text(browser.get(JOBS))
    _jobs(6)
    with platform_transaction():
        now = clock.now()
        PlatformJob.objects.create(kind="create", slug="draft", state="draft", created_at=now, due_at=now)
    assert browser.get(JOBS).context["total"] == 6
    assert [one["job"].slug for one in browser.get(f"{JOBS}?q=made-4").context["listed"]] == ["made-4"]
    assert {one["job"].state for one in browser.get(f"{JOBS}?state=failed").context["listed"]} == {"failed"}
    assert "No work fits" in _text(browser.get(f"{JOBS}?q=draft"))


def test_workbooks_hold_what_fits_and_are_written_down(browser):
    make_operator("=cmd()", "evil@relais.example")
    _deletions(4)
    _jobs(4)
    people = _sheet(browser.post(f"{PEOPLE}operators.xlsx", {"q": "relais"}))
    assert sorted(people["Name"].to_list()) == ["=cmd()", "Olga Betrieb"]
    assert _sheet(browser.get(f"{DELETIONS}list.xlsx?state=asked"))["Short name"].to_list() == ["gone-0", "gone-2"]
    work = _sheet(browser.get(f"{JOBS}list.xlsx?q=made-1"))
    assert work["Work"].to_list() == ["Making the caisse made-1"]
    with platform_transaction():
        acts = list(Act.objects.order_by("at").values_list("action", flat=True))
    assert acts == ["operators_exported", "deletions_exported", "jobs_exported"]
