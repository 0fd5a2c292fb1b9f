"""What operators ask for when a caisse leaves or arrives: each act with its entry in the platform's audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel import clock
from core.kernel.text import N_
from core.operator.audit import name_actions, record_act
from core.transfer import deleting, keys, receiving, sealing
from core.transfer.kinds import EXPORT, IMPORT
from core.transfer.models import TransferFile
from tenants.addresses import find_holder, parse_address
from tenants.errors import HostTaken
from tenants.jobs.services import request_job
from tenants.reference import CaisseRef
from tenants.scope import platform_transaction
from tenants.slugs import check_slug_is_free

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.transfer.models import Deletion
    from tenants.jobs.models import PlatformJob

name_actions(
    {
        "export_asked": N_("Export of a caisse asked for"),
        "export_fetched": N_("Export of a caisse fetched"),
        "import_asked": N_("Import of a caisse asked for"),
        "deletion_asked": N_("Deletion of a caisse asked for"),
        "deletion_confirmed": N_("Deletion of a caisse confirmed"),
        "deletion_cancelled": N_("Deletion of a caisse cancelled"),
    }
)


def ask_export(*, actor: Actor, caisse: CaisseRef, public_key: str) -> PlatformJob:
    """Have the worker make an export. Raises what ``choose_public_key`` does, or ``JobOpen``."""
    key = keys.choose_public_key(caisse, public_key)
    with platform_transaction():
        order = {"public_key": key}
        job = request_job(actor=actor, kind=EXPORT, slug=caisse.slug, caisse_id=caisse.id, order=order)
        record_act(actor=actor, action="export_asked", caisse=caisse, data={"public_key": key})
    return job


def note_fetch(*, actor: Actor, file: TransferFile) -> None:
    """Record that an export left the platform."""
    with platform_transaction():
        TransferFile.objects.filter(id=file.id).update(fetched_at=clock.now())
        record_act(
            actor=actor,
            action="export_fetched",
            caisse=CaisseRef(file.caisse_id, file.slug),
            data={"file": str(file.id)},
        )


def ask_import(
    *, actor: Actor, file_id: UUID, private_key: str, slug: str, hosts: Iterable[str], trusted_key: str
) -> PlatformJob:
    """Have the worker open an uploaded export, check it and make a caisse of it.

    Raises what is wrong with slug, addresses or key; the upload is kept then, so that only these are typed again.
    """
    key = sealing.read_private_key(private_key)
    addresses = [parse_address(host) for host in hosts if host.strip()]
    order = {"file": str(file_id), "hosts": [list(one) for one in addresses], "trusted_key": trusted_key.strip()}
    with platform_transaction():
        check_slug_is_free(slug)
        for host, prefix in addresses:
            if find_holder(host, prefix):
                raise HostTaken(host=f"{host}/{prefix}".rstrip("/"))
        receiving.hand_over(file_id=file_id, private_key=key, slug=slug)
        job = request_job(actor=actor, kind=IMPORT, slug=slug, order=order)
        record_act(actor=actor, action="import_asked", data={"slug": slug, "file": str(file_id)})
    return job


def ask_deletion(*, actor: Actor, caisse: CaisseRef, reason: str) -> Deletion:
    """Ask for a caisse's deletion."""
    deletion = deleting.ask_deletion(actor=actor, caisse=caisse, reason=reason)
    _note(actor, "deletion_asked", deletion)
    return deletion


def confirm_deletion(*, actor: Actor, deletion_id: UUID) -> Deletion:
    """Confirm what another operator asked for."""
    deletion = deleting.confirm_deletion(actor=actor, deletion_id=deletion_id)
    _note(actor, "deletion_confirmed", deletion)
    return deletion


def cancel_deletion(*, actor: Actor, deletion_id: UUID) -> Deletion:
    """Give a deletion up."""
    deletion = deleting.cancel_deletion(actor=actor, deletion_id=deletion_id)
    _note(actor, "deletion_cancelled", deletion)
    return deletion


def _note(actor: Actor, action: str, deletion: Deletion) -> None:
    with platform_transaction():
        caisse = CaisseRef(deletion.caisse_id, deletion.slug)
        record_act(actor=actor, action=action, caisse=caisse, data={"deletion": str(deletion.id)})
