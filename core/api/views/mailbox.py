"""Boxes, messages, sending and receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api import inputs, schemas, shapes
from core.api.base import ApiView
from core.catalogue import offers
from core.kernel.errors import InvalidInput, NotFound
from core.messaging import access, drafts, jobs, papers, receipts, selectors, sending, transitions
from core.messaging.states import Box

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from core.api.base import Answer


class UnknownBox(InvalidInput):
    """There are five boxes: inbox, drafts, delegated, sent, done."""

    code = "unknown_box"


def _box(name: str) -> Box:
    try:
        return Box(name)
    except ValueError:
        raise UnknownBox from None


class MessagesView(ApiView):
    """The party's messages."""

    @extend_schema(
        operation_id="list_messages",
        parameters=[
            OpenApiParameter("box", str, enum=[str(box) for box in Box]),
            OpenApiParameter("theme", str),
            OpenApiParameter("type", str),
            OpenApiParameter("cursor", str),
        ],
        responses=schemas.MessagePage,
    )
    def get(self, request: Request) -> Response:
        """Return a page of one box, newest change first; ``next`` is the cursor of the next page."""
        params = request.query_params
        page = self.read(
            lambda: selectors.list_box(
                self.actor,
                _box(params.get("box", "inbox")),
                theme=params.get("theme"),
                type_key=params.get("type"),
                cursor=params.get("cursor"),
            )
        )
        return Response(
            {"messages": [shapes.message(found, self.actor) for found in page.messages], "next": page.next_cursor}
        )

    @extend_schema(operation_id="start_message", request=schemas.NewMessage, responses={201: schemas.Message})
    def post(self, request: Request) -> Response:
        """Begin a draft; it is invisible to the caisse until it is sent."""
        wanted = inputs.read(inputs.NewMessage, request.data)

        def work() -> Answer:
            message_type = offers.get_offered_type(self.caisse, wanted.type)
            replaced = access.access_message(self.actor, wanted.substitutes) if wanted.substitutes else None
            if replaced and replaced.type_key == wanted.type:
                message_type = offers_type(replaced)  # a running message keeps its version
            draft = drafts.start_draft(
                actor=self.actor,
                message_type=message_type,
                party_id=self.actor.party_id,  # type: ignore[arg-type]  # a token is always for a party
                payload=inputs.canonical(message_type, wanted.payload),
                substitutes=replaced,
                channel="api",
            )
            return 201, shapes.message(draft, self.actor)

        return self.mutate(request, work)


class MessageView(ApiView):
    """One message."""

    @extend_schema(operation_id="get_message", responses=schemas.Message)
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return the message as it stands."""
        del request
        return Response(self.read(lambda: shapes.message(access.access_message(self.actor, message_id), self.actor)))

    @extend_schema(operation_id="change_message", request=schemas.Change, responses=schemas.Message)
    def patch(self, request: Request, message_id: UUID) -> Response:
        """Change entries of a draft or of an open request; ``revision`` is the one that you read."""
        wanted = inputs.read(inputs.Change, request.data)

        def work() -> Answer:
            found = access.access_editable(self.actor, message_id)
            payload = inputs.canonical(offers_type(found), wanted.payload)
            saved = drafts.save_draft(actor=self.actor, message=found, revision=wanted.revision, payload=payload)
            return 200, shapes.message(saved, self.actor)

        return self.mutate(request, work)

    @extend_schema(operation_id="discard_message", responses={204: None})
    def delete(self, request: Request, message_id: UUID) -> Response:
        """Delete a draft."""

        def work() -> Answer:
            drafts.discard_draft(actor=self.actor, message=access.access_editable(self.actor, message_id))
            return 204, None

        return self.mutate(request, work)


def offers_type(found: Any) -> Any:
    """Return the declaration of the message's own version."""
    from core.messaging.presentation import type_of  # noqa: PLC0415 -- slow import

    return type_of(found)


