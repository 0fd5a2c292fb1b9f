"""Having an upload unpacked and each file in it recognised by the child; the worker's part."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from django.db.models import Func, UUIDField, Value

from core.catalogue import registry
from core.documents import scanning, storage, storing
from core.documents.errors import StorageFull
from core.documents.models import Document
from core.documents.models import State as DocumentState
from core.documents.services import Placement, discard_document, record_upload
from core.documents.sniffing import ZIP
from core.intake.jobs import FILES_FOLDER, ParseJob
from core.intake.limits import Limits
from core.intake.refusals import ArchiveTooMany
from core.intake.runner import run_child
from core.kernel import clock
from core.kernel.actors import Actor
from core.messaging.batches import MEMBER
from core.messaging.batches.judging import judge_files
from core.messaging.checks import build_type_context
from core.messaging.files import FileUnsafe
from core.messaging.jobs import scratch
from core.messaging.models import Batch, BatchFile
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.documents.storing import StoredFile
    from core.outbox.handlers import Job
    from tenants.scope import CaisseRef

log = structlog.get_logger(__name__)
MOST_FILES = 1_000
WALL_SECONDS = 60
# An archive is no document: the scanner says so, while each file in it is judged as one.
NO_DOCUMENT = "type_not_accepted"
_LOOKING = Batch.States.LOOKING


def look_at(job: Job) -> None:
    """Unpack one upload of a batch and write down its files; after the last one, whose they are. Repeatable."""
    caisse, wanted = job.caisse, UUID(job.payload["document"])
    with tenant_transaction(caisse):
        batch = Batch.objects.filter(id=job.payload["batch"], state=_LOOKING, uploads__contains=[wanted]).first()
        document = Document.objects.filter(id=wanted).first() if batch else None
    if batch is None or document is None:
        return
    if document.media_type == ZIP:
        document = scanning.scan_document(caisse=caisse, document_id=document.id)
        if document.state == DocumentState.REFUSED and document.refusal_code != NO_DOCUMENT:
            _fail(caisse, batch, FileUnsafe.code, {"refusal": document.refusal_code})
            return
    folder = Path(tempfile.mkdtemp(prefix="relais-batch-", dir=scratch()))
    try:
        _unpack(caisse, batch, document, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(caisse: CaisseRef, batch: Batch, document: Document, folder: Path) -> None:
    source = folder / "source"
    with source.open("wb") as file:
        file.writelines(storing.stream_verified(caisse, document))
    with tenant_transaction(caisse):
        context = build_type_context(batch.type_key)
    asked = ParseJob(
        task="unpack",
        plan=registry.get_type(batch.type_key).plan or "",
        source=source,
        output=folder / "out",
        message_id=str(batch.id),
        choices={"name": document.filename},
        context=context,
    )
    result = run_child(asked, limits=Limits(wall_seconds=WALL_SECONDS))
    if result.refusal is not None:
        if result.failure:
            log.error("unpacking_child_failed", failure=result.failure)
        _fail(caisse, batch, result.refusal.code, dict(result.refusal.params))
        return
    _keep(caisse, batch, document, result.summary["files"], asked.output / FILES_FOLDER)


def _keep(
    caisse: CaisseRef, batch: Batch, document: Document, listed: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    """Store what was unpacked, then write everything down in one commit; ``caisse store`` finds what never commits."""
    with tenant_transaction(caisse):
        room = storage.check_room()
    if sum(one["size"] for one in listed if one["stored"]) > room:
        _fail(caisse, batch, StorageFull.code, {})
        return
    stored = [_store(caisse, one, folder) if one["stored"] and not one["refusal"] else None for one in listed]
    with tenant_transaction(caisse):
        if not _take(batch, document):
            return
        count = BatchFile.objects.filter(batch=batch).count()
        if count + len(listed) > MOST_FILES:
            _set_failed(batch, ArchiveTooMany.code, {"limit": MOST_FILES})
            return
        actor = Actor(kind="party", name=batch.user_name, user_id=batch.user_id, assurance_level=batch.level)
        BatchFile.objects.bulk_create(
            _row(batch, one, _document_of(actor, one, file, document), count + place)
            for place, (one, file) in enumerate(zip(listed, stored, strict=True), start=1)
        )
        if any(one["stored"] or one["refusal"] for one in listed):
            discard_document(actor=actor, document_id=document.id)
        _settle(batch)


def _store(caisse: CaisseRef, one: Mapping[str, Any], folder: Path) -> StoredFile:
    with (folder / one["stored"]).open("rb") as file:
        return storing.store_file(
            caisse=caisse, chunks=storing.chunks_of(file), filename=_safe(one["name"]), limit_bytes=one["size"]
        )


def _safe(name: str) -> str:
    """Return a packed name without what turns the reading direction; the name is shown, and proves nothing."""
    return "".join(char for char in name if char.isprintable()) or "file"


def _take(batch: Batch, document: Document) -> int:
    """Take an upload from those that wait: of two workers with the same one, the first."""
    waiting = Batch.objects.filter(id=batch.id, state=_LOOKING, uploads__contains=[document.id])
    rest = Func("uploads", Value(document.id, output_field=UUIDField()), function="array_remove")
    return waiting.update(uploads=rest, changed_at=clock.now())


def _row(batch: Batch, one: Mapping[str, Any], document_id: UUID | None, position: int) -> BatchFile:
    refusal = one["refusal"] or {"code": "", "params": {}}
    return BatchFile(
        batch=batch,
        position=position,
        document_id=document_id,
        name=one["name"][-300:],
        kind=one["kind"],
        size_bytes=one.get("size", 0),
        sha256=one.get("sha256", ""),
        owners=[number[:60] for number in one["owners"]][:20],
        reason=refusal["code"] or "waiting",
        params=refusal["params"],
    )


def _document_of(actor: Actor, one: Mapping[str, Any], stored: StoredFile | None, document: Document) -> UUID | None:
    """Return the document of one file: recorded now for what was unpacked, none for what cannot be read."""
    if stored is not None:
        return record_upload(actor=actor, stored=stored, placement=Placement(kind=MEMBER)).id
    return None if one["refusal"] else document.id


def _settle(batch: Batch) -> None:
    """After the last upload, judge all files and let their user see them."""
    if not Batch.objects.filter(id=batch.id, state=_LOOKING, uploads=[]).exists():
        return
    judge_files(batch)
    total = BatchFile.objects.filter(batch=batch).count()
    Batch.objects.filter(id=batch.id, state=_LOOKING).update(
        state=Batch.States.READY, total=total, changed_at=clock.now()
    )


def _fail(caisse: CaisseRef, batch: Batch, code: str, params: Mapping[str, Any]) -> None:
    with tenant_transaction(caisse):
        _set_failed(batch, code, params)


def _set_failed(batch: Batch, code: str, params: Mapping[str, Any]) -> None:
    """Say why nothing can be done with these files; they are deleted."""
    if not Batch.objects.filter(id=batch.id, state=_LOOKING).update(
        state=Batch.States.FAILED, fault=code, fault_params=dict(params), changed_at=clock.now()
    ):
        return
    system = Actor.system("batches")
    held = [one.document_id for one in BatchFile.objects.filter(batch=batch) if one.document_id is not None]
    current = Batch.objects.get(id=batch.id)
    for document_id in {*held, *current.uploads}:
        discard_document(actor=system, document_id=document_id)
    BatchFile.objects.filter(batch=batch).delete()
    Batch.objects.filter(id=batch.id).update(uploads=[])
