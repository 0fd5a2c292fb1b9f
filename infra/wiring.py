"""Ports are bound to adapters here, by the settings' names, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from core.documents import ports as document_ports
from core.documents.layered import LayeredScanner
from core.notices import ports as notice_ports
from core.outbox import doorbell
from integrations.clamav.scanner import ClamavScanner
from integrations.devoutbox.folder import DevOutbox
from integrations.localfolder.store import LocalFolderStore
from integrations.s3.store import S3Settings, S3Store
from integrations.sms_http.sender import SmsHttpSender
from integrations.smtp.sender import SmtpSender
from integrations.structure_scanner.scanner import StructureScanner

if TYPE_CHECKING:
    from collections.abc import Callable


def bind() -> None:
    """Bind every port; called once when the platform starts."""
    document_ports.install(store=_STORES[settings.DOCUMENT_STORE](), scanner=_SCANNERS[settings.VIRUS_SCANNER]())
    _bind_notices()
    doorbell.install(_ring)


def _ring(caisse_id: str) -> None:
    from infra.celery import app  # noqa: PLC0415 -- slow import

    app.send_task("core.outbox.ring", kwargs={"caisse_id": caisse_id})


def _bind_notices() -> None:
    outbox = DevOutbox(settings.DEV_OUTBOX_FOLDER) if settings.MAIL_SENDER == "devoutbox" else None
    letters = _make_printer() if settings.LETTER_PRINTER == "folder" else None
    notice_ports.bind(
        mail=outbox or SmtpSender(settings.SMTP_URL, settings.MAIL_FROM),
        sms=outbox
        if settings.SMS_SENDER == "devoutbox"
        else SmsHttpSender(settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN),
        letter=letters or outbox,
    )


def _make_printer() -> notice_ports.LetterPrinter:
    from integrations.printfolder.printer import FolderPrinter  # noqa: PLC0415 -- brings libraries for PDFs

    return FolderPrinter(Path(settings.LETTER_FOLDER))


def _make_s3_store() -> S3Store:
    return S3Store(
        S3Settings(
            endpoint=settings.S3_ENDPOINT,
            bucket=settings.S3_BUCKET,
            access_key=settings.S3_KEY,
            secret_key=settings.S3_SECRET,
        )
    )


_STORES: dict[str, Callable[[], document_ports.DocumentStore]] = {
    "localfolder": lambda: LocalFolderStore(settings.DOCUMENT_FOLDER),
    "s3": _make_s3_store,
}
_SCANNERS: dict[str, Callable[[], document_ports.VirusScanner]] = {
    "structure": StructureScanner,
    "clamav": lambda: LayeredScanner(StructureScanner(), ClamavScanner(settings.CLAMD_ADDRESS)),
}
