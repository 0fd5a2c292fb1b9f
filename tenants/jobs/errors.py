"""What can go wrong with long work on a caisse, in words for operators."""

from __future__ import annotations

from core.kernel.errors import Conflict, NotFound, Unavailable


class JobUnknown(NotFound):
    """There is no such job."""

    code = "job_unknown"


class JobOpen(Conflict):
    """Somebody has already asked for work on the caisse "%(slug)s", and it has not ended. Wait for its end."""

    code = "job_open"


class JobChanged(Conflict):
    """This job has moved on in the meantime. Look at its new state."""

    code = "job_changed"


class TryLater(Unavailable):
    """Something else holds this caisse at this moment. The job tries again by itself."""

    code = "try_later"


class StepBroken(Unavailable):
    """This step ended in an error that nobody foresaw (%(kind)s).

    What was done stays; the worker's log says more. Go on when the cause is mended.
    """

    code = "step_broken"


class WorkerLost(Unavailable):
    """The worker ended %(times)s times in the middle of this step.

    What was done stays; look at the worker's log, then go on.
    """

    code = "worker_lost"


class JobNotCancellable(Conflict):
    """This work cannot be cancelled any more: what has begun must come to its end."""

    code = "job_not_cancellable"


class CancelAsked(BaseException):
    """An operator wants this work no longer: it leaves where it stands, then all of it is taken away."""


class HandedBack(BaseException):
    """The worker was asked to stop: the job goes back and another one goes on. Passes all handlers."""


class LeaseLost(BaseException):
    """Another worker has the job: this one must not touch it any more. Passes all handlers."""
