"""What a receipt states: the facts about one message as it was sent, in their signed form."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.documents.evidence.keys import to_utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

RECEIPT_FORMAT = "relais-receipt-1"


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """One file that was sent."""

    name: str
    size_bytes: int
    sha256: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One line of the summary, such as persons or a total: its key, its name, its canonical text."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Everything a receipt says. Titles and labels are in ``language``, the sender's.

    ``content_sha256`` is the digest of the message's own contents (payload and rows in canonical
    form), ``channel`` says how it came: portal, api, letter, phone or mail.
    """

    caisse_id: str
    caisse_name: str
    message_id: UUID
    type_key: str
    type_version: int
    type_title: str
    theme: str
    theme_title: str
    party_id: UUID
    party_name: str
    sender_name: str
    sent_at: datetime
    content_sha256: str
    language: str
    party_identifier: str = ""
    acting_party_name: str = ""
    assurance_level: int = 0
    channel: str = "portal"
    files: tuple[ReceiptFile, ...] = ()
    summary: tuple[ReceiptRow, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def to_payload(self) -> dict[str, Any]:
        """Return what is sealed."""
        return {
            "format": RECEIPT_FORMAT,
            "language": self.language,
            "caisse": {"id": self.caisse_id, "name": self.caisse_name},
            "message": {
                "id": str(self.message_id),
                "type": self.type_key,
                "version": self.type_version,
                "title": self.type_title,
                "theme": self.theme,
                "theme_title": self.theme_title,
                "content_sha256": self.content_sha256,
            },
            "party": {
                "id": str(self.party_id),
                "name": self.party_name,
                "identifier": self.party_identifier,
            },
            "sender": {
                "name": self.sender_name,
                "acting_party": self.acting_party_name,
                "assurance_level": self.assurance_level,
                "channel": self.channel,
            },
            "sent_at": to_utc_text(self.sent_at),
            "files": [_file(file) for file in self.files],
            "summary": [{"key": row.key, "label": row.label, "value": row.value} for row in self.summary],
            "extra": dict(self.extra),
        }


def _file(file: ReceiptFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "media_type": file.media_type,
    }


def read_payload(json_bytes: bytes) -> dict[str, Any]:
    """Return the payload of a sealed receipt as :meth:`ReceiptFacts.to_payload` gave it."""
    payload: dict[str, Any] = json.loads(json_bytes)
    return payload
