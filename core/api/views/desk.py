"""The desk by REST: queue, taking up, asking back, deciding, closing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from core.api import inputs, schemas, shapes
from core.api.base import ApiView, digest_of
from core.kernel.errors import InvalidInput
from core.messaging import access, desk, papers, selectors
from core.messaging.states import AT_THE_DESK

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from rest_framework.request import Request

    from core.api.base import Answer
    from core.messaging.models import Message


class BadDate(InvalidInput):
    """Write the date as 2026-12-31."""

    code = "bad_date"


class QueueView(ApiView):
    """What waits at the desk."""

    for_desk = True

    @extend_schema(
        operation_id="desk_list_queue",
        parameters=[
            OpenApiParameter("state", str, enum=[str(state) for state in AT_THE_DESK]),
            OpenApiParameter("theme", str),
            OpenApiParameter("search", str),
            OpenApiParameter("cursor", str),
        ],
        responses=schemas.MessagePage,
    )
    def get(self, request: Request) -> Response:
        """Return a page of the queue over the clerk's themes."""
        params = request.query_params
        states = [params["state"]] if params.get("state") else [str(state) for state in AT_THE_DESK]
        page = self.read(
            lambda: selectors.list_queue(
                self.actor,
                states=states,
                theme=params.get("theme"),
                search=params.get("search", ""),
                cursor=params.get("cursor"),
            )
        )
        return Response(
            {"messages": [shapes.message(found, self.actor) for found in page.messages], "next": page.next_cursor}
        )


class DeskMessageView(ApiView):
    """One message at the desk."""

    for_desk = True

    @extend_schema(operation_id="desk_get_message", responses=schemas.Message)
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return the message as the desk may see it."""
        del request
        return Response(self.read(lambda: shapes.message(access.access_message(self.actor, message_id), self.actor)))


class StepView(ApiView):
    """One step of a case."""

    for_desk = True

    def _step(self, request: Request, message_id: UUID, step: Callable[[Message], Message]) -> Response:
        def work() -> Answer:
            moved = step(access.access_message(self.actor, message_id))
            return 200, shapes.message(moved, self.actor)

        return self.mutate(request, work)


class TakeView(StepView):
    """Taking up."""

    @extend_schema(operation_id="desk_take_message", request=None, responses=schemas.Message)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Take a sent message into one's own hands."""
        return self._step(request, message_id, lambda found: desk.take_message(actor=self.actor, message=found))


class AskBackView(StepView):
    """Asking back."""

    @extend_schema(operation_id="desk_ask_back", request=schemas.Question, responses=schemas.Message)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Ask the party; returns the request that now lies in her Inbox."""
        wanted = inputs.read(inputs.Question, request.data)
        try:
            due_on = date.fromisoformat(wanted.due_on) if wanted.due_on else None
        except ValueError:
            raise BadDate from None
        return self._step(
            request,
            message_id,
            lambda found: desk.ask_back(
                actor=self.actor, message=found, question=wanted.question, pointers=wanted.pointers, due_on=due_on
            ),
        )


class CancelQuestionView(StepView):
    """Taking a question back."""

    @extend_schema(operation_id="desk_cancel_question", request=None, responses=schemas.Message)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Take an unanswered question back and go on."""
        return self._step(request, message_id, lambda found: desk.cancel_question(actor=self.actor, message=found))


class CloseView(StepView):
    """Closing."""

    @extend_schema(operation_id="desk_close_message", request=schemas.Note, responses=schemas.Message)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Finish a case."""
        wanted = inputs.read(inputs.Note, request.data or {})
        return self._step(
            request, message_id, lambda found: desk.close_message(actor=self.actor, message=found, note=wanted.note)
        )


class RefuseView(StepView):
    """Not accepting."""

    @extend_schema(operation_id="desk_refuse_message", request=schemas.Note, responses=schemas.Message)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Close a case without following it; the reason is for the party."""
        wanted = inputs.read(inputs.Note, request.data or {})
        return self._step(
            request, message_id, lambda found: desk.refuse_message(actor=self.actor, message=found, reason=wanted.note)
        )


class DecisionView(ApiView):
    """Publishing a decision."""

    for_desk = True
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(operation_id="desk_publish_decision", request=schemas.Decision, responses={201: schemas.Document})
    def post(self, request: Request, message_id: UUID) -> Response:
        """Publish a PDF (part ``file``), or one set from ``text``, into the party's dossier."""
        upload = request.FILES.get("file")
        title, text = inputs.text_of(request.data, "title"), inputs.text_of(request.data, "text")
        parts = digest_of(upload, title, text)
        if first := self.find_answer(request, parts):
            return first
        decision = papers.make_decision(
            caisse=self.caisse,
            actor=self.actor,
            message_id=message_id,
            title=title,
            text=text,
            file=(upload.name or "decision.pdf", read_upload(upload)) if upload else None,
        )
        return self.mutate(
            request,
            lambda: (201, shapes.document(papers.file_decision(actor=self.actor, decision=decision))),
            parts=parts,
        )


def read_upload(upload: UploadedFile[bytes]) -> bytes:
    """Return the bytes of a part."""
    upload.seek(0)  # it was read once for the digest
    content: bytes = upload.read()
    return content
