"""Support access from request to end: asked for, granted, crossed to, watched, ended within the next request."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Session, SupportGrant, SupportPass
from core.accounts.support import services
from core.accounts.support.errors import SupportAnswered, SupportAsked, SupportIncomplete, SupportTooLong
from core.accounts.support.services import Terms, ask_for_support, end_support, grant_support
from core.accounts.tokens import create_token
from core.audit.models import Entry
from core.audit.services import record
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.operator.models import Act
from tenants.models import Operator
from tenants.scope import platform_transaction, tenant_transaction
from tests.support.invitations import read_newest
from tests.support.mailbox import sent
from tests.support.operators import make_operator, operator_actor, sign_in_operator
from tests.support.racing import race
from tests.support.routes import build_scene, pages

OLGA = "olga@relais.example"
ZONE = ZoneInfo("Europe/Zurich")


@pytest.fixture
def chief(office):
    return office.clerk("gilles")


@pytest.fixture
def console():
    return sign_in_operator(operator=make_operator())


def terms(hours=2, begin=0, **values):
    first = clock.now() + timedelta(hours=begin)
    return Terms(
        **{
            "operator_email": OLGA,
            "purpose": "Panne",
            "valid_from": first,
            "valid_until": first + timedelta(hours=hours),
        }
        | values
    )


def grant(office, chief, *args, **values):
    with tenant_transaction(office.caisse):
        return grant_support(actor=chief, terms=terms(*args, **values))


def place(office, rest=""):
    return f"/operator/caisses/{office.caisse.id}/{rest}"


def cross(office, console, granted):
    """Go in as the operator does; return her browser at the caisse."""
    page = console.post(place(office, f"support/{granted.id}/enter/"))
    assert page.status_code == 200, page
    browser = office.browser(enforce_csrf_checks=True)
    answer = browser.post("/support/enter/", {"token": page.context["token"]})
    assert (answer.status_code, answer["Location"]) == (302, "/clerk/")
    return browser


def acts(office):
    with tenant_transaction(office.caisse):
        return list(Entry.objects.filter(object_type="support").order_by("at").values_list("action", "data"))


def moments(hours=2):
    now = clock.now()
    ends = (now, now + timedelta(hours=hours))  # real hours: a day of March has none from two to three
    return {
        name: end.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") for name, end in zip(("from", "until"), ends, strict=True)
    }


def test_whole_way_from_the_request_to_the_end(office, console):
    admin = office.browser("gilles")
    assert console.post(place(office, "support/ask/"), {"purpose": "Les lettres ne partent pas"}).status_code == 302
    mail = read_newest(office.caisse)
    assert (mail["to"], "/console/support/" in mail["text"]) == ("gilles@example.ch", True)
    page = admin.get("/console/support/")
    [asked] = page.context["asked"]
    assert "Les lettres ne partent pas" in page.content.decode()
    answer = {"purpose": "Les lettres ne partent pas", **moments()}
    assert admin.post(f"/console/support/{asked['grant'].id}/answer/", answer).status_code == 302
    page = console.get(place(office))
    assert "/enter/" in page.content.decode()
    olga = cross(office, console, asked["grant"])
    desk = olga.get("/clerk/")
    assert desk.status_code == 200
    assert "Les lettres ne partent pas" in desk.content.decode()
    assert OLGA in office.browser("elena").get("/clerk/").content.decode()
    assert OLGA in admin.get("/console/").content.decode()
    listed = admin.get(f"/console/support/{asked['grant'].id}/", headers={"accept-language": "en"})
    said = [(one["label"], one["detail"]) for one in listed.context["acts"]]
    assert said[:2] == [("Page opened", "Queue"), ("Came in", "")]
    assert admin.get(f"/console/support/{asked['grant'].id}/acts.xlsx").status_code == 200
    admin.post(f"/console/support/{asked['grant'].id}/end/")
    assert olga.get("/clerk/")["Location"].startswith("/sign-in/")
    assert OLGA not in office.browser("elena").get("/clerk/").content.decode()
    assert console.post(place(office, f"support/{asked['grant'].id}/enter/")).status_code == 404
    steps = ["support_asked", "support_granted", "support_entered", "support_page_opened", "support_ended"]
    assert [action for action, _data in acts(office)] == steps
    with platform_transaction():
        names = list(
            Act.objects.filter(action__startswith="support").order_by("at").values_list("action", "actor_name")
        )
    assert names == [
        ("support_asked", "Olga Betrieb"),
        ("support_granted", "ak26"),
        ("support_entered", "Olga Betrieb"),
        ("support_ended", "ak26"),
    ]


def test_without_a_grant_there_is_nothing(office, chief, console, other_office):
    foreign = grant(office, chief, operator_email="otto@relais.example")
    coming = grant(office, chief, begin=3)
    elsewhere = grant(other_office, other_office.clerk("gilles"))
    for one in (foreign, coming, elsewhere):
        assert console.post(place(office, f"support/{one.id}/enter/")).status_code == 404
    assert office.browser().post("/support/enter/", {"token": "guessed"}).status_code == 404
    assert console.get(place(office)).content.decode().count("/enter/") == 0


def test_token_works_once_within_a_minute_and_at_its_caisse(office, chief, console, other_office):
    granted = grant(office, chief)
    token = console.post(place(office, f"support/{granted.id}/enter/")).context["token"]
    with tenant_transaction(office.caisse):
        assert token not in str(list(SupportPass.objects.values()))
    assert other_office.browser().post("/support/enter/", {"token": token}).status_code == 404
    assert office.browser().post("/support/enter/", {"token": token}).status_code == 302
    assert office.browser().post("/support/enter/", {"token": token}).status_code == 404
    late = console.post(place(office, f"support/{granted.id}/enter/")).context["token"]
    with clock.travel(clock.now() + timedelta(seconds=61)):
        assert office.browser().post("/support/enter/", {"token": late}).status_code == 404


def test_page_that_carries_the_token_may_lead_to_the_caisse_only(office, chief, console):
    answer = console.post(place(office, f"support/{grant(office, chief).id}/enter/"))
    form = next(one for one in answer["Content-Security-Policy"].split("; ") if one.startswith("form-action"))
    assert "ak26.localhost" in form
    assert answer["Cache-Control"].find("no-store") >= 0
    assert "ak26.localhost" not in console.get(place(office))["Content-Security-Policy"]


def test_access_ends_by_itself(office, chief, console):
    granted = grant(office, chief, hours=1)
    olga = cross(office, console, granted)
    with tenant_transaction(office.caisse):
        assert Session.objects.get(support=granted).expires_at == granted.valid_until
    with clock.travel(granted.valid_until - timedelta(seconds=1)):
        with tenant_transaction(office.caisse):
            Session.objects.update(idle_until=granted.valid_until + timedelta(hours=1))
        assert olga.get("/clerk/").status_code == 200
    with clock.travel(granted.valid_until):
        assert olga.get("/clerk/").status_code == 302


def test_operator_blocked_on_the_platform_finds_nothing_any_more(office, chief, console):
    olga = cross(office, console, grant(office, chief))
    assert olga.get("/clerk/").status_code == 200
    with platform_transaction():
        Operator.objects.update(state="blocked")
    assert olga.get("/clerk/").status_code == 404


def test_she_reads_and_changes_nothing(office, chief, console):
    scene = build_scene(office)
    with tenant_transaction(office.caisse):
        found = SupportGrant.objects.get(id=scene.values["grant_id"])
    before, olga = scene.snapshot(), cross(office, console, found)
    olga.handler.enforce_csrf_checks = False
    searched = {
        "/clerk/m/<uuid:message_id>/rows/", "/clerk/parties/", "/clerk/search/", "/console/people/",
        "/clerk/applications/", "/clerk/incidents/", "/clerk/mandates/",
    }  # fmt: skip
    for route in [*pages("desk"), *pages("console")]:
        status = olga.post(route.path(scene.values_of(scene.sent))).status_code
        assert status in {403, 404, 405} or route.pattern in searched, (str(route), status)
    assert olga.get(f"/clerk/m/{scene.sent.id}/").status_code == 200
    assert olga.get(f"/clerk/documents/{scene.values['document_id']}/").status_code == 403
    assert olga.get("/clerk/export.xlsx").status_code == 403
    assert scene.snapshot() == before
    seen = [data for action, data in acts(office) if action == "support_page_opened"]
    assert {"page": "desk_message", "message_id": str(scene.sent.id)} in seen
    assert any(one.get("refused") for one in seen)
    acts_page = office.browser("gilles").get(f"/console/support/{found.id}/", headers={"accept-language": "en"})
    assert f"Case, {scene.sent.reference}" in {one["detail"] for one in acts_page.context["acts"]}


def test_documents_are_open_where_the_caisse_said_so(office, chief, console):
    with tenant_transaction(office.caisse):
        sent(office.actor())
    olga = cross(office, console, grant(office, chief, with_documents=True))
    assert olga.get("/clerk/export.xlsx").status_code == 200


def test_she_can_make_no_access_for_programs(office):
    actor = operator_actor()
    support = type(actor)(kind="operator", name="Olga", user_id=actor.user_id, roles=frozenset({"auditor"}))
    with tenant_transaction(office.caisse), pytest.raises(NotPermitted):
        create_token(actor=support, name="x")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"hours": 73}, SupportTooLong),
        ({"hours": 0}, SupportTooLong),
        ({"begin": -5}, SupportTooLong),
        ({"purpose": " "}, SupportIncomplete),
        ({"operator_email": "olga"}, SupportIncomplete),
    ],
)
def test_what_cannot_be_granted(office, chief, values, error):
    with pytest.raises(error):
        grant(office, chief, **values)


@pytest.mark.parametrize("name", ["elena", "greta"])
def test_only_administrators_grant_and_end(office, chief, name):
    granted, olga = grant(office, chief), operator_actor()
    with tenant_transaction(office.caisse):
        with pytest.raises(NotPermitted):
            grant_support(actor=office.clerk(name), terms=terms())
        with pytest.raises(NotPermitted):
            end_support(actor=office.clerk(name), grant_id=granted.id)
        with pytest.raises(NotPermitted):
            services.refuse_support(actor=olga, grant_id=granted.id)


def test_auditor_sees_and_cannot_change(office, chief):
    granted = grant(office, chief)
    browser = office.browser("greta")
    assert browser.get("/console/support/").status_code == 200
    for rest in ("grant/", f"{granted.id}/answer/", f"{granted.id}/end/"):
        assert browser.post(f"/console/support/{rest}", {"purpose": "x"}).status_code == 404


def test_granting_asks_who_one_is_and_ending_does_not(office, chief):
    granted, browser = grant(office, chief), office.browser("gilles")
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert browser.post("/console/support/grant/", {"email": OLGA})["Location"] == "/sign-in/again/"
        assert browser.post(f"/console/support/{granted.id}/end/")["Location"] == "/console/support/"


def test_request_is_answered_once(office, chief):
    olga = operator_actor()
    with tenant_transaction(office.caisse):
        asked = ask_for_support(actor=olga, email=OLGA, purpose="Panne")
        with pytest.raises(SupportAsked):
            ask_for_support(actor=olga, email=OLGA, purpose="Encore")
    outcomes = race(
        office.caisse,
        lambda: services.refuse_support(actor=chief, grant_id=asked.id),
        lambda: grant_support(actor=chief, terms=terms(), grant_id=asked.id),
    )
    assert outcomes[0] is None
    assert isinstance(outcomes[1], SupportAnswered)
    refused = office.browser("gilles").post(f"/console/support/{asked.id}/answer/", {"purpose": "x", **moments()})
    assert refused.status_code == 409


@pytest.mark.usefixtures("still_clock")
def test_lists_cost_as_many_queries_for_a_thousand_as_for_one(office, chief):
    granted, browser = grant(office, chief), office.browser("gilles")
    now = clock.now()

    def count():
        found = []
        for path in ("/console/support/", f"/console/support/{granted.id}/"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            found.append(len(queries))
        return found

    count()
    one = count()
    for n in (2, 997):
        with tenant_transaction(office.caisse):
            SupportGrant.objects.bulk_create(
                SupportGrant(operator_email=OLGA, purpose="x", asked_at=now, refused_at=now, created_at=now)
                for _ in range(n)
            )
            for _ in range(min(n, 120)):
                record(actor=chief, action="support_page_opened", object_type="support", object_id=granted.id)
        assert count() == one
    assert max(one) <= 20
    page = browser.get("/console/support/")
    following = browser.get("/console/support/", {"cursor": page.context["next_cursor"]})
    assert len(page.context["closed"]) + len(page.context["open"]) == 50
    assert not {one["grant"].id for one in page.context["closed"]} & {
        one["grant"].id for one in following.context["closed"]
    }
    assert browser.get("/console/support/", {"cursor": "x~y"}).status_code == 422
