"""The console's pages on exports, imports and deletions, with the worker behind them."""

from __future__ import annotations

import html
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.configuration import operations
from core.documents.ports import get_store
from core.kernel import clock
from core.operator.models import Act
from core.transfer import tasks
from core.transfer.models import Deletion, TransferFile
from tenants.jobs.models import PlatformJob
from tenants.jobs.worker import Worker
from tenants.models import Caisse
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import platform_transaction
from tests.support.browsing import Browser
from tests.support.export import PRIVATE, PUBLIC, export
from tests.support.mailbox import open_office
from tests.support.operators import make_operator, sign_in_operator

IMPORT = "/operator/import/"


@pytest.fixture
def browser(database):
    return _browser()


def _browser(*named):
    client = sign_in_operator(operator=make_operator(*named))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def _page(browser, address, status=200):
    answer = browser.get(address)
    assert answer.status_code == status, address
    return html.unescape(answer.content.decode())


def _work():
    assert Worker().work_off() == 1
    with platform_transaction():
        job = PlatformJob.objects.order_by("-created_at").first()
    assert job.state == "done", job.error_text
    return job


def _acts():
    with platform_transaction():
        return list(Act.objects.order_by("at", "id").values_list("action", flat=True))


def _url(caisse, rest=""):
    return f"/operator/caisses/{caisse.id}/{rest}"


def test_export_is_asked_for_made_fetched_and_erased_in_time(browser, caisse):
    assert "No export has been made here." in _page(browser, _url(caisse))
    refused = browser.post(_url(caisse, "export/"), {"public_key": "age1nothing"})
    assert refused.status_code == 422
    asked = browser.post(_url(caisse, "export/"), {"public_key": PUBLIC})
    assert asked.status_code == 302
    job = _work()
    assert "Download" in _page(browser, asked["Location"])
    address = f"/operator/exports/{job.result['file']}/"
    answer = browser.get(address)
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"]) == job.result["size_bytes"]
    assert content.startswith(b"age-encryption.org/v1")
    assert "ak26-" in answer["Content-Disposition"]
    assert _acts() == ["export_asked", "export_fetched"]
    assert "fetched" in _page(browser, _url(caisse))
    assert Browser(HTTP_HOST="localhost").get(address).status_code == 302
    with clock.travel(clock.now() + timedelta(days=8)):
        tasks.sweep()
    assert not list(get_store().list_objects("exports/"))
    assert browser.get(address).status_code == 404
    assert "erased" in _page(browser, _url(caisse))


def test_key_that_the_caisse_gave_cannot_be_replaced(browser, caisse):
    operations.apply("ak26", f'[export]\npublic_key = "{PUBLIC}"\n', dry_run=False)
    page = _page(browser, _url(caisse, "export/"))
    assert PUBLIC in page
    assert 'name="public_key"' not in page
    other = "age1tyfawzevrx77sfgn008ng8kw85ul73x6kws87aud7q39q5wx647qjpg0w7"
    assert browser.post(_url(caisse, "export/"), {"public_key": other}).status_code == 409
    assert browser.post(_url(caisse, "export/")).status_code == 302


def _upload(browser, content, **more):
    data = {"file": SimpleUploadedFile("ak26.relais", content), "private_key": PRIVATE, "slug": "copy", **more}
    return browser.post(IMPORT, data)


def test_import_makes_the_caisse_and_keeps_neither_file_nor_key(browser, caisse, database):
    sealed = export(caisse)
    asked = _upload(browser, sealed, hosts="copy.example.ch\n\n")
    assert asked.status_code == 302
    with platform_transaction():
        order = json.dumps(PlatformJob.objects.get().order)
        file = TransferFile.objects.get()
    assert "AGE-SECRET" not in order
    assert PRIVATE.encode() not in bytes(file.sealed_key)
    _work()
    assert "came in" in _page(browser, asked["Location"])
    with platform_transaction():
        file.refresh_from_db()
        assert Caisse.objects.get(slug="copy").hosts.get().host == "copy.example.ch"
    assert (file.sealed_key, file.erased_at is None) == (None, False)
    assert not list(get_store().list_objects("exports/"))
    assert Browser(HTTP_HOST="copy.localhost").get("/sign-in/").status_code == 200
    assert _acts() == ["import_asked"]


