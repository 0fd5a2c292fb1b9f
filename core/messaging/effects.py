"""What follows a commit: files are read, receipts printed, people told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.mandates.upkeep import register_busy
from core.configuration import services
from core.configuration.sections import ThemesSection
from core.messaging import (
    batches,
    desk_indexing,
    due,
    files,
    jobs,
    mandate_lists,
    offer_changes,
    offer_mails,
    papers,
    posting,
    proofs,
    telling,
)
from core.messaging.batches import clearing, looking, making
from core.outbox import handlers

if TYPE_CHECKING:
    from core.outbox.handlers import Job


def bind() -> None:
    """Bind topics and events of this room; called once when the platform starts."""
    handlers.register(jobs.TOPIC, jobs.run, heavy=True)
    handlers.register(batches.LOOK, looking.look_at, heavy=True)
    handlers.register(batches.MAKE, making.make_drafts)
    handlers.register(batches.SEND, making.send_drafts)
    handlers.register(batches.CLEAR, clearing.clear_old)
    handlers.register(mandate_lists.TOPIC, mandate_lists.work, heavy=True)
    handlers.register("messaging.receipt", print_receipt)
    handlers.register(desk_indexing.TOPIC, desk_indexing.index_rows, heavy=True)
    handlers.register(offer_changes.TOPIC, offer_changes.take_note)
    handlers.register(offer_changes.MAILS, offer_mails.write_mails)
    services.listen(ThemesSection, offer_changes.plan_note)
    telling.bind()
    posting.bind()
    files.bind()
    proofs.bind()
    register_busy(due.find_busy)


def print_receipt(job: Job) -> None:
    """Make the receipt's PDF once, so that it is at hand when somebody asks for it."""
    papers.get_receipt_pdf(caisse=job.caisse, message_id=job.payload["message_id"])
