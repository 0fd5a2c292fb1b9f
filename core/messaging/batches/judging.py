"""Says of each file of a batch whose it is and whether it may be taken over, and keeps that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.accounts.models import Party
from core.accounts.seats import list_seats
from core.catalogue import registry
from core.messaging.batches import errors
from core.messaging.batches.matching import Match, NumberBook
from core.messaging.models import BatchFile
from core.messaging.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from core.accounts.seats import Seat
    from core.catalogue.types import MessageType
    from core.kernel.errors import InvalidInput
    from core.messaging.models import Batch

_KEPT = ("party_id", "found_by", "state", "reason", "params")
_CLEAR, _UNCLEAR = BatchFile.States.CLEAR, BatchFile.States.UNCLEAR


@dataclass(frozen=True, slots=True)
class _Clients:
    """For whom she acts: her seats by party, and the numbers by which they are found."""

    seats: dict[UUID, list[Seat]]
    numbers: NumberBook[UUID]


def judge_files(batch: Batch) -> None:
    """Judge all files that nothing was made of and that were not left out; four queries and one to keep it."""
    files = list(batch.files.filter(state__in=[_CLEAR, _UNCLEAR]).order_by("position"))
    clients, message_type = _list_clients(batch.user_id), registry.get_type(batch.type_key)
    for file in files:
        _place(file, clients, message_type)
    _find_repeated(batch, files)
    _find_done_before(files, batch.type_key)
    BatchFile.objects.bulk_update(files, [name.removesuffix("_id") for name in _KEPT], batch_size=500)


def _list_clients(user_id: UUID) -> _Clients:
    seats: dict[UUID, list[Seat]] = {}
    for seat in list_seats(user_id):
        seats.setdefault(seat.party.id, []).append(seat)
    numbers = NumberBook[Any]()
    parties = Party.objects.filter(id__in=seats).values_list("id", "number", "enterprise_number")
    for party_id, number, enterprise_number in parties:
        numbers.add(party_id, (number, enterprise_number))
    return _Clients(seats, numbers)


def _place(file: BatchFile, clients: _Clients, message_type: MessageType) -> None:
    if file.reason and not file.document_id:
        return  # it could not be read at all; nothing that is said of it later mends that
    match = _match(file, clients.numbers)
    file.found_by = match.by
    file.party_id = next(iter(match.found)) if len(match.found) == 1 else None
    numbers = ", ".join(match.numbers)
    if len(match.found) > 1 or (len(match.numbers) > 1 and match.by == "content"):
        file.party_id = None
        _say(file, errors.FileOfSeveral(numbers=numbers))
    elif not match.numbers:
        _say(file, errors.FileUnmatched())
    elif file.party_id is None:
        _say(file, errors.FileOfNoClient(numbers=numbers))
    else:
        _say(file, find_hindrance(clients.seats[file.party_id], message_type))


def _match(file: BatchFile, numbers: NumberBook[UUID]) -> Match[UUID]:
    if file.number:
        return Match(numbers.find(file.number), "hand", (file.number,))
    return numbers.match(file.name, file.owners)


def find_hindrance(seats: Sequence[Seat], message_type: MessageType) -> InvalidInput | None:
    """Return why nobody on these seats of one party may begin a message of this type."""
    if seats[0].party.kind not in message_type.party_kinds:
        return errors.FileOfOtherKind()
    return None if any(may_begin(seat, message_type) for seat in seats) else errors.FileWithoutMandate()


def may_begin(seat: Seat, message_type: MessageType) -> bool:
    """Whether this seat lets her act in the type's theme, and covers the type."""
    right, only = seat.rights.get(message_type.theme), seat.types.get(message_type.theme)
    return right is not None and right.act and (only is None or message_type.key in only)


def _say(file: BatchFile, error: InvalidInput | None) -> None:
    file.state = _CLEAR if error is None else _UNCLEAR
    file.reason = "" if error is None else error.code
    file.params = {} if error is None else dict(error.params)


def _find_repeated(batch: Batch, files: Iterable[BatchFile]) -> None:
    placed = [one for one in files if one.state == _CLEAR]
    clients = Counter(one.party_id for one in placed)
    clients.update(batch.files.filter(state=BatchFile.States.MADE).values_list("party_id", flat=True))
    same = Counter((one.party_id, one.sha256) for one in placed)
    for file in placed:
        if same[file.party_id, file.sha256] > 1:
            _say(file, errors.SameFile())
        elif clients[file.party_id] > 1:
            _say(file, errors.ClientTwice())


def _find_done_before(files: Sequence[BatchFile], type_key: str) -> None:
    """Say of what was taken over before, in this batch or another one, that it was."""
    placed = [one for one in files if one.party_id is not None and one.sha256]
    made = BatchFile.objects.filter(
        state=BatchFile.States.MADE,
        party_id__in={one.party_id for one in placed},
        sha256__in={one.sha256 for one in placed},
        message__type_key=type_key,
    ).exclude(message__state=str(State.DISCARDED))
    known: dict[tuple[UUID | None, str], str] = {}
    for party_id, sha256, reference in made.values_list("party_id", "sha256", "message__reference"):
        known[party_id, sha256] = reference
    for file in placed:
        if earlier := known.get((file.party_id, file.sha256)):
            _say(file, errors.FileDoneBefore(reference=earlier))
