"""Choosing among many clients, and what is due for all of them: as quick and as short for a thousand as for one."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Mandate, Party
from core.kernel import clock
from tenants.scope import tenant_transaction

SINCE = date(2020, 1, 1)
PAGES = ("/clients/", "/due/", "/due/?part=salary_declaration.annual", "/due/?part=drafts", "home")


def grow(office, n):
    with tenant_transaction(office.caisse):
        have = Party.objects.filter(name__startswith="Client ").count()
        made = Party.objects.bulk_create(
            Party(kind="employer", number=f"C-{one:05}", name=f"Client {one:05}", created_at=clock.now())
            for one in range(have, n)
        )
        Mandate.objects.bulk_create(
            Mandate(
                acting_party=office.parties["firm"], for_party=one, basis="agreement", may_act=True,
                valid_from=SINCE, state="accepted", asked_at=clock.now(),
            )
            for one in made
        )  # fmt: skip


def measure(office):
    claire, found = office.browser("claire"), {}
    for page in PAGES:
        with CaptureQueriesContext(connection) as queries:
            answer = claire.get(office.url("", "firm") if page == "home" else page)
        assert answer.status_code == 200
        found[page] = len(queries), len(answer.content)
    return found


def test_pages_cost_the_same_for_one_three_and_a_thousand_clients(office):
    measure(office)
    counted = {}
    for n in (1, 3, 1000):
        grow(office, n)
        counted[n] = measure(office)
    for page in PAGES:
        assert counted[1][page][0] == counted[3][page][0] == counted[1000][page][0], (page, counted)
        assert counted[1000][page][1] < 80_000, (page, counted)


def test_menu_searches_among_many(office):
    grow(office, 20)
    claire = office.browser("claire")
    assert 'id="seat-search"' in claire.get(office.url("", "firm")).content.decode()
    found = claire.post("/clients/", {"q": "00017"}, headers={"HX-Request": "true"}).content.decode()
    assert ("Client 00017" in found, "Client 00016" in found, "<html" in found) == (True, False, False)
    assert "Client 0" not in office.browser("hugo").post("/clients/", {"q": "Client"}).content.decode()
    assert 'id="seat-search"' not in office.browser("anne").get(office.url()).content.decode()
