"""Taking away what a creation, an import or an export has made that an operator wants no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from core.configuration.jobs import CREATE
from core.kernel.text import N_
from core.transfer import files
from core.transfer.importing import remove_unopened
from core.transfer.kinds import EXPORT, IMPORT
from core.transfer.models import TransferFile
from tenants import owning
from tenants.errors import CaisseBusy
from tenants.jobs.errors import TryLater
from tenants.jobs.kinds import register_undo
from tenants.models import Caisse
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from tenants.jobs.running import RunningJob

TAKING_AWAY = N_("taking away what was made")


def register() -> None:
    """Say how each kind of work is taken away; a deletion that has begun can only go on."""
    register_undo(CREATE, undo_caisse)
    register_undo(IMPORT, undo_import)
    register_undo(EXPORT, undo_export)


def undo_caisse(job: RunningJob) -> bool:
    """Take away the caisse that this job began, unless it has opened her: then False. With the provisioner's rights."""
    with owning.exclusive(f"relais caisse {job.slug}") as got:
        if not got:
            raise TryLater
        with platform_transaction():
            row = Caisse.objects.filter(slug=job.slug, request__options__job=str(job.id)).first()
        if row is None:
            return True
        if row.state != Caisse.States.PROVISIONING:
            return False
        job.progress(TAKING_AWAY, 1, 1)
        try:
            remove_unopened(row.ref)
        except CaisseBusy as error:
            raise TryLater from error
    return True


def undo_import(job: RunningJob) -> bool:
    """Take away the caisse that an import began, then the upload with its key."""
    if not undo_caisse(job):
        return False
    files.erase_file(UUID(job.order["file"]))
    return True


def undo_export(job: RunningJob) -> bool:
    """Erase the pieces of an export, unless it can be fetched already: then False."""
    with platform_transaction():
        is_made = TransferFile.objects.filter(id=job.id).exists()
    if not is_made:
        files.erase_pieces(job.id)
    return not is_made
