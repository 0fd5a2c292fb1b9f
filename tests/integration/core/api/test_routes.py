"""Every REST address of the URL table and of the API document: who gets what, and in which form it is refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.models import Mandate
from core.api.base import ApiView
from core.api.permissions import HasActor
from core.kernel import clock
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.rest import PROBLEM, Program, api_document, callers, list_operations, program, sample_body
from tests.support.routes import CAISSE, build_scene, elsewhere, list_routes, rest

OPEN_TO_ALL = {"/api/v1/schema/"}
ABOUT_ONE_THING = {"message_id", "document_id", "job_id"}
DOCUMENT = api_document()


@pytest.fixture
def scene(office):
    return build_scene(office)


def operations(*, for_desk=None):
    """Yield route, method and body of each operation, as URL table and document know it."""
    for route in rest():
        if for_desk not in {None, route.rest_view.for_desk}:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern)
        for method, operation in DOCUMENT["paths"][path].items():
            yield route, method, sample_body(DOCUMENT, operation), operation


def call(caller, route, method, body, values):
    if route.pattern.endswith("files/"):
        return caller.upload(route.path(values), file=SimpleUploadedFile("a.csv", b"a;b\n1;2\n"))
    return caller.call(method, route.path(values), body)


def check_refused(answer, status, code, place=""):
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), (place, answer.content[:300])
    problem = answer.json()
    assert problem["code"] == code, place
    assert (problem["status"], problem["type"]) == (status, f"urn:relais:problem:{code}")
    assert problem["title"]


def check_all(caller, values, status, code, *, for_desk=None, about=None):
    checked = 0
    for route, method, body, _operation in operations(for_desk=for_desk):
        if about is None or about & set(route.parameters):
            place = f"{method} {route}"
            check_refused(call(caller, route, method, body, values), status, code, place)
            checked += 1
    assert checked


def test_every_rest_view_asks_for_a_token():
    for route in list_routes(CAISSE):
        if route.is_rest and route.pattern not in OPEN_TO_ALL:
            assert issubclass(route.rest_view, ApiView), str(route)
            assert route.rest_view.permission_classes == [HasActor], str(route)
            of_caisse = "/desk/" in route.pattern or "/configuration/" in route.pattern
            assert route.rest_view.for_desk == of_caisse, str(route)
            assert bool(route.rest_view.roles) == ("/configuration/" in route.pattern), str(route)


def test_document_and_url_table_know_the_same_addresses():
    known = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern) for route in rest()}
    assert set(DOCUMENT["paths"]) == known
    for route in rest():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern)
        answered = {name for name in ("get", "post", "put", "patch", "delete") if hasattr(route.rest_view, name)}
        assert set(DOCUMENT["paths"][path]) == answered, path
    assert len({operation["operationId"] for _p, _m, operation in list_operations(DOCUMENT)}) == len(
        list_operations(DOCUMENT)
    )


@pytest.mark.parametrize("secret", ["", "relais_000000000000_wrong", "nonsense"])
def test_who_has_no_valid_token_is_told_how_to_sign_in(office, scene, secret):
    caller = Program("ak26.localhost", secret)
    code = "authentication_failed" if secret else "not_authenticated"
    check_all(caller, scene.values_of(scene.draft), 401, code)
    assert caller.get("counts/")["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "change",
    [{"revoked_at": clock.now()}, {"created_at": clock.now() - timedelta(days=9), "expires_at": clock.now()}],
    ids=["revoked", "expired"],
)
def test_token_that_has_ended_opens_nothing(office, scene, change):
    check_all(program(office, office.actor(), **change), scene.values_of(scene.draft), 401, "authentication_failed")


def test_token_of_another_caisse_opens_nothing(office, other_office, scene):
    foreign = program(other_office, other_office.actor())
    check_all(foreign, elsewhere(scene.values), 404, "not_found", for_desk=False, about=ABOUT_ONE_THING)
    check_all(Program("ak26.localhost", foreign.secret), scene.values_of(scene.draft), 401, "authentication_failed")


def test_own_program_reaches_what_is_its_own(office, scene):
    """The scene's parameters lead somewhere: otherwise the refusals below would prove nothing."""
    caller_of = callers(office)
    for route, method, body, _operation in operations():
        if method == "get":
            answer = call(caller_of(route), route, method, body, scene.values_of(scene.sent))
            assert answer.status_code == 200, str(route)


