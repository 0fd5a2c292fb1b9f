"""The console's pages on exports, imports and deletions, with the worker behind them."""

from __future__ import annotations

import hashlib
import html
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.configuration import operations
from core.documents.ports import PortUnavailable, get_store
from core.kernel import clock
from core.operator.models import Act
from core.transfer import files, importing, sealing, tasks
from core.transfer.models import Deletion, TransferFile
from tenants.jobs import running
from tenants.jobs.models import PlatformJob
from tenants.jobs.worker import Worker
from tenants.models import Caisse
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import platform_transaction
from tests.support.browsing import Browser
from tests.support.export import PRIVATE, PUBLIC, export, seal
from tests.support.mailbox import open_office
from tests.support.operators import make_operator, sign_in_operator

IMPORT = "/operator/import/"
OTHER_KEY = sealing.new_private_key()[1]


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


def test_import_makes_the_caisse_and_keeps_neither_file_nor_key(browser, caisse, hear):
    sealed = export(caisse)
    asked = _upload(browser, sealed, hosts="copy.example.ch\n\n")
    assert asked.status_code == 302
    with platform_transaction():
        order = json.dumps(PlatformJob.objects.get().order)
        file = TransferFile.objects.get()
    assert b"".join(files.read_pieces(file.id)) == sealed, "as it came: opened by nobody but the worker"
    assert (file.size_bytes, file.sha256) == (len(sealed), hashlib.sha256(sealed).hexdigest())
    assert "AGE-SECRET" not in order
    assert PRIVATE.encode() not in bytes(file.sealed_key)
    _work()
    assert "came in" in _page(browser, asked["Location"])
    with platform_transaction():
        file.refresh_from_db()
        assert Caisse.objects.get(slug="copy").hosts.get().host == "copy.example.ch"
    assert (file.sealed_key, file.erased_at is None) == (None, False)
    assert not list(get_store().list_objects("exports/"))
    hear()
    assert Browser(HTTP_HOST="copy.localhost").get("/sign-in/").status_code == 200
    assert _acts() == ["import_asked"]


def _nothing_is_kept():
    with platform_transaction():
        assert not TransferFile.objects.filter(erased_at__isnull=True).exists()
        assert not TransferFile.objects.filter(sealed_key__isnull=False).exists()
        assert not Caisse.objects.filter(slug="copy").exists()
    assert not list(get_store().list_objects("exports/"))


def test_rest_of_the_form_is_refused_at_once_and_the_file_need_not_come_twice(browser, caisse):
    sealed = export(caisse)
    for status, told, more in (
        (422, "no private key", {"private_key": "AGE-SECRET-KEY-1QQPQRRZ"}),
        (409, "exists already", {"slug": "ak99"}),
        (422, "platform", {"hosts": "localhost"}),
        (409, "another caisse", {"hosts": "ak26.localhost/copy"}),
    ):
        answer = _upload(browser, sealed, **more)
        page = html.unescape(answer.content.decode())
        assert (answer.status_code, told in page) == (status, True), told
        assert PRIVATE not in page
    with platform_transaction():
        assert not PlatformJob.objects.exists()
    assert "Your file has come" in page
    received = re.search(r'name="received" value="([^"]+)"', page)[1]
    bruno = _browser("Bruno Betrieb", "bruno@relais.example")
    rest = {"private_key": PRIVATE, "slug": "copy", "received": received}
    assert bruno.post(IMPORT, rest).status_code == 422, "nobody sends in what another one sent"
    assert browser.post(IMPORT, rest).status_code == 302
    assert browser.post(IMPORT, rest | {"slug": "other"}).status_code == 422, "once only"
    _work()
    with clock.travel(clock.now() + timedelta(days=2)):
        tasks.sweep()  # what nobody asked an import of
        assert not list(get_store().list_objects("exports/"))


def test_import_without_a_file_keeps_nothing(browser):
    for data in ({}, {"file": SimpleUploadedFile("x", b"")}, {"received": "no-number"}, {"received": str(uuid4())}):
        answer = browser.post(IMPORT, {"private_key": PRIVATE, "slug": "copy", **data})
        assert (answer.status_code, "Choose the file" in html.unescape(answer.content.decode())) == (422, True)
    with platform_transaction():
        assert not TransferFile.objects.exists()


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (lambda sealed: b"PK\x03\x04", "export_unknown_format", "no export"),
        (lambda sealed: sealed[:-9], "export_damaged", "damaged"),
        (lambda sealed: sealed[:5000] + bytes([sealed[5000] ^ 1]) + sealed[5001:], "export_damaged", "damaged"),
        (lambda sealed: b"".join(sealing.encrypt(iter([b"x"]), OTHER_KEY)), "export_wrong_key", "does not open"),
        (lambda sealed: seal(b"no archive at all"), None, ""),
    ],
    ids=["no-export", "cut-off", "changed", "other-key", "other-contents"],
)
def test_damaged_or_foreign_file_is_refused_on_the_page_of_its_progress(browser, caisse, change, code, told):
    address = _upload(browser, change(export(caisse)))["Location"]
    assert 'hx-trigger="every 2s"' in _page(browser, address)
    assert Worker().work_off() == 1
    page = _page(browser, address)
    assert "It stopped before the end" in page
    assert told in page
    assert "Ask for it anew" in page
    assert "Go on" not in page
    with platform_transaction():
        job = PlatformJob.objects.get()
    assert job.state == "failed"
    assert code in (None, job.error_code)
    _nothing_is_kept()


