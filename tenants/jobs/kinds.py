"""Which kinds of long work there are: higher rungs register what each does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenants.jobs.running import RunningJob

    Run = Callable[["RunningJob"], "Mapping[str, Any] | None"]
    Undo = Callable[["RunningJob"], bool]


@dataclass(frozen=True, slots=True)
class JobKind:
    """``run`` may be called again after a kill, so it must then end in the same state.

    It runs outside any scope and opens its own; what it returns is kept as the result. The keys
    of the order in ``forgets`` (personal data) are dropped as soon as the job is done or cancelled.
    """

    kind: str
    run: Run
    forgets: frozenset[str] = frozenset()


_kinds: dict[str, JobKind] = {}
_undos: dict[str, Undo] = {}


def register_job_kind(kind: str, run: Run, *, forgets: frozenset[str] = frozenset()) -> None:
    """Bind a kind to what it does; binding it twice is a fault in the code."""
    if kind in _kinds:
        message = f"two ways to do the job {kind!r}"
        raise ValueError(message)
    _kinds[kind] = JobKind(kind, run, forgets)


def get_job_kind(kind: str) -> JobKind:
    """Return a kind; an unknown one is a fault in the code."""
    return _kinds[kind]


def register_undo(kind: str, undo: Undo) -> None:
    """Say how all that a job of this kind has made is taken away, so that it can be cancelled once it has begun.

    ``undo`` may be called again after a kill. It returns False where the work was complete already; then nothing
    was taken away, and the job ends as done.
    """
    _undos[kind] = undo


def get_undo(kind: str) -> Undo | None:
    """Return how a kind's work is taken away; None where what was begun can only go on."""
    return _undos.get(kind)


def list_job_kinds() -> list[str]:
    """Return the names of all kinds in order."""
    return sorted(_kinds)
