"""A suspended caisse: every door says why, in the caisse's look and the visitor's language; notices for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.actors import Actor
from tenants import addresses, hosts, notices, services
from tenants.scope import platform_transaction
from tests.integration.tenants.support import wait_until
from tests.support.browsing import Browser

OPERATOR = Actor(kind="operator", name="Olga")
TEXTS = {"fr": "Contrat échu <b>.", "de": "Vertrag abgelaufen."}


@pytest.fixture
def suspended(office):
    with platform_transaction():
        services.suspend_caisse(actor=OPERATOR, caisse=office.caisse, reason="unpaid", texts=TEXTS)
    wait_until(lambda: hosts.get_caisse(office.caisse.id).state == "suspended")
    return office


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/clerk/", "/console/", "/p/x/inbox/", "/nothing/"])
def test_every_page_says_why_in_the_visitors_language(suspended, address):
    browser = suspended.browser()
    answer = browser.get(address, HTTP_ACCEPT_LANGUAGE="de")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (
        503,
        "3600",
        "no-store",
    )
    assert "Vertrag abgelaufen." in page
    assert "unpaid" not in page, "the operators' own reason"
    assert "/branding/" in page
    assert "Content-Security-Policy" in answer.headers
    assert "Contrat échu &lt;b&gt;." in browser.get(address, HTTP_ACCEPT_LANGUAGE="fr").content.decode()


def test_signed_in_people_and_staff_see_the_same_page_without_their_own_frame(suspended):
    for name in ("anne", "elena"):
        answer = suspended.browser(name).get("/", HTTP_ACCEPT_LANGUAGE="fr")
        assert answer.status_code == 503
        assert suspended.users[name].name not in answer.content.decode()


def test_what_was_posted_meanwhile_is_refused_and_nothing_changes(suspended):
    answer = suspended.browser().post("/sign-in/", {"email": "x"}, HTTP_ACCEPT_LANGUAGE="fr")
    assert answer.status_code == 503


def test_programs_get_problem_details_and_learn_when_to_come_back(suspended):
    with platform_transaction():
        services.suspend_caisse(
            actor=OPERATOR, caisse=suspended.caisse, reason="x", texts=TEXTS, until=clock.now() + timedelta(minutes=30)
        )
    wait_until(lambda: hosts.get_entry(suspended.caisse).closing.until)
    answer = suspended.browser().post("/api/v1/messages/", HTTP_ACCEPT_LANGUAGE="de")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert 1700 < int(answer.headers["Retry-After"]) <= 1800
    problem = answer.json()
    assert (problem["code"], problem["status"], problem["detail"]) == ("suspended", 503, "Vertrag abgelaufen.")
    page = suspended.browser().get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "It is expected to open again on" in page


def test_colours_legal_pages_and_languages_stay_open(suspended):
    browser = suspended.browser()
    assert browser.get("/legal/").status_code == 200
    assert browser.post("/language/", {"language": "it", "next": "/"}).status_code == 302
    assert browser.get("/").headers["Content-Language"] == "it"


def test_other_caisse_is_not_touched_and_resuming_opens_at_once(suspended, other_office):
    assert other_office.browser().get("/sign-in/").status_code == 200
    with platform_transaction():
        services.resume_caisse(actor=OPERATOR, caisse=suspended.caisse)
    wait_until(lambda: hosts.get_caisse(suspended.caisse.id).state == "active")
    assert suspended.browser().get("/sign-in/").status_code == 200


def test_notice_for_everybody_is_on_every_kind_of_page(office, other_office):
    now = clock.now()
    notice = notices.build_notice(
        kind="maintenance", level="warning", texts={"fr": "Réseau <i>", "de": "Netz"},
        begins_at=now, ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    with platform_transaction():
        notices.publish_notice(actor=OPERATOR, notice=notice)
    wait_until(hosts.list_notices)
    for browser, address in (
        (office.browser(), "/sign-in/"),
        (office.browser("anne"), f"/p/{office.actor().party_id}/"),
        (office.browser("elena"), "/clerk/"),
        (office.browser("gilles"), "/console/"),
        (other_office.browser(), "/sign-in/"),
    ):
        page = browser.get(address, HTTP_ACCEPT_LANGUAGE="fr", follow=True).content.decode()
        assert "Réseau &lt;i&gt;" in page, address
        assert "alert-warning" in page
        assert "Maintenance du" in page
    assert "Netz" in office.browser().get("/sign-in/", HTTP_ACCEPT_LANGUAGE="de").content.decode()


def test_closed_caisse_of_a_shared_host_keeps_its_path_and_touches_no_neighbour(office, other_office):
    with platform_transaction():
        for one in (office, other_office):
            addresses.replace_addresses(one.caisse, [("shared.ch", one.caisse.slug)])
    wait_until(lambda: hosts.resolve("shared.ch", "/ak99/").kind == "caisse")
    with platform_transaction():
        services.suspend_caisse(actor=OPERATOR, caisse=office.caisse, reason="unpaid", texts=TEXTS)
    wait_until(lambda: hosts.get_caisse(office.caisse.id).state == "suspended")
    browser = Browser(HTTP_HOST="shared.ch")
    closed = browser.get("/ak26/clerk/", HTTP_ACCEPT_LANGUAGE="de")
    assert (closed.status_code, 'href="/ak26/branding/' in closed.content.decode()) == (503, True)
    assert browser.get("/ak99/sign-in/").status_code == 200