def test_import_refuses_at_once_what_cannot_be(browser, caisse):
    sealed = export(caisse)
    other = "AGE-SECRET-KEY-1QQPQRRZ"
    for status, told, more in (
        (422, "no private key", {"private_key": other}),
        (422, "no export", {"file": SimpleUploadedFile("x", b"PK\x03\x04")}),
        (422, "damaged", {"file": SimpleUploadedFile("x", sealed[:-9])}),
        (409, "exists already", {"slug": "ak99"}),
        (422, "platform", {"hosts": "localhost"}),
    ):
        answer = _upload(browser, sealed, **more)
        assert (answer.status_code, told in html.unescape(answer.content.decode())) == (status, True), told
        assert PRIVATE not in answer.content.decode()
    missing = browser.post(IMPORT, {"private_key": PRIVATE, "slug": "copy"})
    assert missing.status_code == 422
    with platform_transaction():
        assert not PlatformJob.objects.exists()
        assert not TransferFile.objects.exists()
    assert not list(get_store().list_objects("exports/"))


def test_job_of_a_killed_worker_does_not_import_twice(browser, caisse):
    _upload(browser, export(caisse))
    _work()
    with platform_transaction():
        PlatformJob.objects.update(state="waiting", result={}, caisse_id="")
    assert _work().caisse_id


def test_deletion_by_two_operators_to_the_certificate(database):
    olga, bruno = _browser(), _browser("Bruno Betrieb", "bruno@relais.example")
    caisse = open_office(create_caisse(Request("leaving", options={"preset": "avs"}))).caisse
    page = _page(olga, _url(caisse, "delete/"))
    assert "Another operator confirms." in page
    assert olga.post(_url(caisse, "delete/"), {"slug": "leavin"}).status_code == 422
    asked = olga.post(_url(caisse, "delete/"), {"slug": "leaving", "reason": "contract ended"})
    address = asked["Location"]
    assert "Another operator has to confirm" in _page(olga, address)
    olga.post(f"{address}confirm/")
    with platform_transaction():
        assert Deletion.objects.get().state == "asked"
    assert "Confirm the deletion" in _page(bruno, address)
    _page(bruno, f"{address}confirm/")
    bruno.post(f"{address}confirm/")
    assert "closed, waiting" in _page(olga, "/operator/deletions/")
    assert Browser(HTTP_HOST="leaving.localhost").get("/").status_code == 503
    refused = olga.post(_url(caisse, "resume/"), follow=True)
    assert "Cancel the deletion first" in html.unescape(refused.content.decode())
    assert olga.get(f"{address}certificate/sheet/").status_code == 404
    with clock.travel(clock.now() + timedelta(days=31)):
        tasks.sweep()
        job = _work()
    assert "To the certificate" in _page(olga, f"/operator/jobs/{job.id}/")
    for part, begin in (("sheet", b"%PDF"), ("facts", b"{"), ("signature", b"{")):
        assert olga.get(f"{address}certificate/{part}/").content.startswith(begin)
    assert olga.get(f"{address}certificate/other/").status_code == 404
    assert "Short name reserved until" in _page(olga, address)
    assert olga.get(_url(caisse)).status_code == 404
    assert _acts() == ["deletion_asked", "deletion_confirmed"]


def test_deletion_is_cancelled_and_the_portal_opens_again(browser, caisse):
    address = browser.post(_url(caisse, "delete/"), {"slug": "ak26"})["Location"]
    assert "To the deletion" in _page(browser, _url(caisse))
    browser.post(f"{address}cancel/")
    assert "cancelled" in _page(browser, address)
    assert Browser(HTTP_HOST="ak26.localhost").get("/sign-in/").status_code == 200


def test_pages_are_empty_at_first(browser):
    assert "No caisse is to be deleted" in _page(browser, "/operator/deletions/")
    assert 'name="file"' in _page(browser, IMPORT)


def test_what_matters_is_asked_anew_after_a_while(browser, caisse, monkeypatch):
    monkeypatch.setattr("core.operator.sessions.OperatorSessionStore.is_proved", property(lambda _self: False))
    for address in (IMPORT, _url(caisse, "export/"), _url(caisse, "delete/")):
        assert browser.get(address)["Location"].startswith("/operator/prove/")
