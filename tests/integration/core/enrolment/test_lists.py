"""The lists of enrolment: as many queries for a thousand rows as for one, each row on one page."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.enrolment.models import Application
from core.enrolment.selectors import PAGE
from core.kernel import clock
from tenants import listening
from tenants.scope import tenant_transaction
from tests.support import enrolment as support
from tests.support.hearing import hear_out

LISTS = ("/clerk/applications/", "/clerk/applications/applications.xlsx", "/clerk/applications/invite/")


def add(office, first, last):
    with tenant_transaction(office.caisse):
        Application.objects.bulk_create(
            Application(
                way="form", kind="employer", state="open", reference=f"R{number}", number=str(number),
                name=f"Firme {number:04}", created_at=clock.now(),
            )
            for number in range(first, last)
        )  # fmt: skip
        for number in range(first, last):
            support.make_company(f"200-{number:04}", name=f"Neuve {number:04}")


@pytest.mark.parametrize("path", LISTS)
def test_a_thousand_cost_as_many_queries_as_one(office, path):
    support.set_enrolment(office.caisse, ways=["form", "invitation"])
    with listening.connect() as session:
        assert hear_out(session)  # what is read of the caisse from now on stays read
    clerk, counted = office.browser("elena"), []
    # The clock stands still: a session notes once a minute that it is in use, and that would be counted.
    with clock.travel(clock.now()):
        clerk.post(path)
        for first, last in ((0, 1), (1, 3), (3, 1000)):
            add(office, first, last)
            with CaptureQueriesContext(connection) as queries:
                assert clerk.post(path).status_code == 200
            counted.append(len(queries))
    assert counted[0] == counted[1] == counted[2]


@pytest.mark.parametrize(("path", "word"), [(LISTS[0], "Firme"), (LISTS[2], "Neuve")])
def test_pages_follow_one_another_without_gap(office, path, word):
    support.set_enrolment(office.caisse, ways=["form", "invitation"])
    add(office, 0, PAGE + 5)
    clerk, cursor, seen = office.browser("elena"), "", []
    for _ in range(2):
        page = clerk.post(path, {"cursor": cursor, "q": word}).content.decode()
        seen += re.findall(rf"{word} (\d{{4}})", page)
        cursor = (re.findall(r'name="cursor" value="([^"]+)"', page) or [""])[0]
    assert sorted(set(seen)) == [f"{number:04}" for number in range(PAGE + 5)]
    assert cursor == ""
    assert clerk.post(path, {"cursor": "nonsense"}).status_code == 422
