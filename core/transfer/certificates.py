"""The certificate of a deletion: what was deleted when and by whom, in counts and sums, signed like a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_datetime
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from core.declare.display import show_size
from core.documents.evidence import render, seals, signing
from core.documents.evidence.branding import PaperBranding
from core.documents.evidence.keys import to_utc_text
from core.kernel.identifiers import group_code
from core.kernel.text import N_

if TYPE_CHECKING:
    from core.documents.evidence.seals import SealedReceipt
    from core.transfer.models import Deletion, TransferFile

FORMAT = "relais-deletion-1"
TITLE = N_("Certificate of deletion")
STATEMENT = N_(
    "All data and documents of %(name)s on this platform were deleted: the tables in the database, the role that could "
    "read them, and every object in the document store."
)
LIMITS = N_(
    "Copies in the platform's backups are not covered; they end with the backups' own time. An export that was made "
    "before is in the hands of whoever holds its key."
)
CHECK = N_(
    "Anybody can check this file offline with relais_verify.py and the platform's published list of keys. The signed "
    "facts are attached to it."
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The signed facts, their detached signature as a file, and the sheet for people."""

    json_bytes: bytes
    signature_file: bytes
    pdf: bytes


def make_certificate(deletion: Deletion, *, done_at: datetime, last_export: TransferFile | None) -> Certificate:
    """Sign the facts and print them; outside any transaction."""
    payload = _payload(deletion, done_at, last_export)
    sealed = signing.seal(payload)
    with translation.override(deletion.language):
        page = _page(payload, sealed, deletion.language)
    pdf = seals.seal_pdf(render.compile_pdf("certificate.typ", page, at=done_at), signing.get_keyring().active)
    return Certificate(sealed.json_bytes, sealed.signature_file, pdf)


def _payload(deletion: Deletion, done_at: datetime, last_export: TransferFile | None) -> dict[str, Any]:
    """Return what is signed: nothing of the contents, only how much there was."""
    return {
        "format": FORMAT,
        "platform": settings.PLATFORM_DOMAIN,
        "language": deletion.language,
        "caisse": {"id": deletion.caisse_id, "slug": deletion.slug, "name": deletion.name},
        "asked": {"by": deletion.asked_by, "at": to_utc_text(deletion.asked_at)},
        "confirmed": {
            "by": deletion.confirmed_by,
            "at": to_utc_text(deletion.confirmed_at) if deletion.confirmed_at else "",
        },
        "deleted_at": to_utc_text(done_at),
        "deleted": deletion.facts,
        "last_export": _export(last_export) if last_export else None,
    }


def _export(file: TransferFile) -> dict[str, Any]:
    return {
        "made_at": to_utc_text(file.made_at),
        "sha256": file.sha256,
        "public_key": file.public_key,
    }


def _page(payload: dict[str, Any], sealed: SealedReceipt, language: str) -> dict[str, Any]:
    caisse, deleted = payload["caisse"], payload["deleted"]
    branding = PaperBranding(name="Relais", portal_url="", lines=(payload["platform"],))
    return {
        "title": gettext(TITLE),
        "language": language,
        "branding": branding.to_data(),
        "subject": caisse["name"],
        "statement": gettext(STATEMENT) % {"name": caisse["name"]},
        "facts": [
            [gettext("Caisse"), f"{caisse['name']} ({caisse['slug']}, {caisse['id']})"],
            [gettext("Asked for by"), f"{payload['asked']['by']}, {_written(payload['asked']['at'], language)}"],
            [
                gettext("Confirmed by"),
                f"{payload['confirmed']['by']}, {_written(payload['confirmed']['at'], language)}",
            ],
            [gettext("Deleted on"), _written(payload["deleted_at"], language)],
            [gettext("Documents"), f"{deleted['documents']} ({show_size(deleted['document_bytes'], language)})"],
            [gettext("Export"), _export_line(payload["last_export"], language)],
        ],
        "digest": [gettext("Sum over the documents"), deleted["documents_sha256"]],
        "tables_title": gettext("Rows deleted"),
        "tables": [[name, str(count)] for name, count in deleted["tables"].items() if count],
        "notes": [gettext(LIMITS), gettext(CHECK)],
        "code": group_code(sealed.short_code),
        "key_line": sealed.key_id,
        "attachments": {"json": sealed.json_bytes.decode(), "signature": sealed.signature_file.decode()},
        "labels": {"json": gettext("The signed facts"), "signature": gettext("Their signature")},
    }


def _export_line(export: dict[str, Any] | None, language: str) -> str:
    if export is None:
        return gettext("None was made in the console.")
    return f"{_written(export['made_at'], language)}, SHA-256 {export['sha256']}"


def _written(moment: str, language: str) -> str:
    return format_datetime(datetime.fromisoformat(moment), "long", locale=language)