def test_progress_of_the_check_is_told_while_the_file_is_read(browser, caisse, monkeypatch):
    seen = []
    report = running.RunningJob.progress

    def told(self, label, number, total):
        report(self, label, number, total)
        seen.append((str(label), number))

    _upload(browser, export(caisse))
    with monkeypatch.context() as patch:
        patch.setattr(running.RunningJob, "progress", told)
        _work()
    numbers = [number for _label, number in seen]
    assert numbers == sorted(numbers)
    assert len([one for one in seen if one[0] == "checking the export"]) > 1


@pytest.mark.parametrize("label", ["checking the export", "tables and rights", "data", "opening the portal"])
def test_import_is_cancelled_on_its_way_and_leaves_nothing(browser, caisse, monkeypatch, label):
    address = _upload(browser, export(caisse))["Location"]
    report = running.RunningJob.progress

    def reported(self, step, number, total):
        if str(step) == label:
            browser.post(f"{address}cancel/")
        report(self, step, number, total)

    with monkeypatch.context() as patch:
        patch.setattr(running.RunningJob, "progress", reported)
        Worker().work_off()
    told = "Nothing had been made" if label == "checking the export" else "nothing of it is left"
    assert told in _page(browser, address)
    _nothing_is_kept()


def test_waiting_import_is_cancelled_at_once_with_its_file(browser, caisse):
    address = _upload(browser, export(caisse))["Location"]
    browser.post(f"{address}cancel/")
    assert Worker().work_off() == 0
    _nothing_is_kept()


def test_key_is_forgotten_though_the_store_is_away_when_an_import_is_cancelled(browser, caisse, monkeypatch):
    address = _upload(browser, export(caisse))["Location"]
    with monkeypatch.context() as patch:
        patch.setattr(type(get_store()), "list_objects", _away)
        assert browser.post(f"{address}cancel/").status_code == 302
    with platform_transaction():
        assert TransferFile.objects.get().sealed_key is None
    tasks.sweep()
    _nothing_is_kept()


def test_key_of_an_import_that_has_ended_stays_no_longer_than_an_hour(browser, caisse):
    _upload(browser, export(caisse))
    tasks.sweep()
    with platform_transaction():
        assert TransferFile.objects.get().sealed_key, "as long as the import waits"
        PlatformJob.objects.update(state="cancelled")  # and the process was killed before it could forget
    tasks.sweep()
    _nothing_is_kept()


def test_import_that_broke_on_the_way_goes_on(browser, caisse, monkeypatch):
    address = _upload(browser, export(caisse))["Location"]

    def broken(*_args, **_more):
        raise OSError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_settle", broken)
        Worker().work_off()
    assert "Go on" in _page(browser, address)
    browser.post(f"{address}resume/")
    _work()


def _away(*_args, **_more):
    raise PortUnavailable


def test_store_that_is_away_is_said_and_nothing_is_kept(browser, caisse, monkeypatch):
    sealed = export(caisse)
    with monkeypatch.context() as patch:
        patch.setattr(type(get_store()), "put", _away)
        answer = _upload(browser, sealed)
    assert (answer.status_code, "received" in answer.content.decode()) == (503, False)
    with platform_transaction():
        assert not TransferFile.objects.exists()


def test_store_that_goes_away_for_all_is_said_in_the_form(browser, caisse, monkeypatch):
    sealed = export(caisse)
    with monkeypatch.context() as patch:
        for name in ("put", "list_objects"):
            patch.setattr(type(get_store()), name, _away)
        answer = _upload(browser, sealed)
    assert (answer.status_code, 'value="copy"' in answer.content.decode()) == (503, True)
    with clock.travel(clock.now() + timedelta(days=2)):
        tasks.sweep()
    _nothing_is_kept()


def test_upload_without_the_forms_token_is_dropped(browser, caisse):
    guarded = Browser(enforce_csrf_checks=True, HTTP_HOST="localhost")
    guarded.cookies["relais_operator"] = browser.cookies["relais_operator"].value
    assert _upload(guarded, export(caisse)).status_code == 403
    with platform_transaction():
        assert not TransferFile.objects.exists()
    assert not list(get_store().list_objects("exports/"))
    guarded.get(IMPORT)
    token = guarded.cookies["relais_csrf"].value
    assert _upload(guarded, export(caisse), csrfmiddlewaretoken=token).status_code == 302


def test_job_of_a_killed_worker_does_not_import_twice(browser, caisse):
    _upload(browser, export(caisse))
    _work()
    with platform_transaction():
        PlatformJob.objects.update(state="waiting", result={}, caisse_id="")
    assert _work().caisse_id


def test_deletion_by_two_operators_to_the_certificate(hear):
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
    hear()
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


def test_deletion_is_cancelled_and_the_portal_opens_again(browser, caisse, hear):
    address = browser.post(_url(caisse, "delete/"), {"slug": "ak26"})["Location"]
    assert "To the deletion" in _page(browser, _url(caisse))
    browser.post(f"{address}cancel/")
    assert "cancelled" in _page(browser, address)
    hear()
    assert Browser(HTTP_HOST="ak26.localhost").get("/sign-in/").status_code == 200


def test_pages_are_empty_at_first(browser):
    assert "No caisse is to be deleted" in _page(browser, "/operator/deletions/")
    assert 'name="file"' in _page(browser, IMPORT)


def test_what_matters_is_asked_anew_after_a_while(browser, caisse, monkeypatch):
    monkeypatch.setattr("core.operator.sessions.OperatorSessionStore.is_proved", property(lambda _self: False))
    for address in (IMPORT, _url(caisse, "export/"), _url(caisse, "delete/")):
        assert browser.get(address)["Location"].startswith("/operator/prove/")
