"""The batches of a user, and the files of one: counted, filtered, paged, with what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from core.accounts.mandates.paging import PAGE, ListPage, page_of
from core.kernel.errors import NotFound
from core.kernel.issues import Severity
from core.messaging.models import Batch, BatchFile, Finding, Job

if TYPE_CHECKING:
    from uuid import UUID

    from core.messaging.models import Message

RECENT = 20


@dataclass(slots=True)
class Outcome:
    """What is known of a message that was made of a file: its last job, and its findings by severity."""

    message: Message
    job: Job | None = None
    findings: dict[str, int] = field(default_factory=dict)


def access_batch(user_id: UUID, batch_id: UUID) -> Batch:
    """Return a batch of this user's own; anybody else's does not exist."""
    found = Batch.objects.filter(id=batch_id, user_id=user_id).first()
    if found is None:
        raise NotFound
    return found


def list_batches(user_id: UUID) -> list[Batch]:
    """Return a user's last batches, newest first, each with ``made`` and ``unclear`` counted; one query."""
    counted = {name: Count("files", filter=Q(files__state=name)) for name in ("made", "unclear", "clear")}
    return list(Batch.objects.filter(user_id=user_id).annotate(**counted).order_by("-created_at", "-id")[:RECENT])


def count_files(batch: Batch) -> dict[str, int]:
    """Return how many files of a batch stand in each state, zero included; one query."""
    counted = dict(batch.files.values_list("state").annotate(n=Count("id")))
    return {str(state): counted.get(str(state), 0) for state in BatchFile.States}


def list_files(
    batch: Batch, *, state: str = "", search: str = "", after: str = "", limit: int = PAGE
) -> ListPage[BatchFile]:
    """Return a page of files in their order, with client and message."""
    found = batch.files.select_related("party", "message")
    if state:
        found = found.filter(state=state)
    for word in search.split():
        of_party = Q(party__name__icontains=word) | Q(party__number__istartswith=word)
        found = found.filter(of_party | Q(name__icontains=word))
    return page_of(found, ("position", "id"), after, limit)


def list_outcomes(files: list[BatchFile]) -> dict[UUID, Outcome]:
    """Return by message what became of these files; two queries at any number."""
    outcomes = {one.message.id: Outcome(one.message) for one in files if one.message is not None}
    last = Job.objects.filter(message_id__in=outcomes).order_by("message_id", "-created_at", "-id")
    for job in last.distinct("message_id"):
        outcomes[job.message_id].job = job
    wanted = Finding.objects.filter(message_id__in=outcomes, severity__in=[Severity.BLOCK, Severity.JUSTIFY])
    for message_id, severity, n in wanted.values_list("message_id", "severity").annotate(n=Count("id")):
        outcomes[message_id].findings[str(severity)] = n
    return outcomes
