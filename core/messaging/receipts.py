"""Receipts: what is sealed at sending, and the PDF that is made of it once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext

from core.accounts.models import Party
from core.catalogue import registry
from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.documents.evidence import signing
from core.documents.evidence.facts import ReceiptFacts, ReceiptFile, ReceiptRow
from core.documents.evidence.seals import SealedReceipt
from core.messaging import presentation, rows
from core.messaging.models import Receipt
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.documents.models import Document
    from core.kernel.actors import Actor
    from core.messaging.models import Message


def find_receipt(message: Message) -> Receipt | None:
    """Return the receipt of a message, if it was sent."""
    return Receipt.objects.filter(message_id=message.id).first()


def seal_receipt(*, message: Message, actor: Actor, documents: Iterable[Document], language: str) -> Receipt:
    """State and sign what was sent; called once, in the transaction that sends."""
    facts = build_facts(message=message, actor=actor, documents=documents, language=language)
    sealed = signing.seal(facts.to_payload())
    return Receipt.objects.create(
        message=message,
        short_code=sealed.short_code,
        sealed=sealed.json_bytes,
        signature=sealed.signature,
        key_id=sealed.key_id,
        sent_at=_sent_at(message),
        language=language,
    )


def to_sealed(receipt: Receipt) -> SealedReceipt:
    """Return the receipt in the form that the evidence room reads."""
    return SealedReceipt(
        json_bytes=bytes(receipt.sealed),
        signature=bytes(receipt.signature),
        key_id=receipt.key_id,
        short_code=receipt.short_code,
    )


def build_facts(*, message: Message, actor: Actor, documents: Iterable[Document], language: str) -> ReceiptFacts:
    """Return what the receipt of this message says, with titles in the sender's language."""
    caisse = current_caisse()
    acting = Party.objects.filter(id=message.acting_party_id or message.party_id).exclude(id=message.party_id).first()
    with translation.override(language):
        return ReceiptFacts(
            caisse_id=caisse.id,
            caisse_name=configuration.get(caisse, BrandingSection).name,
            message_id=message.id,
            type_key=message.type_key,
            type_version=message.type_version,
            type_title=presentation.title_of(message),
            theme=message.theme,
            theme_title=gettext(registry.get_theme(message.theme).title),
            party_id=message.party_id,
            party_name=message.party.name,
            party_identifier=message.party.number,
            acting_party_name=acting.name if acting else "",
            sender_name=actor.signature(message.theme),
            sent_at=_sent_at(message),
            assurance_level=actor.assurance_level,
            channel=message.channel,
            content_sha256=content_digest(message),
            language=language,
            files=tuple(_file(document) for document in documents),
            summary=tuple(_summary(message, language)),
            extra={gettext("Reference"): presentation.reference_of(message)},
        )


def _sent_at(message: Message) -> datetime:
    if message.sent_at is None:
        wrong = "only what was sent has a receipt"
        raise ValueError(wrong)
    return message.sent_at


def content_digest(message: Message) -> str:
    """Return the SHA-256 over payload and rows in canonical form; equal contents, equal digest."""
    digest = hashlib.sha256()
    digest.update(json.dumps(message.payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    for chunk in rows.stream_canonical(message):
        digest.update(chunk)
    return digest.hexdigest()


def _file(document: Document) -> ReceiptFile:
    return ReceiptFile(
        name=document.filename,
        size_bytes=document.size_bytes,
        sha256=document.sha256,
        media_type=document.media_type,
    )


def _summary(message: Message, language: str) -> Iterable[ReceiptRow]:
    for line in presentation.list_fields(message, language):
        yield ReceiptRow(line.name, line.label, line.value)
    for total in presentation.list_totals(message, language):
        yield ReceiptRow(total.key, total.label, total.value)
    justified = message.justifications.count()
    if justified:
        yield ReceiptRow("justified", gettext("Findings with a written reason"), str(justified))


def read_content(receipt: Receipt) -> dict[str, Any]:
    """Return what was signed, as plain data."""
    content: dict[str, Any] = json.loads(bytes(receipt.sealed))
    return content
