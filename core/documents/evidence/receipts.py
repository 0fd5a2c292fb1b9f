"""The receipt as a PDF file: what is printed is what was signed, and the whole file is sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from core.declare.display import show_size
from core.documents.evidence import facts, qr, render, seals
from core.kernel.identifiers import group_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.documents.evidence.branding import PaperBranding
    from core.documents.evidence.keys import SigningKey
    from core.documents.evidence.seals import SealedReceipt


def render_receipt_pdf(
    sealed: SealedReceipt,
    *,
    branding: PaperBranding,
    labels: Mapping[str, str],
    language: str,
    key: SigningKey,
) -> bytes:
    """Return the receipt as a sealed PDF/A-3a and PDF/UA-1 file, one A4 page unless files are many.

    The same receipt, branding, labels and key give the same bytes. Takes some 5 ms and no
    database; call it outside any transaction.
    """
    payload = facts.read_payload(sealed.json_bytes)
    data = receipt_page(sealed, branding=branding, labels=labels, language=language)
    pdf = render.compile_pdf("receipt.typ", data, at=_moment(payload["sent_at"]))
    return seals.seal_pdf(pdf, key)


def receipt_page(
    sealed: SealedReceipt, *, branding: PaperBranding, labels: Mapping[str, str], language: str
) -> dict[str, Any]:
    """Return what the template prints, all of it taken from the sealed JSON."""
    payload = facts.read_payload(sealed.json_bytes)
    check_url = f"{branding.portal_url}/check/{sealed.short_code}/"
    return {
        "title": labels["title"],
        "language": language,
        "labels": dict(labels),
        "branding": branding.to_data(),
        "subject": payload["message"]["title"],
        "sent_sentence": _sent_sentence(payload, branding, labels, language),
        "facts": _facts(payload, labels),
        "numbers": [
            [labels["message_id"], payload["message"]["id"]],
            [labels["content_digest"], payload["message"]["content_sha256"]],
        ],
        "summary": [[row["label"], row["value"]] for row in payload["summary"]],
        "files": [_file(file, language) for file in payload["files"]],
        "qr": qr.to_svg(check_url),
        "short_code": group_code(sealed.short_code),
        "check_url": check_url,
        "note": branding.receipt_text(language),
        "key_line": labels["key"] % {"key": sealed.key_id},
        "attachments": {
            "json": sealed.json_bytes.decode(),
            "signature": sealed.signature_file.decode(),
        },
    }


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _sent_sentence(payload: dict[str, Any], branding: PaperBranding, labels: Mapping[str, str], language: str) -> str:
    local = _moment(payload["sent_at"]).astimezone(ZoneInfo(branding.time_zone))
    return labels["sent"] % {
        "caisse": payload["caisse"]["name"],
        "date": format_date(local, "long", locale=language),
        "time": format_time(local, "HH:mm:ss", locale=language),
        "zone": local.strftime("UTC%z"),
    }


def _facts(payload: dict[str, Any], labels: Mapping[str, str]) -> list[list[str]]:
    party, sender, message = payload["party"], payload["sender"], payload["message"]
    channel = sender["channel"]
    rows = [
        (labels["for_party"], ", ".join(filter(None, [party["name"], party["identifier"]]))),
        (labels["sent_by"], ", ".join(filter(None, [sender["name"], sender["acting_party"]]))),
        (labels["channel"], labels.get(f"channel_{channel}", channel)),
        (labels["assurance"], str(sender["assurance_level"] or "")),
        (labels["theme"], message["theme_title"]),
        *payload["extra"].items(),
    ]
    return [[name, value] for name, value in rows if value]


def _file(file: dict[str, Any], language: str) -> dict[str, str]:
    return {
        "name": file["name"],
        "sha256": file["sha256"],
        "size": show_size(file["size_bytes"], language),
    }
