"""The PDFs of a message: its receipt and the caisse's decisions; made outside any transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from core.configuration import configuration
from core.configuration.sections import BrandingSection, ContactSection, LocaleSection
from core.configuration.speaking import in_every_language
from core.documents import scanning, storing
from core.documents.evidence import signing
from core.documents.evidence.branding import PaperBranding
from core.documents.evidence.labels import receipt_labels
from core.documents.evidence.notices import Letter, render_notice_pdf
from core.documents.evidence.receipts import render_receipt_pdf
from core.documents.models import Document
from core.documents.selectors import list_documents_of_message
from core.documents.services import (
    Placement,
    discard_document,
    publish_document,
    read_document,
    record_generated,
    store_generated,
    store_upload,
)
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import InvalidInput, NotFound
from core.messaging import desk, receipts, transitions
from core.messaging.access import access_message
from core.messaging.files import DECISION, FileUnsafe
from core.messaging.models import Receipt
from core.messaging.posting import post_decision
from core.messaging.presentation import reference_of
from tenants.portal import portal_url
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.documents.storing import StoredFile
    from core.messaging.models import Message, Proposal
    from tenants.scope import CaisseRef

RECEIPT = "receipt"
_PAGE = re.compile(rb"/Type\s*/Page\b")


class DecisionEmpty(InvalidInput):
    """A decision needs a title, and either its text or a PDF file."""

    code = "decision_empty"


class DecisionNotPdf(InvalidInput):
    """This is not a PDF file. Save the decision as PDF and choose it again."""

    code = "decision_not_pdf"


def get_receipt_pdf(*, caisse: CaisseRef, message_id: UUID | str) -> bytes:
    """Return the receipt's PDF: the stored one, else made now and kept. The same bytes every time."""
    wanted = UUID(str(message_id))
    with tenant_transaction(caisse):
        receipt = Receipt.objects.select_related("message__party").filter(message_id=wanted).first()
        if receipt is None:
            raise NotFound
        kept = [one for one in list_documents_of_message(wanted) if one.kind == RECEIPT]
    if kept:
        return read_document(caisse=caisse, document=kept[0])
    return _make_receipt_pdf(caisse, receipt)


def _make_receipt_pdf(caisse: CaisseRef, receipt: Receipt) -> bytes:
    pdf = _render(caisse, receipt)
    message = receipt.message
    store_generated(
        caisse=caisse,
        actor=Actor.system("receipts"),
        content=pdf,
        filename=f"{receipt.short_code}.pdf",
        placement=Placement(kind=RECEIPT, party_id=message.party_id, message_id=message.id, theme=message.theme),
    )
    return pdf


def count_receipt_pages(*, caisse: CaisseRef, receipt: Receipt) -> int:
    """Return how many pages the receipt's PDF has."""
    return len(_PAGE.findall(get_receipt_pdf(caisse=caisse, message_id=receipt.message_id)))


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision whose PDF is stored and that is not published yet: one that we set, or the caisse's own, judged."""

    message: Message
    title: str
    made: StoredFile | Document


def publish_decision(
    *,
    caisse: CaisseRef,
    actor: Actor,
    message_id: UUID,
    title: str,
    text: str = "",
    file: tuple[str, bytes] | None = None,
) -> Document:
    """Publish a decision into the party's dossier: the caisse's own PDF, or one set from ``text``.

    Opens its own scopes. Raises ``decision_empty``, ``decision_not_pdf`` for another kind of file, ``file_unsafe``.
    """
    made = make_decision(caisse=caisse, actor=actor, message_id=message_id, title=title, text=text, file=file)
    with tenant_transaction(caisse):
        return file_decision(actor=actor, decision=made)


