"""Documents from arrival to reading, on the real database and the local folder."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError

from core.audit.selectors import list_entries_of_object
from core.documents import access, errors, reconciling, scanning, selectors, services
from core.documents.models import Document, State
from core.documents.ports import get_store
from core.documents.services import Placement
from core.documents.storing import key_of
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import Conflict, NotFound
from core.outbox.models import Entry
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import hostile_files

ANNA = Actor(kind="party", name="Anna", user_id=uuid4(), party_id=uuid4())


def _upload(caisse, data: bytes | None = None, filename: str = "a.pdf", **placed) -> Document:
    return services.store_upload(
        caisse=caisse, actor=ANNA, chunks=iter([hostile_files.make_pdf() if data is None else data]), filename=filename,
        placement=Placement(kind="upload", party_id=ANNA.party_id, **placed),
    )  # fmt: skip


def _object_of(caisse, document) -> Path:
    return Path(settings.DOCUMENT_FOLDER) / key_of(caisse, document.id)


def test_upload_waits_in_quarantine_until_the_outbox_has_it_scanned(caisse):
    document = _upload(caisse)
    assert document.state == State.QUARANTINED
    with pytest.raises(errors.DocumentNotClean):
        services.open_document(caisse=caisse, document=document)
    assert drain(caisse=caisse) == 1
    with tenant_transaction(caisse):
        document = selectors.find_document(document.id)
        acts = [entry.action for entry in list_entries_of_object("document", document.id)]
    assert acts == ["document_stored", "document_cleared"]
    assert services.read_document(caisse=caisse, document=document) == _object_of(caisse, document).read_bytes()


def test_verdict_counts_once(caisse):
    document = _upload(caisse, hostile_files.make_png(tail=b"x"), "a.png")
    first = scanning.scan_document(caisse=caisse, document_id=document.id)
    assert (first.state, first.refusal_code) == (State.REFUSED, "two_in_one")
    again = scanning.scan_document(caisse=caisse, document_id=document.id)
    assert again.scanned_at == first.scanned_at
    with tenant_transaction(caisse):
        assert len(list_entries_of_object("document", document.id)) == 2


def test_name_type_and_digest_are_found_out_not_believed(caisse):
    document = _upload(caisse, hostile_files.make_pdf(), "C:\\scans\\Lohn  ")
    assert (document.filename, document.media_type) == ("Lohn.pdf", "application/pdf")
    assert document.title == "Lohn.pdf"
    assert document.size_bytes == _object_of(caisse, document).stat().st_size


@pytest.mark.parametrize(
    ("data", "filename", "error"),
    [
        (b"", "a.pdf", errors.FileEmpty),
        (b"x" * (33 * hostile_files.MIB), "a.txt", errors.FileTooLarge),
        (b"x", "a\u202efdp.exe", errors.FilenameUnusable),
    ],
    ids=["empty", "too large", "turning name"],
)
def test_unusable_upload_leaves_nothing(caisse, data, filename, error):
    with pytest.raises(error):
        _upload(caisse, data, filename)
    assert list(get_store().list_objects(f"{caisse.id}/")) == []
    with tenant_transaction(caisse):
        assert not Document.objects.exists()


def test_equal_files_stay_two_documents(caisse):
    one, two = _upload(caisse), _upload(caisse)
    with tenant_transaction(caisse):
        services.discard_document(actor=ANNA, document_id=one.id)
        services.discard_document(actor=ANNA, document_id=one.id)
    drain(caisse=caisse)
    assert not _object_of(caisse, one).exists()
    assert _object_of(caisse, two).exists()


def test_scan_of_a_discarded_document_is_given_up_quietly(caisse):
    document = _upload(caisse)
    with tenant_transaction(caisse):
        services.discard_document(actor=ANNA, document_id=document.id)
    drain(caisse=caisse)
    with tenant_transaction(caisse):
        assert not Entry.objects.filter(done_at__isnull=True).exists()


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:-1] + b"?", lambda data: data + b"x"])
def test_damaged_object_never_arrives_whole(caisse, damage):
    document = services.store_generated(
        caisse=caisse, actor=ANNA, content=bytes(600_000), filename="a.pdf", placement=Placement(kind="receipt")
    )
    path = _object_of(caisse, document)
    content = path.read_bytes()
    path.write_bytes(damage(content))
    received = []
    with pytest.raises(errors.DocumentDamaged):
        received.extend(services.open_document(caisse=caisse, document=document))
    assert sum(map(len, received)) < len(content)
    path.unlink()
    with pytest.raises(errors.DocumentDamaged):
        list(services.open_document(caisse=caisse, document=document))


def test_damaged_upload_is_refused_not_cleared(caisse):
    document = _upload(caisse)
    _object_of(caisse, document).write_bytes(b"something else")
    assert scanning.scan_document(caisse=caisse, document_id=document.id).refusal_code == "damaged"


def test_published_document_stands_in_the_dossier_and_stays(caisse):
    placement = Placement(kind="decision", title="Décision", party_id=ANNA.party_id, theme="salary")
    document = services.store_generated(
        caisse=caisse, actor=ANNA, content=b"%PDF-1.7", filename="d.pdf", placement=placement, publish=True
    )
    with tenant_transaction(caisse):
        again = services.publish_document(actor=ANNA, document_id=document.id)
        assert again.published_at == document.published_at
        assert selectors.list_dossier(party_id=ANNA.party_id, theme="salary") == [document]
        assert selectors.list_dossier(party_id=ANNA.party_id, theme="other") == []
        assert selectors.list_dossier(party_id=uuid4()) == []
        with pytest.raises(Conflict):
            services.discard_document(actor=ANNA, document_id=document.id)


def test_document_in_quarantine_cannot_be_published(caisse):
    document = _upload(caisse)
    with tenant_transaction(caisse), pytest.raises(errors.DocumentNotClean):
        services.publish_document(actor=ANNA, document_id=document.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"}, {"size_bytes": -1}, {"sha256": "x"}, {"state": "refused"}, {"refusal_code": "virus"},
        {"published_at": clock.now()},
    ],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
def test_database_keeps_the_invariants_itself(caisse, wrong):
    document = _upload(caisse)
    with pytest.raises(IntegrityError), tenant_transaction(caisse):
        Document.objects.filter(id=document.id).update(**wrong)


def test_document_is_not_found_unless_a_gate_opens_it(caisse, other_caisse):
    document = _upload(caisse, title="Löhne")
    access.register_gate(_only_anna)
    with tenant_transaction(caisse):
        assert access.access_document(ANNA, document.id) == document
        for stranger, id_ in ((Actor.system("x"), document.id), (ANNA, uuid4())):
            with pytest.raises(NotFound):
                access.access_document(stranger, id_)
    with tenant_transaction(other_caisse), pytest.raises(NotFound):
        access.access_document(ANNA, document.id)


def _only_anna(viewer: Actor, document: Document) -> bool:
    return viewer.user_id == ANNA.user_id == document.uploaded_by


def test_store_is_compared_and_cleared_at_the_terminal(caisse):
    def run(*more):
        out = io.StringIO()
        call_command("caisse", "store", caisse.slug, *more, "--json", stdout=out, stderr=io.StringIO())
        return json.loads(out.getvalue())

    kept, lost = _upload(caisse), _upload(caisse)
    _object_of(caisse, lost).unlink()
    get_store().put(f"{caisse.id}/forgotten", [b"x"])
    missing = [key_of(caisse, lost.id)]
    assert run("--remove") == {"forgotten": 0, "removed": 0, "missing": missing}, "an upload may be on its way"
    with clock.travel(clock.now() + timedelta(days=2)):
        assert run() == {"forgotten": 1, "removed": 0, "missing": missing}
        assert run("--remove") == {"forgotten": 1, "removed": 1, "missing": missing}
        assert run() == {"forgotten": 0, "removed": 0, "missing": missing}
    assert _object_of(caisse, kept).exists()


def test_store_and_rows_are_compared(caisse):
    kept, lost = _upload(caisse), _upload(caisse)
    _object_of(caisse, lost).unlink()
    get_store().put(f"{caisse.id}/forgotten", [b"x"])
    now = reconciling.compare_store(caisse=caisse)
    assert (now.forgotten, now.missing) == ((), (key_of(caisse, lost.id),))
    with clock.travel(clock.now() + timedelta(days=2)):
        assert reconciling.compare_store(caisse=caisse).forgotten == (f"{caisse.id}/forgotten",)
        assert reconciling.remove_forgotten(caisse=caisse) == 1
    assert _object_of(caisse, kept).exists()
