"""The storage of a caisse: counted exactly, limited for what is brought, never for what the platform makes."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents import storage
from core.documents.errors import FileTooLarge, StorageFull
from core.documents.models import Document
from core.documents.ports import get_store
from core.documents.services import Placement, discard_document, store_generated, store_upload
from core.kernel.actors import Actor
from core.messaging import drafts
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.rest import program
from tests.support.steering import limit

ANNE = Actor(kind="party", name="Anne")


def bring(caisse, size, **values):
    return store_upload(
        caisse=caisse, actor=ANNE, chunks=[b"x" * size], filename="a.csv", placement=Placement(kind="data"), **values
    )


def stored(caisse):
    with tenant_transaction(caisse):
        return storage.get_stored()


def test_counts_move_with_each_document(caisse, other_caisse):
    first = bring(caisse, 10)
    bring(caisse, 5)
    store_generated(caisse=caisse, actor=ANNE, content=b"y" * 7, filename="r.pdf", placement=Placement(kind="receipt"))
    assert stored(caisse) == storage.Stored(3, 22)
    with tenant_transaction(caisse):
        discard_document(actor=ANNE, document_id=first.id)
    assert stored(caisse) == storage.Stored(2, 12)
    assert stored(other_caisse) == storage.Stored(0, 0)
    with tenant_transaction(caisse):
        assert storage.recount() == storage.get_stored() == storage.Stored(2, 12)


def test_full_storage_refuses_what_is_brought_and_keeps_nothing_of_it(caisse):
    limit(caisse, storage_bytes=100)
    bring(caisse, 60)
    before = len(list(get_store().list_objects(f"{caisse.id}/")))
    with pytest.raises(StorageFull):
        bring(caisse, 50)
    bring(caisse, 40)
    with pytest.raises(StorageFull):
        bring(caisse, 1)
    assert stored(caisse) == storage.Stored(2, 100)
    with tenant_transaction(caisse):
        assert Document.objects.count() == 2
    assert len(list(get_store().list_objects(f"{caisse.id}/"))) == before + 1


def test_papers_of_the_platform_are_always_kept(caisse):
    limit(caisse, storage_bytes=0)
    store_generated(caisse=caisse, actor=ANNE, content=b"y" * 7, filename="r.pdf", placement=Placement(kind="receipt"))
    assert stored(caisse) == storage.Stored(1, 7)


def test_file_that_is_too_large_anyway_says_that(caisse):
    limit(caisse, storage_bytes=1000)
    with pytest.raises(FileTooLarge):
        bring(caisse, 50, limit_bytes=20)


def test_program_gets_the_code_and_a_person_the_words(office):
    limit(office.caisse, storage_bytes=0)
    anne = office.actor()
    with tenant_transaction(office.caisse):
        message = drafts.start_draft(actor=anne, message_type=mailbox.type_of(mailbox.SALARY), party_id=anne.party_id)
    refused = program(office, anne).upload(
        f"messages/{message.id}/files/", file=SimpleUploadedFile("a.csv", b"a;b"), purpose="attachment"
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "storage_full")
    page = office.browser("anne").post(
        office.url(f"m/{message.id}/attach/"), {"file": SimpleUploadedFile("a.csv", b"a;b")}, HTTP_ACCEPT_LANGUAGE="fr"
    )
    assert page.status_code == 422
    assert "espace de stockage" in page.content.decode()
