"""The page that brings an export in: the upload goes straight to the document store, the worker does the rest."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.accounts.middleware import CsrfMiddleware
from core.documents.errors import StoreUnavailable
from core.kernel.errors import InvalidInput, NotFound, RelaisError
from core.operator.leaving import acts
from core.operator.leaving.uploading import StoringHandler
from core.operator.policies import operator_proved
from core.operator.views.saying import say
from core.transfer import receiving
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest
    from core.transfer.files import Stored
    from core.transfer.models import TransferFile

FIELD = "file"
_protected = cast(
    "Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]", decorator_from_middleware(CsrfMiddleware)
)


class FileMissing(InvalidInput):
    """Choose the file with the export."""

    code = "file_missing"


class Upload:
    """One upload while its request runs: noted before its first byte, dropped at the end unless it has come whole."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self.handler = StoringHandler(FIELD, self._store)
        self._file: TransferFile | None = None
        self._stored: Stored | None = None

    def begin(self) -> None:
        """Note that something may come."""
        self._file = receiving.begin_upload(actor=self._actor)

    def _store(self, chunks: Iterator[bytes]) -> None:
        if self._file is not None:
            self._stored = receiving.store_upload(self._file.id, chunks)

    def take(self) -> UUID | None:
        """Return the file that came whole; None where none was chosen. Raises what the store raised."""
        if self.handler.error is not None:
            raise self.handler.error
        if self._file is None or self._stored is None or not self._stored.size_bytes:
            return None
        receiving.end_upload(file_id=self._file.id, stored=self._stored)
        taken, self._file = self._file.id, None
        return taken

    def end(self) -> None:
        """Drop what did not come whole."""
        self.handler.close()
        if self._file is not None:
            with suppress(StoreUnavailable):  # the page says it; the hourly look drops it after a day
                receiving.drop_upload(file_id=self._file.id)


@contextmanager
def taking_in(request: OperatorRequest, actor: Actor) -> Iterator[Upload]:
    """Let the request's file go to the store; the body must not have been read before."""
    upload = Upload(actor)
    request.upload_handlers = [upload.handler]
    upload.begin()
    try:
        yield upload
    finally:
        upload.end()


# The body is read inside, where its handler is set; the check of the token stands around that part.
@csrf_exempt
@operator_proved
@require_http_methods(["GET", "POST"])
def bring(request: OperatorRequest, actor: Actor) -> HttpResponse:
    """Bring an export in under a new short name."""
    if request.method != "POST":
        return show_form(request, None)
    with taking_in(request, actor) as upload:
        return _bring(request, actor, upload)


@_protected
def _bring(request: OperatorRequest, actor: Actor, upload: Upload) -> HttpResponse:
    file: TransferFile | None = None
    given = request.POST
    try:
        file = _file_of(actor, upload.take(), given.get("received", ""))
        job = acts.ask_import(
            actor=actor,
            file_id=file.id,
            private_key=given.get("private_key", ""),
            slug=given.get("slug", "").strip(),
            hosts=given.get("hosts", "").splitlines(),
            trusted_key=given.get("trusted_key", ""),
        )
    except RelaisError as error:
        return show_form(request, file, error)
    return redirect("operator_job", job_id=job.id)


def _file_of(actor: Actor, came: UUID | None, received: str) -> TransferFile:
    """Return what has just come, else what came before the rest of the form was refused."""
    try:
        with platform_transaction():
            return receiving.access_upload(actor, came or UUID(received))
    except (ValueError, NotFound) as error:
        raise FileMissing from error


def show_form(request: OperatorRequest, file: TransferFile | None, error: RelaisError | None = None) -> HttpResponse:
    """Show the form; a file that has come already is named, and need not be sent again."""
    given = request.POST
    context: dict[str, Any] = {
        "slug": given.get("slug", ""),
        "hosts": given.get("hosts", ""),
        "trusted_key": given.get("trusted_key", ""),
        "received": file,
        "kept_days": settings.EXPORT_KEPT_DAYS,
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/leaving/import.html", context, status=error.status if error else 200)
