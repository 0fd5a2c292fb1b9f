"""A caisse leaves and arrives over Ceph's object gateway: in pieces, checked, and nothing stays behind."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents import ports
from core.documents import services as documents
from core.documents.models import Document
from core.kernel.actors import Actor
from core.transfer import files, receiving
from core.transfer.models import TransferFile
from integrations.s3 import S3Store
from integrations.s3.store import make_client
from tenants.jobs import running
from tenants.jobs.models import PlatformJob
from tenants.jobs.worker import Worker
from tenants.models import Caisse
from tenants.scope import platform_transaction, tenant_transaction
from tests.support.export import PRIVATE, PUBLIC
from tests.support.operators import sign_in_operator

PIECE = 256 * 1024
OPERATOR = Actor(kind="operator", name="Olga")


@pytest.fixture
def store(radosgw, monkeypatch):
    """The gateway in the place of this machine's folder, with pieces small enough that there are several.

    A bucket of its own: in the other one the running platform writes and deletes when it likes.
    """
    settings = replace(radosgw.settings, bucket=f"transfer-{uuid4()}")
    make_client(settings).create_bucket(Bucket=settings.bucket)
    found = S3Store(settings)
    monkeypatch.setattr(ports._ports, "store", found)
    monkeypatch.setattr(files, "PIECE_BYTES", PIECE)
    monkeypatch.setattr(receiving, "PIECE_BYTES", PIECE)
    return found


@pytest.fixture
def browser(database):
    return sign_in_operator()


def _fill(caisse, count=3):
    for number in range(count):
        documents.store_generated(
            caisse=caisse,
            actor=OPERATOR,
            content=b"%PDF-1.7\n" + bytes([65 + number]) * 400_000,
            filename=f"{number}.pdf",
            placement=documents.Placement(kind="decision"),
        )


def _digests(caisse):
    with tenant_transaction(caisse):
        return dict(Document.objects.values_list("id", "sha256"))


def _stored(store, caisse):
    return {one.key.removeprefix(f"{caisse.id}/"): one.size_bytes for one in store.list_objects(f"{caisse.id}/")}


def _export(browser, caisse):
    address = browser.post(f"/operator/caisses/{caisse.id}/export/", {"public_key": PUBLIC})["Location"]
    Worker().work_off()
    with platform_transaction():
        return address, PlatformJob.objects.get(pk=address.split("/")[3])


def test_caisse_travels_over_the_gateway(browser, store, caisse):
    _fill(caisse)
    _address, job = _export(browser, caisse)
    assert job.state == "done", job.error_text
    pieces = list(store.list_objects(f"exports/{job.id}/"))
    assert len(pieces) > 3
    sealed = b"".join(browser.get(f"/operator/exports/{job.id}/").streaming_content)
    assert len(sealed) == job.result["size_bytes"] == sum(one.size_bytes for one in pieces)
    upload = {"file": SimpleUploadedFile("ak26.relais", sealed), "private_key": PRIVATE, "slug": "copy"}
    asked = browser.post("/operator/import/", upload)["Location"]
    with platform_transaction():
        brought = PlatformJob.objects.get(pk=asked.split("/")[3])
    assert len(list(store.list_objects(f"exports/{brought.order['file']}/"))) > 3
    Worker().work_off()
    with platform_transaction():
        brought.refresh_from_db()
        made = Caisse.objects.get(slug="copy").ref
    assert brought.state == "done", brought.error_text
    assert _digests(made) == _digests(caisse)
    copied = _stored(store, made)
    assert len(copied) == 3
    assert copied == _stored(store, caisse)
    assert not list(store.list_objects(f"exports/{brought.order['file']}/")), "the upload goes with its key"


def test_cancelled_import_leaves_nothing_at_the_gateway(browser, store, caisse, monkeypatch):
    _fill(caisse, 1)
    _address, job = _export(browser, caisse)
    sealed = b"".join(files.read_pieces(job.id))
    upload = {"file": SimpleUploadedFile("ak26.relais", sealed), "private_key": PRIVATE, "slug": "copy"}
    address = browser.post("/operator/import/", upload)["Location"]
    report = running.RunningJob.progress

    def told(self, step, number, total):
        if str(step) == "opening the portal":
            browser.post(f"{address}cancel/")
        report(self, step, number, total)

    before = {one.key for one in store.list_objects("")}
    with monkeypatch.context() as patch:
        patch.setattr(running.RunningJob, "progress", told)
        Worker().work_off()
    with platform_transaction():
        cancelled = PlatformJob.objects.get(pk=address.split("/")[3])
        assert not Caisse.objects.filter(slug="copy").exists()
        assert TransferFile.objects.get(id=cancelled.order["file"]).sealed_key is None
    assert cancelled.state == "cancelled"
    gone = before - {one.key for one in store.list_objects("")}
    assert gone == {key for key in before if key.startswith(f"exports/{cancelled.order['file']}/")}
    assert {one.key for one in store.list_objects("")} <= before
