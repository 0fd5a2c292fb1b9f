"""One's own sessions, the history of sign-ins, and reporting: as pages, with and without a sign-in."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Incident, Session, User
from core.audit.models import Entry
from core.kernel import clock
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.mailbox import take_mails
from tests.support.people import PASSWORD, give_password

FIREFOX = {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}


def live(office, name="anne"):
    with tenant_transaction(office.caisse):
        return list(Session.objects.filter(user=office.users[name], ended_at__isnull=True))


def test_sessions_show_device_and_network_and_end_one_by_one(office):
    here, there = office.browser("anne"), office.browser("anne", **FIREFOX)
    there.get("/me/sessions/")
    with tenant_transaction(office.caisse):
        other = Session.objects.filter(user=office.users["anne"]).order_by("-created_at").first()
        Session.objects.filter(id=other.id).update(device="Firefox, Windows", ip_prefix="192.0.2.7")
    page = here.get("/me/sessions/").content.decode()
    assert "Firefox, Windows" in page
    assert ("192.0.2.0/24" in page, "192.0.2.7" in page) == (True, False)
    assert here.post(f"/me/sessions/{other.id}/end/").status_code == 302
    assert there.get("/me/sessions/")["Location"].startswith("/sign-in/")
    assert here.get("/me/sessions/").status_code == 200


def test_all_others_end_and_this_one_stays(office):
    here = office.browser("anne")
    others = [office.browser("anne") for _ in range(3)]
    assert here.post("/me/sessions/others/end/").status_code == 302
    assert len(live(office)) == 1
    assert here.get("/me/sessions/").status_code == 200
    assert {one.get("/me/sessions/").status_code for one in others} == {302}


def test_foreign_session_is_not_ended(office):
    office.browser("beat")
    [foreign] = live(office, "beat")
    assert office.browser("anne").post(f"/me/sessions/{foreign.id}/end/").status_code == 404
    assert live(office, "beat") == [foreign]


def test_history_tells_good_from_refused_with_device_and_network(office):
    stranger = office.browser(**FIREFOX, REMOTE_ADDR="198.51.100.9")
    give_password(stranger, "anne@example.ch", "wrong-password")
    browser = office.browser("anne")
    page = browser.get("/me/history/?outcome=refused").content.decode()
    assert "Firefox, Windows" in page
    assert ("198.51.100.0/24" in page, "198.51.100.9" in page) == (True, False)
    assert "Firefox, Windows" not in browser.get("/me/history/?outcome=good").content.decode()
    assert browser.get("/me/history/export.xlsx").status_code == 200


def grow(office, more):
    user = office.users["anne"]
    with tenant_transaction(office.caisse):
        Entry.objects.bulk_create(
            Entry(
                at=clock.now(), action="signed_in", object_type="user", object_id=str(user.id), user_id=user.id,
                actor_kind="party", actor_name=user.name, data={"methods": "password,sms_code"},
            )
            for _ in range(more)
        )  # fmt: skip


@pytest.mark.usefixtures("still_clock")
def test_history_costs_as_much_for_a_thousand_as_for_one(office):
    browser = office.browser("anne")
    counts = []
    for more in (1, 2, 997):
        grow(office, more)
        browser.get("/me/history/")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/me/history/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_history_is_paged_by_key_and_whole(office):
    grow(office, 120)
    browser, path, found = office.browser("anne"), "/me/history/", 0
    for _ in range(4):
        page = browser.get(path).content.decode()
        found += page.count('class="line"')
        more = re.search(r'href="(\?outcome=&amp;cursor=[^"]+)"', page)
        if more is None:
            break
        path = "/me/history/" + more[1].replace("&amp;", "&")
    assert found == 120
    assert browser.get("/me/history/?cursor=nonsense").status_code == 422


# Reporting.


def test_report_while_signed_in_blocks_and_shows_the_receipt(office):
    browser, other = office.browser("anne"), office.browser("anne")
    answer = browser.post("/me/security/", {"kind": "lost_phone"}, follow=True)
    with tenant_transaction(office.caisse):
        made = Incident.objects.get()
    assert made.reference in answer.content.decode()
    assert browser.get("/help/receipt.pdf").content.startswith(b"%PDF")
    assert browser.get("/me/")["Location"].startswith("/sign-in/")
    assert other.get("/me/")["Location"].startswith("/sign-in/")
    assert live(office) == []


def test_report_without_a_kind_says_so_and_blocks_nothing(office):
    browser = office.browser("anne")
    assert browser.post("/me/security/", {"kind": ""}).status_code == 422
    assert browser.get("/me/").status_code == 200


def test_suspicious_request_keeps_this_session(office):
    browser, other = office.browser("anne"), office.browser("anne")
    browser.post("/me/security/", {"kind": "suspicious", "keep": "on"}, follow=True)
    assert browser.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_receipt_of_another_one_is_not_found(office):
    office.browser("anne").post("/me/security/", {"kind": "lost_phone"})
    with tenant_transaction(office.caisse):
        made = Incident.objects.get()
    assert office.browser("beat").get(f"/me/security/{made.id}/receipt.pdf").status_code == 404
    assert office.browser().get("/help/receipt/").status_code == 404


def test_report_from_the_sign_in_page_with_the_password(office):
    browser = office.browser()
    values = {"kind": "not_me", "name": "Anne@Example.ch", "password": PASSWORD}
    assert browser.post("/help/", values)["Location"] == "/help/receipt/"
    assert give_password(office.browser()).status_code == 422


def test_report_from_the_sign_in_page_with_a_code(office):
    browser = office.browser()
    answer = browser.post("/help/", {"kind": "lost_phone", "name": "anne@example.ch"})
    assert answer["Location"] == "/help/code/"
    drain(caisse=office.caisse)
    drain(caisse=office.caisse)
    code = re.findall(r"\b\d{6}\b", next(one for one in take_mails() if one["to"] == "anne@example.ch")["text"])[0]
    assert browser.post("/help/code/", {"code": "000000" if code != "000000" else "111111"}).status_code == 422
    assert browser.post("/help/code/", {"code": code})["Location"] == "/help/receipt/"
    with tenant_transaction(office.caisse):
        assert User.objects.get(id=office.users["anne"].id).state == "blocked"


@pytest.mark.parametrize("password", ["", "wrong-password-of-hers"])
def test_known_and_unknown_names_get_the_same_answer(office, password):
    def answer(name):
        found = office.browser().post("/help/", {"kind": "not_me", "name": name, "password": password})
        body = found.content.decode().replace(name, "")
        return found.status_code, sorted(found.headers), re.sub(r'value="[^"]{32,}"', "", body)

    assert answer("anne@example.ch") == answer("xxxx@example.ch")


def test_sign_in_page_says_that_nobody_asks_for_a_password_and_leads_to_help(office):
    page = office.browser(HTTP_ACCEPT_LANGUAGE="fr").get("/sign-in/").content.decode()
    assert "jamais" in page
    assert 'href="/help/"' in page


# At the desk.


def test_desk_lists_opens_and_settles(office):
    office.browser("anne").post("/me/security/", {"kind": "lost_phone", "note": "Dans le train"})
    elena = office.browser("elena")
    with tenant_transaction(office.caisse):
        made = Incident.objects.get()
    assert made.reference in elena.get("/clerk/incidents/").content.decode()
    assert "Dans le train" in elena.get(f"/clerk/incidents/{made.id}/").content.decode()
    assert elena.post(f"/clerk/incidents/{made.id}/take/").status_code == 302
    slip = elena.post(f"/clerk/incidents/{made.id}/enrol/", {"counter": "", "proof": "Carte vue"})
    assert re.search(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}\b", slip.content.decode())
    assert elena.get(f"/clerk/incidents/{made.id}/receipt.pdf").status_code == 200
    with tenant_transaction(office.caisse):
        assert Incident.objects.get().state == "closed"
        assert User.objects.get(id=made.user_id).state == "invited"


def test_clerk_blocks_for_somebody_on_the_telephone(office):
    elena = office.browser("elena")
    unknown = elena.post("/clerk/incidents/new/", {"name": "nobody-at-all", "kind": "lost_phone"})
    assert unknown.status_code == 422
    assert elena.post("/clerk/incidents/new/", {"name": "anne@example.ch", "kind": "lost_phone"}).status_code == 302
    assert office.browser("greta").post("/clerk/incidents/new/", {"name": "x", "kind": "lost_phone"}).status_code == 403