@pytest.mark.parametrize("message", ["draft", "sent"])
def test_stranger_learns_nothing_of_what_exists(office, scene, message):
    before = scene.snapshot()
    hugo = program(office, office.actor("hugo", "elsewhere"))
    values = scene.values_of(getattr(scene, message))
    check_all(hugo, values, 404, "not_found", for_desk=False, about=ABOUT_ONE_THING)
    for route, method, body, _operation in operations(for_desk=False):
        if ABOUT_ONE_THING & set(route.parameters):
            known, unknown = (call(hugo, route, method, body, one).content for one in (values, elsewhere(values)))
            assert known == unknown, str(route)
    assert scene.snapshot() == before


def test_party_and_desk_stay_on_their_sides(office, scene):
    before = scene.snapshot()
    check_all(program(office, office.clerk()), scene.values_of(scene.sent), 404, "not_found", for_desk=False)
    check_all(program(office, office.actor()), scene.values_of(scene.sent), 404, "not_found", for_desk=True)
    assert scene.snapshot() == before


def other_theme(office, whose):
    """Return a program that has the other theme only, by membership, mandate, token or place at the desk."""
    if whose == "mandate":
        with tenant_transaction(office.caisse):
            Mandate.objects.filter(acting_party=office.parties["firm"]).update(themes=["employees"])
        return program(office, office.actor("claire"))
    if whose == "token":
        return program(office, office.actor(), themes=["employees"])
    if whose == "staff":
        return program(office, office.clerk("felix"))
    with tenant_transaction(office.caisse):
        from core.accounts.models import Membership

        Membership.objects.filter(user=office.users["beat"]).update(role="administrator")
    return program(office, office.actor("beat"))


@pytest.mark.parametrize("whose", ["membership", "mandate", "token", "staff"])
def test_thing_of_another_theme_does_not_exist(office, scene, whose):
    before = scene.snapshot()
    caller = other_theme(office, whose)
    for message in (scene.sent, scene.draft):
        values = scene.values_of(message)
        check_all(caller, values, 404, "not_found", for_desk=whose == "staff", about=ABOUT_ONE_THING)
    assert scene.snapshot() == before
    if whose != "staff":
        check_refused(caller.post("messages/", {"type": mailbox.SALARY}), 404, "not_found")


def test_lists_hold_only_what_one_may_read(office, scene):
    with tenant_transaction(office.caisse):
        own = mailbox.sent(office.actor())
    limited = program(office, office.actor(), themes=["employees"])
    assert [one["id"] for one in limited.get("messages/?box=sent").json()["messages"]] == [str(own.id)]
    assert {one["theme"] for one in limited.get("counts/").json()} == {"employees"}
    assert {one["theme"] for one in limited.get("message-types/").json()} == {"employees"}
    assert limited.get("documents/").json() == []
    felix = program(office, office.clerk("felix"))
    assert [one["id"] for one in felix.get("desk/queue/").json()["messages"]] == [str(own.id)]


def test_token_that_may_only_read_changes_nothing(office, scene):
    before = scene.snapshot()
    reader = program(office, office.actor(), may_act=False)
    for route, method, body, _operation in operations(for_desk=False):
        if method != "get" and "message_id" in route.parameters:
            status = call(reader, route, method, body, scene.values_of(scene.draft)).status_code
            assert status in {403, 404}, str(route)
    check_refused(reader.post("messages/", {"type": mailbox.SALARY}), 403, "not_permitted")
    assert reader.get(f"messages/{scene.draft.id}/").status_code == 200
    assert scene.snapshot() == before
