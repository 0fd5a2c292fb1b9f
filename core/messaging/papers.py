"""The PDFs of a message: its receipt and the caisse's decisions; made outside any transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import translation

from core.configuration import configuration
from core.configuration.sections import BrandingSection, ContactSection, LocaleSection
from core.documents.evidence import signing
from core.documents.evidence.branding import PaperBranding
from core.documents.evidence.labels import receipt_labels
from core.documents.evidence.receipts import render_receipt_pdf
from core.documents.selectors import find_generated_document
from core.documents.services import read_document_bytes, store_generated
from core.kernel.errors import NotFound
from core.messaging import receipts
from core.messaging.models import Receipt
from tenants.portal import portal_url
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

RECEIPT = "receipt"


def get_receipt_pdf(*, caisse: CaisseRef, message_id: UUID | str) -> bytes:
    """Return the receipt's PDF: the stored one, else made now and kept. The same bytes every time."""
    wanted = UUID(str(message_id))
    with tenant_transaction(caisse):
        receipt = Receipt.objects.select_related("message__party").filter(message_id=wanted).first()
        if receipt is None:
            raise NotFound
        existing = find_generated_document(message_id=wanted, kind=RECEIPT)
    if existing is not None:
        return read_document_bytes(caisse=caisse, document_id=existing.id)
    pdf = _render(caisse, receipt)
    message = receipt.message
    store_generated(
        caisse=caisse,
        kind=RECEIPT,
        content=pdf,
        filename=f"{receipt.short_code}.pdf",
        title=RECEIPT,
        message_id=message.id,
        party_id=message.party_id,
        theme=message.theme,
    )
    return pdf


def paper_branding(caisse: CaisseRef) -> PaperBranding:
    """Return how the caisse's papers look."""
    branding = configuration.get(caisse, BrandingSection)
    return PaperBranding(
        name=branding.name,
        portal_url=portal_url(caisse),
        colour=branding.accent,
        logo_svg=branding.logo_svg,
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
