"""Four eyes by REST: propose a decision, see what waits, confirm it, send it back, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from core.api import inputs, schemas, shapes
from core.api.base import ApiView, digest_of
from core.api.views.desk import StepView, read_upload
from core.messaging import access, desk_proposals

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from core.api.base import Answer

_PARTS = ("outcome", "title", "text", "note")


class ProposalView(ApiView):
    """What is proposed for a case."""

    for_desk = True
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(operation_id="desk_get_proposal", responses=schemas.Proposal)
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return the proposal that waits to be confirmed."""
        del request
        found = self.read(lambda: desk_proposals.get_waiting(access.access_message(self.actor, message_id)))
        return Response(shapes.proposal(found))

    @extend_schema(operation_id="desk_propose", request=schemas.Wish, responses={201: schemas.Proposal})
    def post(self, request: Request, message_id: UUID) -> Response:
        """Propose a decision: an outcome, and with a title a PDF (part ``file``) or one set from ``text``."""
        upload = request.FILES.get("file")
        wish = desk_proposals.Wish(**{name: inputs.text_of(request.data, name) for name in _PARTS})
        parts = digest_of(upload, wish.outcome, wish.title, wish.text, wish.note)
        if first := self.find_answer(request, parts):
            return first
        document = desk_proposals.prepare_proposal(
            caisse=self.caisse,
            actor=self.actor,
            message_id=message_id,
            wish=wish,
            file=(upload.name or "decision.pdf", read_upload(upload)) if upload else None,
        )

        def work() -> Answer:
            message = access.access_message(self.actor, message_id)
            made = desk_proposals.propose(actor=self.actor, message=message, wish=wish, document=document)
            return 201, shapes.proposal(made)

        return self.mutate(request, work, parts=parts)


class ConfirmView(StepView):
    """Confirming."""

    @extend_schema(operation_id="desk_confirm_proposal", request=None, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Let happen what a colleague proposed; nobody confirms her own proposal."""
        if first := self.find_answer(request, b""):
            return first
        decision = desk_proposals.prepare_confirmation(caisse=self.caisse, actor=self.actor, message_id=message_id)
        return self._step(
            request,
            message_id,
            lambda found: desk_proposals.confirm(actor=self.actor, message=found, decision=decision),
        )


class SendBackView(StepView):
    """Sending back."""

    @extend_schema(operation_id="desk_send_back_proposal", request=schemas.Note, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Return a proposal to who made it; the note says what should be otherwise."""
        wanted = inputs.read(inputs.Note, request.data or {})
        return self._step(
            request,
            message_id,
            lambda found: desk_proposals.send_back(actor=self.actor, message=found, reason=wanted.note),
        )


class TakeBackView(StepView):
    """Taking back."""

    @extend_schema(operation_id="desk_take_back_proposal", request=None, responses=schemas.DeskMessage)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Withdraw one's own proposal."""
        return self._step(request, message_id, lambda found: desk_proposals.take_back(actor=self.actor, message=found))
