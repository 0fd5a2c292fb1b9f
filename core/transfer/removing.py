"""The deletion itself: counting what there was, erasing, dropping, and the certificate; a killed run goes on."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from psycopg import sql

from core.documents.models import Document
from core.kernel import clock
from core.kernel.text import N_
from core.transfer import certificates, tables
from core.transfer.deleting import State, access_deletion
from core.transfer.errors import CaisseWasOpen, DeletionMoved
from core.transfer.importing import erase_documents, remove_unopened
from core.transfer.models import Deletion, TransferFile
from tenants import owning, removal, services
from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import ProvisioningInProgress
from tenants.jobs.errors import TryLater
from tenants.jobs.models import PlatformJob
from tenants.models import Caisse
from tenants.scope import CaisseRef, platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from core.kernel.text import Text

    Progress = Callable[[Text, int, int], None]

COUNTING, ERASING, DROPPING = N_("counting what there is"), N_("deleting the documents"), N_("deleting the data")


def delete_unopened(*, caisse: CaisseRef) -> None:
    """Take away at once what never opened. Raises ``CaisseWasOpen``. With the provisioner's rights."""
    with owning.exclusive(f"relais caisse {caisse.slug}") as got:
        if not got:
            raise ProvisioningInProgress(slug=caisse.slug)
        with platform_transaction():
            if services.get_caisse_by_slug(caisse.slug).state != Caisse.States.PROVISIONING:
                raise CaisseWasOpen(slug=caisse.slug)
        remove_unopened(caisse)


def run_deletion(*, deletion_id: UUID, progress: Progress) -> Deletion:
    """Delete the caisse and make the certificate; a killed run is taken up where it was. With the provisioner's rights.

    Raises ``DeletionMoved`` when it is cancelled or its day has not come.
    """
    with platform_transaction():
        due = Deletion.objects.filter(id=deletion_id, state=State.WAITING, due_at__lte=clock.now())
        due.update(state=State.RUNNING)
        deletion = access_deletion(deletion_id)
    if deletion.state == State.DONE:
        return deletion
    if deletion.state != State.RUNNING:
        raise DeletionMoved
    caisse = CaisseRef(deletion.caisse_id, deletion.slug)
    with owning.exclusive(f"relais caisse {caisse.slug}") as got:
        if not got:
            raise TryLater
        # Another worker may have come to the end between the look and the turn.
        with platform_transaction():
            deletion = access_deletion(deletion_id)
        if deletion.state == State.DONE:
            return deletion
        progress(COUNTING, 1, 3)
        if not deletion.facts:
            deletion.facts = _count(caisse)
            with platform_transaction():
                Deletion.objects.filter(id=deletion.id).update(facts=deletion.facts)
        progress(ERASING, 2, 3)
        erase_documents(caisse)
        progress(DROPPING, 3, 3)
        _drop(caisse, deletion)
    return deletion


def _count(caisse: CaisseRef) -> dict[str, Any]:
    """Return rows per table, and number, size and one digest of the documents, without any contents."""
    with tenant_transaction(caisse), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        rows = {}
        for model in tables.list_models():
            name = model._meta.db_table
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            rows[name] = cursor.fetchone()[0]
        digest, size, count = hashlib.sha256(), 0, 0
        for sha256, size_bytes in Document.objects.order_by("id").values_list("sha256", "size_bytes").iterator():
            digest.update(f"{sha256}\n".encode())
            size, count = size + size_bytes, count + 1
    return {"tables": rows, "documents": count, "document_bytes": size, "documents_sha256": digest.hexdigest()}


def _drop(caisse: CaisseRef, deletion: Deletion) -> None:
    """Drop schema, role and rows, and keep the certificate, in one transaction: there is no state between."""
    now = clock.now()
    with platform_transaction():
        last = TransferFile.objects.filter(caisse_id=caisse.id, kind="export").order_by("-made_at").first()
    made = certificates.make_certificate(deletion, done_at=now, last_export=last)
    with removal.removing(caisse):
        removal.drop_rows(caisse, keep=tables.PLATFORM_KEEPS)
        jobs = PlatformJob.objects.using(EXEMPT_ALIAS).filter(slug=caisse.slug)
        jobs.exclude(state=PlatformJob.States.RUNNING).delete()
        Deletion.objects.using(EXEMPT_ALIAS).filter(id=deletion.id, state=State.RUNNING).update(
            state=State.DONE,
            done_at=now,
            slug_kept_until=now + timedelta(days=settings.SLUG_KEPT_DAYS),
            certificate=made.json_bytes,
            certificate_signature=made.signature_file,
            certificate_pdf=made.pdf,
        )
