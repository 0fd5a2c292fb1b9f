"""The jobs "export", "import", "delete" and "discard" of the provisioning worker."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from core.kernel import clock
from core.outbox import secrets
from core.transfer import files, removing, services
from core.transfer.archive import CHUNK_BYTES
from core.transfer.errors import ExportDamaged, ExportOfOtherTables, ExportUnknown, ExportUntrusted, NoExport, WrongKey
from core.transfer.exporting import Export
from core.transfer.importing import Import, import_caisse
from core.transfer.kinds import DELETE, DISCARD, EXPORT, IMPORT
from core.transfer.models import TransferFile
from core.transfer.undoing import TAKING_AWAY
from tenants.errors import CaisseBusy, ProvisioningInProgress
from tenants.jobs.errors import TryLater
from tenants.jobs.kinds import register_job_kind
from tenants.models import Caisse
from tenants.scope import platform_transaction
from tenants.services import get_caisse_by_slug

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from tenants.jobs.running import RunningJob


# What is wrong with the file itself, or with what was said of it: another try would end the same.
NEVER_FITS = (NoExport, WrongKey, ExportDamaged, ExportUntrusted, ExportOfOtherTables)


def register() -> None:
    """Join the kinds of jobs."""
    register_job_kind(EXPORT, run_export)
    register_job_kind(IMPORT, run_import)
    register_job_kind(DELETE, run_delete)
    register_job_kind(DISCARD, run_discard)


def run_export(job: RunningJob) -> dict[str, Any]:
    """Make the file and let it wait in the store; repeatable, since a new run replaces the pieces of a killed one."""
    with platform_transaction():
        row = get_caisse_by_slug(job.slug)
        known = TransferFile.objects.filter(id=job.id).first()
    job.remember(caisse_id=row.id)
    if known is not None:
        return _described(known)
    export = Export(caisse=row.ref, actor=job.actor, public_key=job.order["public_key"], progress=job.progress)
    # On this machine first, encrypted: the store is not written while the rows' transaction is open.
    with tempfile.TemporaryFile(dir=_scratch()) as draft:
        for piece in export.pieces():
            draft.write(piece)
        draft.seek(0)
        stored = files.store_pieces(job.id, _pieces_of(draft))
    services.note_export(actor=job.actor, caisse=row.ref, public_key=export.public_key)
    now = clock.now()
    file = TransferFile(
        id=job.id,
        kind=TransferFile.Kinds.EXPORT,
        caisse_id=row.id,
        slug=job.slug,
        public_key=export.public_key,
        size_bytes=stored.size_bytes,
        sha256=stored.digest.hexdigest(),
        made_by=job.actor.name,
        made_by_id=job.actor.user_id,
        made_at=now,
        kept_until=now + timedelta(days=settings.EXPORT_KEPT_DAYS),
    )
    with platform_transaction():
        file.save(force_insert=True)
    return _described(file)


def run_import(job: RunningJob) -> dict[str, Any]:
    """Make a caisse of an uploaded export, then forget the upload and its key; repeatable.

    What can never become a caisse is forgotten too; after any other error the work can go on.
    """
    if _made_by(job):
        files.erase_file(UUID(job.order["file"]))
        return {}
    with platform_transaction():
        file = TransferFile.objects.filter(id=UUID(job.order["file"]), kind=TransferFile.Kinds.IMPORT).first()
    if file is None or file.sealed_key is None:
        raise ExportUnknown
    asked = Import(
        source=lambda: files.read_pieces(file.id),
        private_key=secrets.unseal(bytes(file.sealed_key))["key"],
        slug=job.slug,
        actor=job.actor,
        hosts=tuple((host, prefix) for host, prefix in job.order.get("hosts", [])),
        trusted_key=job.order.get("trusted_key", ""),
        size_bytes=file.size_bytes,
        progress=job.progress,
        job=str(job.id),
    )
    try:
        made = import_caisse(asked)
    except ProvisioningInProgress as error:
        raise TryLater from error
    except NEVER_FITS:
        files.erase_file(file.id)  # and with it the key
        raise
    job.remember(
        caisse_id=made.caisse.id,
        rows=made.rows,
        documents=made.documents,
        enter_anew=[f"{one.section}.{one.field}" for one in made.secrets_absent],
    )
    files.erase_file(file.id)
    return {}


def _made_by(job: RunningJob) -> bool:
    """Whether this very job has opened the caisse, killed before it could say so."""
    with platform_transaction():
        made = Caisse.objects.filter(slug=job.slug, request__options__job=str(job.id))
        row = made.exclude(state=Caisse.States.PROVISIONING).first()
    if row is not None:
        job.remember(caisse_id=row.id)
    return row is not None


def run_delete(job: RunningJob) -> dict[str, Any]:
    """Delete a caisse whose day has come; repeatable."""
    try:
        deletion = removing.run_deletion(deletion_id=UUID(job.order["deletion"]), progress=job.progress)
    except CaisseBusy as error:
        raise TryLater from error
    return {"deletion": str(deletion.id)}


def run_discard(job: RunningJob) -> dict[str, Any]:
    """Take away a caisse that never opened and that no job can finish or take back; repeatable."""
    with platform_transaction():
        row = Caisse.objects.filter(pk=job.order["caisse"]).first()
    if row is None:
        return {}  # a killed run had got to the end
    job.progress(TAKING_AWAY, 1, 1)
    try:
        removing.delete_unopened(caisse=row.ref)
    except (ProvisioningInProgress, CaisseBusy) as error:
        raise TryLater from error
    return {}


def _described(file: TransferFile) -> dict[str, Any]:
    return {"file": str(file.id), "size_bytes": file.size_bytes, "sha256": file.sha256}


def _scratch() -> Path:
    folder = Path(settings.DATA_DIR) / "scratch"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _pieces_of(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK_BYTES):
        yield piece
