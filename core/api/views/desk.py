"""The desk by REST: queue, taking up, asking back, deciding, closing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from core.api import inputs, schemas, shapes
from core.api.base import ApiView, digest_of
from core.kernel.errors import InvalidInput
from core.messaging import access, acts, desk, desk_queue, papers, selectors
from core.messaging.desk_colleagues import get_colleague, list_colleagues
from core.messaging.selectors import NOBODY
from core.messaging.states import AT_THE_DESK, CLOSED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.core.files.uploadedfile import UploadedFile
    from rest_framework.request import Request

    from core.api.base import Answer
    from core.messaging.models import Message
    from core.messaging.selectors import Page


_LISTS = ("snoozed", "confirm", "done")


class BadDate(InvalidInput):
    """Write the date as 2026-12-31."""

    code = "bad_date"


class QueueView(ApiView):
    """What waits at the desk."""

    for_desk = True

    @extend_schema(
        operation_id="desk_list_queue",
        parameters=[
            OpenApiParameter("state", str, enum=[*(str(state) for state in AT_THE_DESK), *_LISTS]),
            OpenApiParameter("theme", str),
            OpenApiParameter("due", str, enum=["overdue", "soon"]),
            OpenApiParameter("whose", str, enum=["mine", "nobody"]),
            OpenApiParameter("team", UUID),
            OpenApiParameter("cursor", str),
        ],
        responses=schemas.DeskPage,
    )
    def get(self, request: Request) -> Response:
        """Return a page of the queue over the clerk's themes, the most urgent first.

        ``state`` may be ``snoozed``, ``confirm`` (a decision waits for a second person) or ``done`` (newest change
        first) besides. Whom a case is about is searched for by ``desk/search/``, whose words stand in the body.
        """
        params = request.query_params
        page = self.read(lambda: self._list(params))
        return Response(
            {"messages": [shapes.desk_message(found, self.actor) for found in page.messages], "next": page.next_cursor}
        )

    def _list(self, params: Mapping[str, str]) -> Page:
        state, cursor = params.get("state", ""), params.get("cursor")
        if state == "done":
            closed = [str(one) for one in CLOSED]
            return selectors.list_queue(self.actor, states=closed, theme=params.get("theme"), cursor=cursor)
        filters = desk_queue.Filters(
            states=(state,) if state in set(AT_THE_DESK) else tuple(map(str, AT_THE_DESK)),
            theme=params.get("theme"),
            due=params.get("due", ""),
            team_id=_uuid(params.get("team", "")),
            assigned_to=self.actor.user_id if params.get("whose") == "mine" else None,
            unassigned=params.get("whose") == "nobody",
            snoozed=state == "snoozed",
            to_confirm=state == "confirm",
        )
        return desk_queue.list_queue(self.actor, filters, cursor=cursor)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return NOBODY


class DeskMessageView(ApiView):
    """One message at the desk."""

    for_desk = True

    @extend_schema(operation_id="desk_get_message", responses=schemas.DeskMessage)
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return the message as the desk may see it."""
        del request
        return Response(self.read(lambda: shapes.desk_message(self._open(message_id), self.actor)))

    def _open(self, message_id: UUID) -> Message:
        found = access.access_message(self.actor, message_id)
        acts.note_message_opened(self.actor, found)
        return found


class StepView(ApiView):
    """One step of a case."""

    for_desk = True

    def _step(self, request: Request, message_id: UUID, step: Callable[[Message], Message]) -> Response:
        def work() -> Answer:
            moved = step(access.access_message(self.actor, message_id))
            return 200, shapes.desk_message(moved, self.actor)

        return self.mutate(request, work)


class TakeView(StepView):
    """Taking up."""

    @extend_schema(operation_id="desk_take_message", request=None, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Take a sent message into one's own hands."""
        return self._step(request, message_id, lambda found: desk.take_message(actor=self.actor, message=found))


class AssignView(StepView):
    """Handing over."""

    @extend_schema(operation_id="desk_assign_message", request=schemas.Colleague, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Hand a case at the desk to a colleague."""
        wanted = inputs.read(inputs.Colleague, request.data)

        def step(found: Message) -> Message:
            user_id, name = get_colleague(wanted.colleague)
            return desk.assign_message(actor=self.actor, message=found, user_id=user_id, name=name)

        return self._step(request, message_id, step)


class SnoozeView(StepView):
    """Setting aside."""

    @extend_schema(operation_id="desk_snooze_message", request=schemas.Until, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Take a case out of the queue until a later day, on which it is back by itself."""
        wanted = inputs.read(inputs.Until, request.data)

        def step(found: Message) -> Message:
            try:
                until = date.fromisoformat(wanted.until)
            except ValueError:
                raise BadDate from None
            return desk.snooze_message(actor=self.actor, message=found, until=until)

        return self._step(request, message_id, step)


class WakeView(StepView):
    """Putting back."""

    @extend_schema(operation_id="desk_wake_message", request=None, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Put a case that was set aside back into the queue."""
        return self._step(request, message_id, lambda found: desk.wake_message(actor=self.actor, message=found))


class ColleaguesView(ApiView):
    """Who works at the desk."""

    for_desk = True

    @extend_schema(operation_id="desk_list_colleagues", responses=schemas.ColleagueLine(many=True))
    def get(self, request: Request) -> Response:
        """Return to whom a case can be handed over."""
        del request
        return Response([{"id": user_id, "name": name} for user_id, name in self.read(list_colleagues)])


class AskBackView(StepView):
    """Asking back."""

    @extend_schema(operation_id="desk_ask_back", request=schemas.Question, responses=schemas.DeskMessage)
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

    @extend_schema(operation_id="desk_cancel_question", request=None, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Take an unanswered question back and go on."""
        return self._step(request, message_id, lambda found: desk.cancel_question(actor=self.actor, message=found))


class CloseView(StepView):
    """Closing."""

    @extend_schema(operation_id="desk_close_message", request=schemas.Note, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Finish a case."""
        wanted = inputs.read(inputs.Note, request.data or {})
        return self._step(
            request, message_id, lambda found: desk.close_message(actor=self.actor, message=found, note=wanted.note)
        )


class RefuseView(StepView):
    """Not accepting."""

    @extend_schema(operation_id="desk_refuse_message", request=schemas.Note, responses=schemas.DeskMessage)
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
