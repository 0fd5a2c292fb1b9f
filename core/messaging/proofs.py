"""The document that proves a mandate or a death: received and examined like any file, opened by who may see it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.accounts.models import Mandate
from core.configuration import configuration
from core.configuration.sections import IntakeSection
from core.documents import access as document_access
from core.documents import scanning
from core.documents.errors import ScannerUnavailable
from core.documents.models import State
from core.documents.services import Placement, discard_document, store_upload
from core.kernel.errors import InvalidInput, RelaisError
from core.messaging.desk_guards import is_open_to
from core.messaging.files import MEBIBYTE, FileUnsafe
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from core.documents.models import Document
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

PROOF, LIST, DEATH = "mandate_proof", "mandate_list", "death_proof"


class ProofMissing(InvalidInput):
    """Choose the file."""

    code = "proof_missing"


def store_proof(
    *,
    caisse: CaisseRef,
    actor: Actor,
    upload: UploadedFile[bytes] | None,
    party_id: UUID | None = None,
    kind: str = PROOF,
) -> Document:
    """Store and judge a proof, or a list of mandates; opens its own scopes. Raises ``proof_missing``, ``file_unsafe``.

    ``party_id`` says to whose file it belongs: the asker's own, or at the desk whom it concerns.
    """
    if upload is None:
        raise ProofMissing
    document = store_upload(
        caisse=caisse,
        actor=actor,
        chunks=upload.chunks(),
        filename=upload.name or "proof",
        placement=Placement(kind=kind, party_id=party_id or actor.party_id),
        limit_bytes=configuration.get(caisse, IntakeSection).upload_megabytes * MEBIBYTE,
    )
    try:
        judged = scanning.scan_document(caisse=caisse, document_id=document.id)
    except ScannerUnavailable:
        return document
    if judged.state == State.REFUSED:
        drop_proof(caisse=caisse, actor=actor, document_id=document.id)
        raise FileUnsafe(refusal=judged.refusal_code)
    return judged


def drop_proof(*, caisse: CaisseRef, actor: Actor, document_id: UUID) -> None:
    """Delete a proof that nothing rests on."""
    with tenant_transaction(caisse):
        discard_document(actor=actor, document_id=document_id)


@contextmanager
def resting_on(document: Document | None, *, caisse: CaisseRef, actor: Actor) -> Iterator[None]:
    """Open the scope in which something is written that rests on a proof; what is refused drops the proof too."""
    try:
        with tenant_transaction(caisse):
            yield
    except RelaisError:
        if document is not None:
            drop_proof(caisse=caisse, actor=actor, document_id=document.id)
        raise


def may_open_proof(viewer: Actor, document: Document) -> bool:
    """Whether a proof is open: to clerks, to the asker's administrators, to both sides'; of a death: to clerks."""
    if document.kind == DEATH:
        return viewer.is_desk and is_open_to(viewer, document.party_id)
    if document.kind != PROOF:
        return False
    if viewer.is_desk:
        return is_open_to(viewer, document.party_id)
    if viewer.acting_party_id != viewer.party_id or "administrator" not in viewer.roles:
        return False
    if viewer.party_id == document.party_id:
        return True
    proved = Mandate.objects.filter(document_id=document.id).values_list("acting_party_id", "for_party_id")
    return any(viewer.party_id in sides for sides in proved)


def bind() -> None:
    """Let proofs be opened by these rights."""
    document_access.register_gate(may_open_proof)
