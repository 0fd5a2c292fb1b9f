"""The console's page on addresses: the caisse's own, with what the last look found, and nobody else's."""

from __future__ import annotations

from core.kernel import clock
from tenants import hosts
from tenants.models import HostCheck
from tenants.scope import platform_transaction


def check(caisse, outcome):
    with platform_transaction():
        HostCheck.objects.update_or_create(
            caisse_id=caisse.id,
            host=f"{caisse.slug}.localhost",
            path_prefix="",
            defaults={
                "outcome": outcome,
                "details": {"address": "127.0.0.1", "host": f"{caisse.slug}.localhost", "platform": "localhost"},
                "checked_at": clock.now(),
            },
        )


def rows_of(browser):
    return browser.get("/console/addresses/").context["rows"]


def test_addresses_are_listed_with_what_the_last_look_found(office, other_office):
    browser = office.browser("gilles")
    (row,) = rows_of(browser)
    assert (row["text"], row["is_primary"], row["told"]) == ("ak26.localhost", True, None)
    check(other_office.caisse, "points_here")
    assert rows_of(browser)[0]["told"] is None, "another caisse's result is not shown"
    check(office.caisse, "name_unknown")
    page = browser.get("/console/addresses/", headers={"accept-language": "en"})
    assert page.context["rows"][0]["told"].level == "bad"
    assert "CNAME record that points to localhost" in page.content.decode()
    check(office.caisse, "points_here")
    assert rows_of(browser)[0]["told"].level == "ok"


def test_only_the_console_sees_it(office):
    assert office.browser("elena").get("/console/addresses/").status_code == 404
    assert office.browser("greta").get("/console/addresses/").status_code == 200
    assert hosts.get_entry(office.caisse).addresses
