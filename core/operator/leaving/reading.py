"""Exports, deletions and the three kinds of jobs as the console's pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from core.kernel import clock
from core.kernel.text import N_
from core.operator.jobs.pages import JobPage, add_job_page
from core.transfer import deleting, files, keys
from core.transfer.errors import ExportUnknown
from core.transfer.kinds import DELETE, DISCARD, EXPORT, IMPORT
from core.transfer.models import Deletion, TransferFile
from tenants import hosts
from tenants.errors import CaisseUnknown
from tenants.portal import portal_url
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.operator.caisses.parts import View
    from tenants.jobs.models import PlatformJob

FILES_SHOWN = 10
STATES = {
    "asked": (N_("to be confirmed"), "warn"),
    "waiting": (N_("closed, waiting"), "warn"),
    "running": (N_("being deleted"), "info"),
    "done": (N_("deleted"), "ok"),
    "cancelled": (N_("cancelled"), ""),
}


def register() -> None:
    """Add the pages of the three kinds of jobs."""
    add_job_page(JobPage(EXPORT, N_("Export of the caisse %(slug)s"), "operator/leaving/_exported.html", read_exported))
    add_job_page(
        JobPage(
            IMPORT,
            N_("Import into the caisse %(slug)s"),
            "operator/leaving/_imported.html",
            read_imported,
            may_go_on=has_file,
            again_url=lambda _job: reverse("operator_import"),
            forget=lambda job: files.erase_file(UUID(job.order["file"])),
        )
    )
    add_job_page(
        JobPage(
            DELETE,
            N_("Deletion of the caisse %(slug)s"),
            "operator/leaving/_deleted.html",
            read_deleted,
            elsewhere_url=lambda job: reverse("operator_deletion", args=[job.order["deletion"]]),
        )
    )
    add_job_page(
        JobPage(DISCARD, N_("Throwing away the unfinished caisse %(slug)s"), "operator/leaving/_discarded.html")
    )


def read_part(view: View) -> dict[str, Any]:
    """Read what the caisse's page shows: her key, the last exports, a deletion that is under way."""
    is_ready = view.caisse.state != "provisioning"
    own_key = keys.get_public_key(view.caisse.ref) if is_ready else ""
    with platform_transaction():
        deletion = deleting.get_open_deletion(view.caisse.ref)
        return {
            "leaving_ready": is_ready,
            "own_key": own_key,
            "exports": list_exports(view.caisse.id),
            "deletion": describe_deletion(deletion, view.actor) if deletion else None,
            "wait_days": settings.DELETION_WAIT_DAYS,
        }


def list_exports(caisse_id: str) -> list[TransferFile]:
    """Return the newest exports of a caisse, those that were erased too. Platform scope."""
    found = TransferFile.objects.filter(caisse_id=caisse_id, kind=TransferFile.Kinds.EXPORT)
    return list(found.order_by("-made_at", "-id")[:FILES_SHOWN])


def access_export(viewer: Actor, file_id: UUID) -> TransferFile:
    """Return an export that can still be fetched. Raises ``ExportUnknown``. Platform scope."""
    waiting = TransferFile.objects.filter(kind=TransferFile.Kinds.EXPORT, erased_at__isnull=True)
    found = waiting.filter(id=file_id, kept_until__gt=clock.now()).first() if viewer.kind == "operator" else None
    if found is None:
        raise ExportUnknown
    return found


def describe_deletion(deletion: Deletion, viewer: Actor) -> dict[str, Any]:
    """Return a deletion with its state in words and what this operator may do."""
    label, chip = STATES[deletion.state]
    is_asked = deletion.state == Deletion.States.ASKED
    return {
        "row": deletion,
        "label": label,
        "chip": chip,
        "may_confirm": is_asked and viewer.user_id != deletion.asked_by_id,
        "waits_for_other": is_asked and viewer.user_id == deletion.asked_by_id,
        "may_cancel": is_asked or deletion.state == Deletion.States.WAITING,
    }


def read_exported(job: PlatformJob) -> dict[str, Any]:
    """Return the file that an export's job made."""
    with platform_transaction():
        file = TransferFile.objects.filter(id=UUID(job.result["file"])).first()
    return {"file": file}


def read_imported(job: PlatformJob) -> dict[str, Any]:
    """Return the caisse that came in and what is to be entered anew; nothing of one that was deleted since."""
    try:
        caisse = hosts.get_caisse(job.caisse_id)
    except CaisseUnknown:
        return {"caisse": None}
    return {"caisse": caisse, "portal": f"{portal_url(caisse)}/", "result": job.result}


def has_file(job: PlatformJob) -> bool:
    """Whether the upload is still there, so that its import can go on."""
    with platform_transaction():
        return TransferFile.objects.filter(id=UUID(job.order["file"]), erased_at__isnull=True).exists()


def read_deleted(job: PlatformJob) -> dict[str, Any]:
    """Return where the certificate is."""
    return {"deletion_url": reverse("operator_deletion", args=[job.result["deletion"]])}
