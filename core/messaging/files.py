"""Files that come with a message: received, judged at once, opened by who may see the message."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from core.configuration import configuration
from core.configuration.sections import IntakeSection
from core.documents import access as document_access
from core.documents import scanning
from core.documents.errors import ScannerUnavailable
from core.documents.models import State as DocumentState
from core.documents.refusals import explain
from core.documents.selectors import list_documents_of_message
from core.documents.selectors import list_dossier as list_published
from core.documents.services import Placement, discard_document, store_upload
from core.kernel.errors import InvalidInput, NotFound
from core.messaging import transitions
from core.messaging.access import access_message, sees_contents
from core.messaging.assurance import check_reading_theme
from core.messaging.desk_guards import is_open_to
from core.messaging.models import Message
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile

    from core.documents.models import Document
    from core.kernel.actors import Actor
    from core.kernel.text import Text
    from tenants.scope import CaisseRef

MEBIBYTE = 2**20
PURPOSES = ("data", "attachment", "scan")
DECISION = "decision"


class UnknownPurpose(InvalidInput):
    """Say what the file is for: data, attachment or scan."""

    code = "unknown_purpose"


class FileUnsafe(InvalidInput):
    """This file was not accepted because of what it contains. Save it without macros or scripts, as PDF or xlsx."""

    code = "file_unsafe"

    @property
    def message(self) -> Text:
        """The reason that the scanner gave, where it gave one: a virus asks for something else than macros do."""
        refusal = self.params.get("refusal")
        return explain(str(refusal)) if refusal else super().message


def receive_file(
    *, caisse: CaisseRef, actor: Actor, message: Message, upload: UploadedFile[bytes], purpose: str
) -> Document:
    """Store and judge a file; opens its own scopes. Raises ``file_unsafe`` and keeps nothing of such a file.

    Should the scanner be away, the file stays in quarantine and is judged later.
    """
    if purpose not in PURPOSES:
        raise UnknownPurpose
    limit = configuration.get(caisse, IntakeSection).upload_megabytes * MEBIBYTE
    document = store_upload(
        caisse=caisse,
        actor=actor,
        chunks=upload.chunks(),
        filename=upload.name or "file",
        placement=Placement(kind=purpose, party_id=message.party_id, message_id=message.id, theme=message.theme),
        limit_bytes=limit,
    )
    try:
        judged = scanning.scan_document(caisse=caisse, document_id=document.id)
    except ScannerUnavailable:
        return document
    if judged.state == DocumentState.REFUSED and purpose != "data":
        with tenant_transaction(caisse):
            discard_document(actor=actor, document_id=document.id)
        raise FileUnsafe(refusal=judged.refusal_code)
    return judged


def note_attachment(*, actor: Actor, message: Message, document: Document) -> None:
    """Add the step "document added" to a message's history, without the file's name."""
    transitions.append_event(
        message=message, name="document_added", actor=actor, data={"document_id": str(document.id)}, internal=True
    )


def access_document(viewer: Actor, document_id: UUID) -> Document:
    """Return a document that the viewer may see, or raise ``not_found``."""
    return document_access.access_document(viewer, document_id)


def may_open(viewer: Actor, document: Document) -> bool:
    """Whether a document's message, or for papers without one its party and theme, is open to the viewer."""
    if document.message_id is None:
        open_here = is_open_to(viewer, document.party_id) if viewer.is_desk else viewer.party_id == document.party_id
        if not open_here or not viewer.may_read(document.theme) or document.theme in viewer.types:
            return False
        check_reading_theme(viewer, document.theme)
        return True
    if _is_withheld(viewer, document):
        return False
    try:
        message = access_message(viewer, document.message_id)
    except NotFound:
        return False
    return sees_contents(viewer, message)


def list_documents(viewer: Actor, message: Message) -> list[Document]:
    """Return a message's documents that the viewer may know of, in the order of their arrival."""
    return [one for one in list_documents_of_message(message.id) if not _is_withheld(viewer, one)]


def list_dossier(viewer: Actor, theme: str) -> list[Document]:
    """Return a theme's published documents that the viewer may open."""
    only = viewer.types.get(theme)
    messages = None
    if only is not None:
        found = Message.objects.filter(party_id=viewer.party, theme=theme, type_key__in=sorted(only))
        messages = found.values("id")
    return list_published(party_id=viewer.party, theme=theme, displayed=True, of_messages=messages)


def _is_withheld(viewer: Actor, document: Document) -> bool:
    """Whether this is a decision that the caisse has not published: the party must not know of it."""
    return not viewer.is_desk and document.kind == DECISION and document.published_at is None


def bind() -> None:
    """Let documents be opened by the rights of their messages."""
    document_access.register_gate(may_open)


def disposition(filename: str) -> str:
    """Return a Content-Disposition that offers the file under its own name in every browser."""
    plain = filename.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