class SendView(ApiView):
    """Sending."""

    @extend_schema(operation_id="send_message", request=schemas.Send, responses={201: schemas.Receipt})
    def post(self, request: Request, message_id: UUID) -> Response:
        """Send the checked contents and return the receipt; a repeat returns the same receipt."""
        wanted = inputs.read(inputs.Send, request.data)

        def work() -> Answer:
            found = access.access_message(self.actor, message_id)
            receipt = sending.send_message(
                actor=self.actor,
                message=found,
                revision=wanted.revision,
                confirmed=wanted.confirmed,
                language=get_language() or "en",
            )
            return 201, shapes.receipt(receipt)

        return self.mutate(request, work)


class WithdrawView(ApiView):
    """Taking back what nobody has taken up yet."""

    @extend_schema(operation_id="withdraw_message", request=None, responses=schemas.Message)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Withdraw a sent message while the caisse has not taken it up."""

        def work() -> Answer:
            found = access.access_message(self.actor, message_id)
            moved = transitions.apply(message=found, transition="withdraw", actor=self.actor)
            return 200, shapes.message(moved, self.actor)

        return self.mutate(request, work)


class CheckView(ApiView):
    """Checking the contents."""

    @extend_schema(operation_id="check_message", request=None, responses={200: schemas.Message, 202: schemas.Job})
    def post(self, request: Request, message_id: UUID) -> Response:
        """Check the present contents: at once, or with rows by a job whose end brings the findings."""

        def work() -> Answer:
            found = access.access_editable(self.actor, message_id)
            if offers_type(found).rows is None:
                jobs.check_now(actor=self.actor, message=found)
                return 200, shapes.message(found, self.actor)
            return 202, shapes.job(jobs.request_check(actor=self.actor, message=found))

        return self.mutate(request, work)


class JobView(ApiView):
    """Long work."""

    @extend_schema(operation_id="get_job", responses=schemas.Job)
    def get(self, request: Request, job_id: UUID) -> Response:
        """Return how far a job is."""
        del request
        return Response(self.read(lambda: shapes.job(access.access_job(self.actor, job_id))))


class EventsView(ApiView):
    """The history of a case."""

    @extend_schema(operation_id="list_events", responses=schemas.Event(many=True))
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return every step with its date and actor, oldest first."""
        del request

        def work() -> list[dict[str, Any]]:
            found = access.access_message(self.actor, message_id)
            return [shapes.event(step) for step in selectors.list_events(self.actor, found)]

        return Response(self.read(work))


class ReceiptView(ApiView):
    """The proof of a sending."""

    @extend_schema(operation_id="get_receipt", responses=schemas.Receipt)
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return what was signed and its signature."""
        del request

        def work() -> dict[str, Any]:
            found = receipts.find_receipt(access.access_message(self.actor, message_id))
            if found is None:
                raise NotFound
            return shapes.receipt(found)

        return Response(self.read(work))


class ReceiptFileView(ApiView):
    """The receipt as a file."""

    @extend_schema(operation_id="get_receipt_pdf", responses={(200, "application/pdf"): bytes})
    def get(self, request: Request, message_id: UUID) -> HttpResponse:
        """Return the sealed PDF."""
        del request
        found = self.read(lambda: access.access_message(self.actor, message_id))
        pdf = papers.get_receipt_pdf(caisse=self.caisse, message_id=found.id)
        return HttpResponse(pdf, content_type="application/pdf")


class CountsView(ApiView):
    """Counts per box."""

    @extend_schema(operation_id="count_messages", responses=schemas.Count(many=True))
    def get(self, request: Request) -> Response:
        """Return how many messages of each type lie in each box."""
        del request
        counted = self.read(lambda: selectors.count_boxes(self.actor))
        return Response(
            [{"box": str(one.box), "theme": one.theme, "type": one.type_key, "count": one.n} for one in counted]
        )
