"""What follows a commit: files are read, receipts printed, people told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.messaging import desk_indexing, files, jobs, papers, posting, telling
from core.outbox import handlers

if TYPE_CHECKING:
    from core.outbox.handlers import Job


def bind() -> None:
    """Bind topics and events of this room; called once when the platform starts."""
    handlers.register(jobs.TOPIC, jobs.run, heavy=True)
    handlers.register("messaging.receipt", print_receipt)
    handlers.register(desk_indexing.TOPIC, desk_indexing.index_rows, heavy=True)
    telling.bind()
    posting.bind()
    files.bind()


def print_receipt(job: Job) -> None:
    """Make the receipt's PDF once, so that it is at hand when somebody asks for it."""
    papers.get_receipt_pdf(caisse=job.caisse, message_id=job.payload["message_id"])
