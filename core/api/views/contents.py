"""Message types, rows, findings, files and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.api import inputs, schemas, shapes
from core.api.base import REPLAYED, ApiView, digest_of
from core.catalogue import offers
from core.declare.schema import json_schema_of
from core.documents.services import discard_document, open_document
from core.kernel.errors import NotFound
from core.messaging import access, files, findings, jobs, rows
from core.messaging.presentation import type_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from core.api.base import Answer
    from core.documents.models import Document


class TypesView(ApiView):
    """What can be declared here."""

    @extend_schema(operation_id="list_message_types", responses=schemas.MessageType(many=True))
    def get(self, request: Request) -> Response:
        """Return the message types that the caller may start, each with its JSON schemas."""
        del request
        startable = offers.list_startable_types(self.caisse, "party")
        return Response(
            [_type(one) for one in startable if self.actor.may_act(one.theme) and self.actor.covers(one.key)]
        )


def _type(message_type: Any) -> dict[str, Any]:
    return {
        "key": message_type.key,
        "version": message_type.version,
        "theme": message_type.theme,
        "title": gettext(message_type.title),
        "payload_schema": json_schema_of(message_type.declaration, translate=gettext),
        "row_schema": json_schema_of(message_type.rows, translate=gettext) if message_type.rows else None,
    }


class RowsView(ApiView):
    """The repeated rows of a message."""

    @extend_schema(
        operation_id="list_rows",
        parameters=[OpenApiParameter("after", int, description="Row number after which the page begins.")],
        responses=schemas.RowPage,
    )
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return a page of rows in order of their numbers."""
        after = inputs.whole_number(request.query_params.get("after"))

        def work() -> dict[str, Any]:
            found = access.access_message(self.actor, message_id)
            if not access.sees_contents(self.actor, found):
                raise NotFound
            page = rows.list_rows(found, after=after, limit=500)
            row_type = rows.row_class(found)
            return {
                "rows": [shapes.row(line, row_type) for line in page],
                "next_after": page[-1].number if len(page) == 500 else None,  # noqa: PLR2004 -- the page's size above
            }

        return Response(self.read(work))

    @extend_schema(operation_id="replace_rows", request=schemas.Rows, responses=schemas.Message)
    def put(self, request: Request, message_id: UUID) -> Response:
        """Put these rows in place of the list. Every faulty entry is named; then nothing is changed."""
        wanted = inputs.read(inputs.Rows, request.data)

        def work() -> Answer:
            found = access.access_editable(self.actor, message_id)
            rows.remove_all(found)
            _count, faults = rows.add_rows(message=found, many=wanted.rows)
            if faults:
                raise inputs.EntriesFaulty(faults=[inputs.fault(number, one) for number, one in faults])
            saved = jobs.invalidate(actor=self.actor, message=found, revision=wanted.revision)
            return 200, shapes.message(saved, self.actor)

        return self.mutate(request, work)


class FindingsView(ApiView):
    """What the last check found."""

    @extend_schema(
        operation_id="list_findings",
        parameters=[OpenApiParameter("after", int), OpenApiParameter("severity", str)],
        responses=schemas.Finding(many=True),
    )
    def get(self, request: Request, message_id: UUID) -> Response:
        """Return a page of findings, gravest first; go on with ``after`` = the last ``id``."""
        after = inputs.whole_number(request.query_params.get("after"))
        severity = request.query_params.get("severity")

        def work() -> list[dict[str, Any]]:
            found = access.access_message(self.actor, message_id)
            if not access.sees_contents(self.actor, found):
                raise NotFound
            lines = findings.list_findings(found, after=after, limit=200, severity=severity)
            return [shapes.finding(line, found) for line in lines]

        return Response(self.read(work))


class JustifyView(ApiView):
    """A written reason for one finding."""

    @extend_schema(operation_id="justify_finding", request=schemas.Reason, responses=schemas.Finding)
    def post(self, request: Request, message_id: UUID, finding_id: int) -> Response:
        """Write down why it is right as it is; the clerk reads it."""
        wanted = inputs.read(inputs.Reason, request.data)

        def work() -> Answer:
            found = access.access_editable(self.actor, message_id)
            finding = found.findings.filter(id=finding_id).first()
            if finding is None:
                raise NotFound
            reason = findings.justify_finding(
                actor=self.actor, message=found, finding=finding, reason=wanted.reason, alike=wanted.alike
            )
            return 200, shapes.finding(findings.FindingLine(finding, reason), found)

        return self.mutate(request, work)


class FilesView(ApiView):
    """Files of a message: one to be read, or attachments."""

    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="upload_file", request=schemas.Upload, responses={202: schemas.Uploaded})
    def post(self, request: Request, message_id: UUID) -> Response:
        """Upload a file. ``purpose`` is ``data`` (its rows are read into the message) or ``attachment``."""
        found = self.read(lambda: access.access_editable(self.actor, message_id))
        upload = request.FILES.get("file")
        if upload is None:
            raise inputs.FileMissing
        purpose = inputs.text_of(request.data, "purpose") or "data"
        parts = digest_of(upload, purpose)
        if first := self.find_answer(request, parts):
            return first
        document = files.receive_file(
            caisse=self.caisse, actor=self.actor, message=found, upload=upload, purpose=purpose
        )
        answer = self.mutate(request, lambda: self._take(message_id, document, purpose), parts=parts)
        if REPLAYED in answer.headers:
            self._drop(document)  # the same call at the same moment was quicker; its document stands
        return answer

    def _take(self, message_id: UUID, document: Document, purpose: str) -> Answer:
        found = access.access_editable(self.actor, message_id)
        if purpose == "data" and type_of(found).rows:
            job = shapes.job(jobs.request_reading(actor=self.actor, message=found, document_id=document.id))
        else:
            job = None
            files.note_attachment(actor=self.actor, message=found, document=document)
        return 202, {"document": shapes.document(document), "job": job}

    def _drop(self, document: Document) -> None:
        with tenant_transaction(self.caisse):
            discard_document(actor=self.actor, document_id=document.id)


class DocumentsView(ApiView):
    """The dossier."""

    @extend_schema(
        operation_id="list_documents",
        parameters=[OpenApiParameter("theme", str)],
        responses=schemas.Document(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return the party's documents of the themes that the caller may read, newest first."""
        theme = request.query_params.get("theme", "")
        found = self.read(lambda: files.list_dossier(self.actor, theme))
        return Response([shapes.document(one) for one in found if self.actor.may_read(one.theme)])


class DocumentFileView(ApiView):
    """A document's bytes."""

    @extend_schema(operation_id="get_document_file", responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Request, document_id: UUID) -> StreamingHttpResponse:
        """Return the document as it is stored; only clean ones can be had."""
        del request
        document = self.read(lambda: files.access_document(self.actor, document_id))
        stream = open_document(caisse=self.caisse, document=document)
        response = StreamingHttpResponse(stream, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = files.disposition(document.filename)
        return response
