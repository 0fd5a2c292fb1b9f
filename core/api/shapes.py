"""How messages, rows, findings, events, jobs and receipts look as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from core.declare.declaration import kinds_of
from core.messaging import presentation
from core.messaging.access import sees_contents

if TYPE_CHECKING:
    from core.declare.declaration import Row
    from core.documents.models import Document
    from core.kernel.actors import Actor
    from core.messaging.findings import FindingLine
    from core.messaging.models import Event, Job, Message, Proposal, Receipt
    from core.messaging.rows import RowLine


def message(found: Message, viewer: Actor) -> dict[str, Any]:
    """Return a message; its contents only to who may see them."""
    language = get_language() or "en"
    body: dict[str, Any] = {
        "id": str(found.id),
        "reference": presentation.reference_of(found),
        "type": found.type_key,
        "version": found.type_version,
        "theme": found.theme,
        "title": presentation.title_of(found),
        "kind": found.kind,
        "state": found.state,
        "channel": found.channel,
        "party": str(found.party_id),
        "period": found.period,
        "revision": found.revision,
        "checked": found.checked_revision == found.revision,
        "created_at": found.created_at.isoformat(),
        "changed_at": found.changed_at.isoformat(),
        "sent_at": found.sent_at.isoformat() if found.sent_at else None,
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "question": found.question,
        "pointers": found.pointers,
        "in_reply_to": str(found.in_reply_to_id) if found.in_reply_to_id else None,
        "substitutes": str(found.substitutes_id) if found.substitutes_id else None,
    }
    if sees_contents(viewer, found):
        body |= {
            "payload": found.payload,
            "row_count": found.row_count,
            "totals": {line.key: line.value for line in presentation.list_totals(found, language)},
            "summary": found.summary,
        }
    return body


def desk_message(found: Message, viewer: Actor) -> dict[str, Any]:
    """Return a message with what only the desk knows of it."""
    return message(found, viewer) | {
        "treat_by": found.treat_by.isoformat() if found.treat_by else None,
        "snoozed_until": found.snoozed_until.isoformat() if found.snoozed_until else None,
        "assigned_to": str(found.assigned_to) if found.assigned_to else None,
        "assigned_name": found.assigned_name,
    }


def row(line: RowLine, row_type: type[Row]) -> dict[str, Any]:
    """Return one row with its canonical values; what fits no column stands as it was typed."""
    kinds = kinds_of(row_type)
    values = {name: None if value is None else kinds[name].to_json(value) for name, value in line.values.items()}
    return {"row": line.number, **values, **line.unread}


def finding(line: FindingLine, of: Message) -> dict[str, Any]:
    """Return a finding with its texts and, if there is one, its reason."""
    text = presentation.describe_finding(of, line.finding)
    return {
        "id": line.finding.id,
        "code": line.finding.code,
        "severity": line.finding.severity,
        "row": line.finding.row_number,
        "field": line.finding.field or None,
        "title": text.title,
        "why": text.why,
        "fix": text.fix,
        "legal_source": text.legal_source,
        "reason": line.reason.reason if line.reason else None,
    }


def event(step: Event) -> dict[str, Any]:
    """Return one step of a case."""
    return {
        "message": str(step.message_id),
        "event": step.name,
        "at": step.at.isoformat(),
        "actor": step.actor_name,
        "side": "caisse" if step.actor_kind == "clerk" else step.actor_kind,
        "from": step.from_state or None,
        "to": step.to_state or None,
        "note": step.note,
    }


def job(found: Job) -> dict[str, Any]:
    """Return the progress of long work."""
    return {
        "id": str(found.id),
        "message": str(found.message_id),
        "kind": found.kind,
        "state": found.state,
        "progress": found.progress,
        "stage": found.stage,
        "fault": found.fault or None,
        "result": found.result,
    }


def receipt(found: Receipt) -> dict[str, Any]:
    """Return a receipt with what was signed, byte for byte as text, and its signature."""
    sealed = bytes(found.sealed).decode()
    return {
        "message": str(found.message_id),
        "short_code": found.short_code,
        "sent_at": found.sent_at.isoformat(),
        "key_id": found.key_id,
        "algorithm": "Ed25519",
        "signature": bytes(found.signature).hex(),
        "sealed": sealed,
        "content": json.loads(sealed),
    }


def document(found: Document) -> dict[str, Any]:
    """Return what is known of a document; its bytes have their own address."""
    return {
        "id": str(found.id),
        "message": str(found.message_id) if found.message_id else None,
        "theme": found.theme,
        "kind": found.kind,
        "title": found.title,
        "filename": found.filename,
        "media_type": found.media_type,
        "size_bytes": found.size_bytes,
        "sha256": found.sha256,
        "state": found.state,
        "created_at": found.created_at.isoformat(),
    }


def proposal(found: Proposal) -> dict[str, Any]:
    """Return a proposed decision."""
    return {
        "id": str(found.id),
        "message": str(found.message_id),
        "outcome": found.outcome,
        "title": found.title,
        "text": found.text,
        "note": found.note,
        "document": str(found.document_id) if found.document_id else None,
        "state": found.state,
        "proposed_at": found.proposed_at.isoformat(),
        "proposed_by": found.proposed_by_name,
    }
