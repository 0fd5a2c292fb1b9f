"""A caisse's addresses in the console: added, refused in words, chosen, removed, looked at; queries stay few."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.operator.models import Act
from tenants.host_check import looking
from tenants.models import Caisse, Host, HostCheck
from tenants.scope import platform_transaction
from tests.support import live
from tests.support.operators import operator_actor, sign_in_operator


@pytest.fixture
def browser():
    return sign_in_operator()


@pytest.fixture
def page(caisse):
    return f"/operator/caisses/{caisse.id}/hosts/"


def _hosts(caisse):
    with platform_transaction():
        return {str(one).rstrip("/"): one for one in Host.objects.filter(caisse_id=caisse.id)}


def test_address_is_added_chosen_and_removed(browser, page, caisse):
    assert browser.post(f"{page}add/", {"host": "https://Portal.AK26.ch/"})["Location"] == page
    row = _hosts(caisse)["portal.ak26.ch"]
    browser.post(f"{page}{row.id}/primary/")
    assert _hosts(caisse)["portal.ak26.ch"].is_primary
    browser.post(f"{page}primary/")
    assert not _hosts(caisse)["portal.ak26.ch"].is_primary
    browser.post(f"{page}{row.id}/remove/")
    assert _hosts(caisse) == {}
    with platform_transaction():
        acts = list(Act.objects.order_by("at").values_list("action", "data__host", "caisse_slug"))
    assert acts == [
        ("host_added", "portal.ak26.ch", "ak26"), ("host_made_primary", "portal.ak26.ch", "ak26"),
        ("host_made_primary", "ak26.localhost", "ak26"), ("host_removed", "portal.ak26.ch", "ak26"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("taken.ch", 409, "another caisse"), ("taken.ch/x", 409, "another caisse"), ("mine.ch", 409, "already"),
        ("localhost", 422, "own"), ("new.localhost", 422, "own"), ("a b", 422, "no host name"), ("", 422, "no host name"),
        ("a.ch/console", 422, "path"), ("a.ch:8080", 422, "no host name"), ("192.168.1.1", 422, "no host name"),
    ],
)  # fmt: skip
def test_bad_host_is_told_and_stays_typed(caisse, other_caisse, typed, status, told):
    browser, page = sign_in_operator(), f"/operator/caisses/{caisse.id}/hosts/"
    browser.post(f"/operator/caisses/{other_caisse.id}/hosts/add/", {"host": "taken.ch"})
    browser.post(f"{page}add/", {"host": "mine.ch"})
    answer = browser.post(f"{page}add/", {"host": typed}, headers={"accept-language": "en"})
    assert answer.status_code == status
    assert told in answer.content.decode().replace("&#x27;", "'")
    assert f'value="{typed}"' in answer.content.decode()
    assert set(_hosts(caisse)) == {"mine.ch"}


def test_foreign_and_unknown_addresses_do_not_exist(browser, page, other_caisse):
    browser.post(f"/operator/caisses/{other_caisse.id}/hosts/add/", {"host": "theirs.ch"})
    theirs = _hosts(other_caisse)["theirs.ch"]
    for host_id in (theirs.id, uuid4()):
        for act in ("primary", "remove"):
            assert browser.post(f"{page}{host_id}/{act}/").status_code == 404
    assert browser.get("/operator/caisses/zzzzzzzz/hosts/").status_code == 404
    assert set(_hosts(other_caisse)) == {"theirs.ch"}


def test_check_shows_what_it_found_and_when(browser, page, settings, monkeypatch):
    for patience in ("PART_SECONDS", "WHOLE_SECONDS"):
        monkeypatch.setattr(looking, patience, 60)
    with live.serve() as served:
        settings.PUBLIC_PORT = served.port
        browser.post(f"{page}check/", {"address": "ak26.localhost"})
    text = browser.get(page, headers={"accept-language": "en"}).content.decode()
    assert "Leads here" in text
    settings.PUBLIC_PORT = 1
    browser.post(f"{page}check/")
    text = browser.get(page, headers={"accept-language": "en"}).content.decode()
    assert "Does not lead here" in text
    assert "Nothing answers at 127.0.0.1, port 1 (refused)" in text
    assert "What to do" in text


@pytest.mark.parametrize("count", [1, 3, 200])
def test_list_asks_the_same_few_queries_whatever_its_length(browser, page, caisse, count):
    now = clock.now()
    with platform_transaction():
        for number in range(count):
            place = {"caisse_id": caisse.id, "host": f"h{number}.ak26.ch"}
            Host.objects.create(**place, created_at=now)
            HostCheck.objects.create(
                **place, outcome="points_here", details={"address": "x"}, checked_at=now, certificate_ends_at=now + timedelta(days=2)
            )  # fmt: skip
    browser.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(page).status_code == 200
    assert len([one for one in queries if "tenants_" in one["sql"]]) <= 5


@pytest.mark.urls("infra.urls.platform")
def test_caisses_own_page_shows_its_addresses_in_short(caisse):
    from core.operator.caisses.parts import View, list_caisse_parts

    import_module("core.operator.hosts.urls")  # rooms add their parts where their addresses are read
    part = next(one for one in list_caisse_parts() if one.template == "operator/caisse/_hosts.html")
    with platform_transaction():
        row = Caisse.objects.get(pk=caisse.id)
    read = part.read(View(operator_actor(), row, {}))
    assert "ak26.localhost" in render_to_string(part.template, {"caisse": row, **read})
