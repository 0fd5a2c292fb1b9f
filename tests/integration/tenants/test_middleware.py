"""From a request to its caisse, through Django's handler with this middleware alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.test import Client
from django.urls import get_script_prefix, path, reverse

from core.audit.models import Entry
from core.kernel.actors import Actor
from tenants import addresses, hosts, pages, services
from tenants.binding import bound_caisse
from tenants.errors import ScopeMissing
from tenants.scope import platform_transaction, tenant_transaction
from tests.integration.tenants.support import wait_until

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from tenants.scope import CaisseRef


def _where(request: HttpRequest) -> JsonResponse:
    bound = bound_caisse()
    return JsonResponse(
        {
            "caisse": request.caisse and request.caisse.slug,
            "bound": bound and bound.slug,
            "path": request.path,
            "link": reverse("where"),
            "absolute": request.build_absolute_uri(),
        }
    )


def _stream(request: HttpRequest) -> StreamingHttpResponse:
    with tenant_transaction(request.caisse):
        rows = Entry.objects.values_list("action", flat=True)
    return StreamingHttpResponse(str(row) for row in rows.iterator())


urlpatterns = [
    path("where/", _where, name="where"),
    path("stream/", _stream),
    path("api/v1/where/", _where),
    path("health/live", _where),
]


@pytest.fixture(autouse=True)
def _alone(settings: SettingsWrapper) -> None:
    settings.MIDDLEWARE = ["tenants.middleware.CaisseMiddleware"]
    settings.ROOT_URLCONF = settings.PLATFORM_URLCONF = __name__


def _get(host: str, address: str = "/where/", **headers: str) -> dict[str, object]:
    response = Client(raise_request_exception=False).get(address, HTTP_HOST=host, **headers)
    kind = response.headers["Content-Type"]
    return {"status": response.status_code, "kind": kind} | (json.loads(response.content) if "json" in kind else {})


@pytest.fixture
def shared(caisse: CaisseRef, other_caisse: CaisseRef) -> None:
    with platform_transaction():
        addresses.replace_addresses(caisse, [("shared.ch", "ak26")])
        addresses.replace_addresses(other_caisse, [("shared.ch", "ak99")])
    wait_until(lambda: hosts.resolve("shared.ch", "/ak99/").kind == "caisse")


def test_host_decides_the_caisse() -> None:
    for slug in ("ak26", "ak99"):
        answer = _get(f"{slug}.localhost:8000")
        assert (answer["caisse"], answer["bound"], answer["link"]) == (slug, slug, "/where/")
    assert bound_caisse() is None


def test_platform_has_no_caisse() -> None:
    answer = _get("localhost:8000")
    assert (answer["status"], answer["caisse"], answer["bound"]) == (200, None, None)


@pytest.mark.usefixtures("shared")
def test_path_prefix_becomes_part_of_every_link() -> None:
    for slug in ("ak26", "ak99", "ak26"):
        answer = _get("shared.ch", f"/{slug}/where/")
        assert answer["caisse"] == slug
        assert answer["link"] == answer["path"] == f"/{slug}/where/"
        assert answer["absolute"] == f"http://shared.ch/{slug}/where/"
        assert get_script_prefix() == "/"
    assert _get("ak26.localhost")["link"] == "/where/"
    assert _get("shared.ch", "/where/")["status"] == 404


@pytest.mark.usefixtures("shared")
def test_path_prefix_without_slash_is_sent_on() -> None:
    response = Client().get("/ak26", HTTP_HOST="shared.ch")
    assert (response.status_code, response.headers["Location"]) == (302, "/ak26/")


@pytest.mark.usefixtures("shared")
def test_failing_page_does_not_leave_its_prefix_behind() -> None:
    assert _get("shared.ch", "/ak26/nothing/")["status"] == 404
    assert get_script_prefix() == "/"
    assert bound_caisse() is None


def test_unknown_host_is_a_page_or_a_problem() -> None:
    page = _get("nobody.localhost")
    assert (page["status"], page["kind"]) == (404, "text/html; charset=utf-8")
    problem = _get("nobody.localhost", "/api/v1/where/")
    assert (problem["status"], problem["kind"], problem["code"]) == (404, "application/problem+json", "unknown_host")


@pytest.mark.parametrize("host", ["ak26.localhost,ak99.localhost", "ak26.localhost ak99", "ak26.localhost/x", "@", ""])
def test_odd_host_is_refused(host: str) -> None:
    assert _get(host)["status"] in {400, 404}
    assert "caisse" not in _get(host, "/api/v1/where/")


def test_forwarded_host_is_not_believed() -> None:
    assert _get("ak26.localhost", HTTP_X_FORWARDED_HOST="ak99.localhost")["caisse"] == "ak26"


def test_health_answers_on_every_host(caisse: CaisseRef) -> None:
    for host in ("127.0.0.1:8000", "ak26.localhost", "localhost", "odd host"):
        assert _get(host, "/health/live", HTTP_ACCEPT="text/html").get("bound") is None


def test_suspended_caisse_is_closed_and_says_so(caisse: CaisseRef) -> None:
    with platform_transaction():
        services.suspend_caisse(actor=Actor(kind="operator", name="test"), caisse=caisse, reason="move")
    wait_until(lambda: hosts.get_caisse(caisse.id).state == "suspended")
    page = Client().get("/where/", HTTP_HOST="ak26.localhost")
    assert (page.status_code, page.headers["Retry-After"], page.headers["Cache-Control"]) == (503, "3600", "no-store")
    assert _get("ak26.localhost", "/api/v1/where/")["code"] == "suspended"
    assert _get("ak99.localhost")["caisse"] == "ak99"


def test_higher_rung_may_give_the_page(caisse: CaisseRef) -> None:
    before = dict(pages._registered)
    pages.register("unknown_host", lambda request: JsonResponse({"own": True}))
    try:
        assert _get("nobody.localhost") == {"status": 404, "kind": "application/json", "own": True}
    finally:
        pages._registered.clear()
        pages._registered.update(before)


def test_streaming_answer_cannot_query(caisse: CaisseRef) -> None:
    response = Client().get("/stream/", HTTP_HOST="ak26.localhost")
    with pytest.raises(ScopeMissing):
        b"".join(response.streaming_content)
