"""Making a caisse of an export: checked whole first, filled while nobody can see it, opened at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.db import transaction

from core.audit.services import record
from core.configuration import directory
from core.configuration.models import SectionVersion
from core.documents import effects, storage, trust
from core.documents.errors import StoreUnavailable
from core.documents.models import Document, State
from core.documents.ports import PortUnavailable, get_store
from core.documents.storing import key_of
from core.kernel import clock
from core.kernel.text import N_
from core.messaging import jobs, mandate_lists
from core.messaging.batches import going_on
from core.messaging.models import Job as FileJob
from core.outbox.services import enqueue
from core.transfer import archive, loading, sealing, snapshot, tables
from core.transfer.checking import Checked, check_export, watched
from core.transfer.errors import ExportDamaged
from tenants import hosts, owning, provisioning, removal
from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import ProvisioningInProgress, SlugTaken
from tenants.models import Caisse
from tenants.registration import Request
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.kernel.actors import Actor
    from core.kernel.text import Text
    from core.transfer.archive import Part
    from core.transfer.manifest import MissingSecret
    from tenants.registration import Job
    from tenants.scope import CaisseRef

    Progress = Callable[[Text, int, int], None]
    Source = Callable[[], Iterator[bytes]]

log = structlog.get_logger(__name__)
CHECKING = N_("checking the export")
TABLES = N_("tables and rights")
ROWS = N_("data")
DOCUMENTS = N_("documents")
OPENING = N_("opening the portal")
_CHECKED, _DOCUMENTS_FROM = 30, 60
_EACH = 25


@dataclass(frozen=True, slots=True)
class Import:
    """What is asked for. ``source`` gives the sealed file's bytes from the beginning, each time anew.

    ``job`` is kept with the caisse, so that the job finds out that it has made her.
    """

    source: Source
    private_key: str
    slug: str
    actor: Actor
    hosts: tuple[tuple[str, str], ...] = ()
    trusted_key: str = ""
    job: str = ""
    size_bytes: int = 0
    progress: Progress = lambda _label, _number, _total: None

    def plain(self) -> Iterator[bytes]:
        """Yield the archive."""
        return sealing.decrypt(self.source(), self.private_key)

    def plain_while_checked(self) -> Iterator[bytes]:
        """Yield the archive and tell how much of it has been read."""
        return sealing.decrypt(self._counted(), self.private_key)

    def _counted(self) -> Iterator[bytes]:
        told, read = 1, 0
        for chunk in self.source():
            read += len(chunk)
            # At least one byte, for a file that is empty.
            share = 1 + (_CHECKED - 1) * read // max(self.size_bytes, read, 1)
            if self.size_bytes and share > told:
                self.progress(CHECKING, share, 100)
                told = share
            yield chunk


@dataclass(frozen=True, slots=True)
class Imported:
    """The new caisse, and what must be entered anew in it."""

    caisse: CaisseRef
    secrets_absent: tuple[MissingSecret, ...]
    rows: int
    documents: int


def import_caisse(asked: Import) -> Imported:
    """Make a caisse of an export, whole or not at all; what an interrupted run left is cleared first.

    Raises what the checks of export, slug and addresses raise; then nothing was made.
    """
    asked.progress(CHECKING, 1, 100)
    checked = check_export(asked.plain_while_checked(), trusted_key=asked.trusted_key)
    loading.check_version(checked.manifest)
    with owning.exclusive(f"relais caisse {asked.slug}") as got:
        if not got:
            raise ProvisioningInProgress(slug=asked.slug)
        clear_interrupted(asked.slug)
        job = provisioning.reserve_for_import(
            Request(
                slug=asked.slug,
                name=checked.manifest.name,
                hosts=tuple(asked.hosts),
                options={"job": asked.job},
            )
        )
        try:
            _fill(asked, job, checked)
        except Exception:
            # Whatever it was: a caisse that is not whole is none. A kill is cleared by the next run.
            remove_unopened(job.caisse)
            raise
    return Imported(
        caisse=replace(job.caisse, state="active"),
        secrets_absent=checked.manifest.secrets_absent,
        rows=sum(checked.closing.rows.values()),
        documents=checked.closing.documents,
    )


def clear_interrupted(slug: str) -> None:
    """Take away what an import under this slug left when it was killed."""
    row = Caisse.objects.using(EXEMPT_ALIAS).filter(slug=slug).first()
    if row is None:
        return
    if row.state != Caisse.States.PROVISIONING or not provisioning.is_import(row):
        raise SlugTaken(slug=slug)
    remove_unopened(row.ref)


def remove_unopened(caisse: CaisseRef) -> None:
    """Take away a caisse that never opened: documents, schema, role, rows. What operators did stays. Repeatable."""
    erase_documents(caisse)
    removal.drop_schema(caisse)
    with transaction.atomic(using=EXEMPT_ALIAS):
        removal.drop_rows(caisse, keep=tables.PLATFORM_KEEPS)


def erase_documents(caisse: CaisseRef) -> None:
    """Delete every object of a caisse from the store. Raises ``StoreUnavailable``; repeatable."""
    store = get_store()
    try:
        for found in list(store.list_objects(f"{caisse.id}/")):
            store.delete(found.key)
    except PortUnavailable as error:
        raise StoreUnavailable from error


def _fill(asked: Import, job: Job, checked: Checked) -> None:
    asked.progress(TABLES, _CHECKED + 1, 100)
    loading.make_tables(job, checked.manifest)
    asked.progress(ROWS, _CHECKED + 5, 100)
    caisse = replace(job.caisse, state="active")
    parts = _Parts(watched(asked.plain()))
    _load_rows(caisse, parts, checked)
    loading.complete_tables(caisse, checked.manifest)
    _store_documents(asked, caisse, parts, checked)
    asked.progress(OPENING, 99, 100)
    _settle(asked, caisse, checked)
    provisioning.activate(job)
    hosts.get_entry(caisse)
    directory.bring(caisse)


class _Parts:
    """The parts with the one at hand, so that one phase ends where the next begins."""

    def __init__(self, parts: Iterator[Part]) -> None:
        self._parts = parts
        self.part: Part | None = next(parts)

    def under(self, folder: str) -> Iterator[Part]:
        """Yield the parts of a folder, from the one at hand on."""
        while self.part is not None and self.part.name.startswith(folder):
            yield self.part
            self.part = next(self._parts, None)

    def skip_single(self) -> None:
        """Read over the parts that lie in no folder."""
        while self.part is not None and "/" not in self.part.name:
            self.part = next(self._parts, None)

    def finish(self) -> None:
        """Read to the end, so that the digests are compared."""
        while self.part is not None:
            self.part = next(self._parts, None)


def _load_rows(caisse: CaisseRef, parts: _Parts, checked: Checked) -> None:
    """Fill all tables in one transaction; foreign keys are compared at its end."""
    known = {table.name: table for table in checked.manifest.tables}
    counts = dict.fromkeys(known, 0)
    parts.skip_single()
    with loading.filling(caisse):
        for part in parts.under("tables/"):
            name = part.name.split("/")[1]
            if name not in known:
                raise ExportDamaged(place=part.name)
            counts[name] += loading.load_piece(known[name], part)
    if counts != checked.closing.rows:
        raise ExportDamaged(place=archive.CLOSING)


def _store_documents(asked: Import, caisse: CaisseRef, parts: _Parts, checked: Checked) -> None:
    count = 0
    for number, part in enumerate(parts.under("documents/")):
        if number % _EACH == 0:
            total = max(checked.closing.documents, 1)
            asked.progress(DOCUMENTS, _DOCUMENTS_FROM + (98 - _DOCUMENTS_FROM) * number // total, 100)
        if part.name == archive.WITHDRAWN:
            _drop_withdrawn(caisse, part)
        else:
            _store_document(caisse, part)
            count += 1
    parts.finish()
    with tenant_transaction(caisse):
        expected = Document.objects.exclude(state=State.REFUSED).count()
    if count != expected:
        raise ExportDamaged(place=archive.WITHDRAWN)


def _store_document(caisse: CaisseRef, part: Part) -> None:
    document_id = UUID(part.name.removeprefix("documents/"))
    with tenant_transaction(caisse):
        document = Document.objects.filter(id=document_id).exclude(state=State.REFUSED).first()
    if document is None:
        raise ExportDamaged(place=part.name)
    try:
        stored = get_store().put(key_of(caisse, document_id), part.chunks)
    except PortUnavailable as error:
        raise StoreUnavailable from error
    if (stored.size_bytes, stored.sha256) != (document.size_bytes, document.sha256):
        raise ExportDamaged(place=part.name)


def _drop_withdrawn(caisse: CaisseRef, part: Part) -> None:
    """Delete the rows of documents that were withdrawn between the rows' moment and the documents' turn."""
    ids = [UUID(line) for line in part.read().decode().split()]
    if ids:
        with tenant_transaction(caisse):
            Document.objects.filter(id__in=ids).delete()
            storage.recount()


def _settle(asked: Import, caisse: CaisseRef, checked: Checked) -> None:
    """Start anew the work that was under way, trust the keys of old receipts, and say in the audit what happened."""
    with tenant_transaction(caisse):
        _refuse_secrets()
        trust.bring_keys(checked.trust_lists)
        for document_id in Document.objects.filter(state=State.QUARANTINED).values_list("id", flat=True):
            enqueue(topic=effects.SCAN, payload={"document_id": str(document_id)})
        for job_id in FileJob.objects.filter(state__in=jobs.WORKING).values_list("id", flat=True):
            enqueue(topic=jobs.TOPIC, payload={"job_id": str(job_id)})
        going_on.go_on()
        mandate_lists.go_on()
        later = SectionVersion.objects.standing().filter(effective_from__gt=clock.now())
        for section, at in later.values_list("section", "effective_from"):
            directory.bring_later(changed=[section], at=at)
        record(
            actor=asked.actor,
            action="caisse_imported",
            object_type="caisse",
            object_id=caisse.id,
            data={
                "from_caisse": checked.manifest.caisse_id,
                "from_platform": checked.manifest.platform,
                "made_at": checked.manifest.made_at,
                "signed_by": checked.signed_by,
            },
        )


def _refuse_secrets() -> None:
    """Raise for an export that brings a setting which is a secret: ours never do, and one could name a file of ours."""
    for section, name in snapshot.secret_fields():
        rows = SectionVersion.objects.filter(section=section, **{f"value__{name}__isnull": False})
        if rows.exclude(**{f"value__{name}": ""}).exists():
            raise ExportDamaged(place=f"{section}.{name}")