def make_decision(
    *,
    caisse: CaisseRef,
    actor: Actor,
    message_id: UUID,
    title: str,
    text: str = "",
    file: tuple[str, bytes] | None = None,
) -> Decision:
    """Store a decision's PDF, outside any scope; what is never filed is forgotten like any stray object."""
    with tenant_transaction(caisse):
        message = access_message(actor, message_id)
        desk.check_desk(actor, message)
        transitions.check_confirmed(actor=actor, message=message, confirmed=None)
    subject = title.strip()
    if not subject or not (text.strip() or file):
        raise DecisionEmpty
    if file:
        return Decision(message, subject, take_own(caisse, actor, message, subject, file))
    return set_decision(caisse=caisse, message=message, title=subject, text=text)


def set_decision(*, caisse: CaisseRef, message: Message, title: str, text: str) -> Decision:
    """Set a decision from its text and store the PDF, outside any scope."""
    stored = storing.store_file(
        caisse=caisse,
        chunks=[print_decision(caisse, message, title, text)],
        filename="decision.pdf",
        limit_bytes=storing.DEFAULT_LIMIT,
    )
    return Decision(message, title, stored)


def take_own(caisse: CaisseRef, actor: Actor, message: Message, title: str, file: tuple[str, bytes]) -> Document:
    """Store the caisse's own PDF and have it judged like any file that comes from outside."""
    name, content = file
    if not content.startswith(b"%PDF-"):
        raise DecisionNotPdf
    document = store_upload(
        caisse=caisse,
        actor=actor,
        chunks=[content],
        filename=name,
        placement=_placement(message, title),
        limit_bytes=storing.DEFAULT_LIMIT,
    )
    judged = scanning.scan_document(caisse=caisse, document_id=document.id)
    if not judged.is_clean:
        with tenant_transaction(caisse):
            discard_document(actor=actor, document_id=document.id)
        raise FileUnsafe
    return judged


def _placement(message: Message, title: str) -> Placement:
    return Placement(kind=DECISION, title=title, party_id=message.party_id, message_id=message.id, theme=message.theme)


def file_decision(*, actor: Actor, decision: Decision, confirmed: Proposal | None = None) -> Document:
    """Put a decision into the dossier, with its step and its notices, in the caller's scope."""
    message = decision.message
    if isinstance(decision.made, Document):
        document = publish_document(actor=actor, document_id=decision.made.id)
    else:
        placement = _placement(message, decision.title)
        document = record_generated(actor=actor, stored=decision.made, placement=placement, publish=True)
    way = post_decision(message=message, document_id=document.id, title=decision.title)
    desk.note_decision(
        actor=actor, message=message, document_id=document.id, title=decision.title, way=way, confirmed=confirmed
    )
    return document


def print_decision(caisse: CaisseRef, message: Message, title: str, text: str) -> bytes:
    """Return a decision as it would look today under the caisse's letterhead."""
    party = message.party
    with translation.override(party.language):
        facts = ((gettext("Reference"), reference_of(message)),)
    letter = Letter(
        title=title,
        paragraphs=tuple(part.strip() for part in text.replace("\r\n", "\n").split("\n\n")),
        language=party.language,
        at=clock.now(),
        recipient=tuple(filter(None, (party.name, party.street, f"{party.postcode} {party.town}".strip()))),
        facts=facts,
    )
    return render_notice_pdf(letter, branding=paper_branding(caisse), key=signing.get_keyring().active)


def paper_branding(caisse: CaisseRef) -> PaperBranding:
    """Return how the caisse's papers look."""
    branding = configuration.get(caisse, BrandingSection)
    return PaperBranding(
        name=branding.name,
        portal_url=portal_url(caisse),
        colour=branding.accent,
        logo_svg=branding.logo_drawing,
        receipt_texts=in_every_language(caisse, branding.receipt_text),
        lines=tuple(configuration.get(caisse, ContactSection).address_lines),
        time_zone=configuration.get(caisse, LocaleSection).time_zone,
    )


def _render(caisse: CaisseRef, receipt: Receipt) -> bytes:
    keyring = signing.get_keyring()
    with translation.override(receipt.language):
        labels = receipt_labels()
    return render_receipt_pdf(
        receipts.to_sealed(receipt),
        branding=paper_branding(caisse),
        labels=labels,
        language=receipt.language,
        key=keyring.active,
    )
