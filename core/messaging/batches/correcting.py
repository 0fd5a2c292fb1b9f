"""What a user says of files that were matched: whose one is, that one is left out or taken in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel import clock
from core.messaging.batches.errors import BatchBusy
from core.messaging.batches.judging import judge_files
from core.messaging.models import Batch, BatchFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

LONGEST_NUMBER = 60


def correct_files(*, batch: Batch, numbers: Mapping[UUID, str], left_out: Mapping[UUID, bool]) -> None:
    """Keep what was said of some files, then judge all of them anew; within the caller's scope.

    A number that says what the portal had read itself changes nothing. Raises ``batch_busy``.
    """
    if not Batch.objects.filter(id=batch.id, state=Batch.States.READY).update(changed_at=clock.now()):
        raise BatchBusy
    open_files = batch.files.filter(id__in={*numbers, *left_out}).exclude(state=BatchFile.States.MADE)
    changed = []
    for file in open_files.select_related("party"):
        _apply(file, numbers.get(file.id), is_out=left_out.get(file.id, False))
        changed.append(file)
    BatchFile.objects.bulk_update(changed, ["number", "state", "reason"], batch_size=500)
    judge_files(batch)


def _apply(file: BatchFile, number: str | None, *, is_out: bool) -> None:
    if number is not None and number.strip() != shown_number(file):
        file.number = number.strip()[:LONGEST_NUMBER]
    if is_out:
        file.state = BatchFile.States.LEFT_OUT
    elif file.state == BatchFile.States.LEFT_OUT:
        file.state, file.reason = BatchFile.States.UNCLEAR, file.reason or "waiting"


def shown_number(file: BatchFile) -> str:
    """Return the number that the table shows for a file: what was typed, else the matched client's."""
    return file.number or (file.party.number if file.party else "")
