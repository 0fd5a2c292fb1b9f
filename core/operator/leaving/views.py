"""The pages on exports, imports and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.kernel.errors import InvalidInput, RelaisError
from core.operator.caisses.access import access_caisse
from core.operator.leaving import acts, reading
from core.operator.policies import operator, operator_proved
from core.operator.views.saying import say
from core.transfer import deleting, files, keys
from core.transfer.errors import DeletionUnknown
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest
    from core.transfer.models import Deletion
    from tenants.models import Caisse


class NameDiffers(InvalidInput):
    """Type the short name of the caisse exactly as it stands above."""

    code = "name_differs"


@operator_proved
@require_http_methods(["GET", "POST"])
def export(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Ask for an export, encrypted to the caisse's key or to the one that is typed here."""
    caisse = _ready_caisse(actor, caisse_id)
    error: RelaisError | None = None
    if request.method == "POST":
        try:
            job = acts.ask_export(actor=actor, caisse=caisse.ref, public_key=request.POST.get("public_key", ""))
        except RelaisError as refused:
            error = refused
        else:
            return redirect("operator_job", job_id=job.id)
    context = {
        "caisse": caisse,
        "own_key": keys.get_public_key(caisse.ref),
        "public_key": request.POST.get("public_key", ""),
        "kept_days": settings.EXPORT_KEPT_DAYS,
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/leaving/export.html", context, status=error.status if error else 200)


def _ready_caisse(actor: Actor, caisse_id: str) -> Caisse:
    with platform_transaction():
        caisse = access_caisse(actor, caisse_id)
    if caisse.state == "provisioning":
        raise DeletionUnknown
    return caisse


@operator
@require_safe
def fetch(_request: OperatorRequest, actor: Actor, export_id: UUID) -> StreamingHttpResponse:
    """The encrypted file, while it is kept."""
    with platform_transaction():
        file = reading.access_export(actor, export_id)
    acts.note_fetch(actor=actor, file=file)
    return StreamingHttpResponse(
        files.read_pieces(file.id),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{file.slug}-{file.made_at:%Y%m%d}.relais"',
            "Content-Length": str(file.size_bytes),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@operator_proved
@require_http_methods(["GET", "POST"])
def delete(request: OperatorRequest, actor: Actor, caisse_id: str) -> HttpResponse:
    """Ask for a deletion; the short name has to be typed, an export is offered."""
    caisse = _ready_caisse(actor, caisse_id)
    error: RelaisError | None = None
    if request.method == "POST":
        try:
            if request.POST.get("slug", "").strip() != caisse.slug:
                raise NameDiffers
            found = acts.ask_deletion(actor=actor, caisse=caisse.ref, reason=request.POST.get("reason", ""))
        except RelaisError as refused:
            error = refused
        else:
            return redirect("operator_deletion", deletion_id=found.id)
    with platform_transaction():
        context = {
            "caisse": caisse,
            "exports": reading.list_exports(caisse.id),
            "needs_second": deleting.needs_second(actor),
            "wait_days": settings.DELETION_WAIT_DAYS,
            "kept_days": settings.SLUG_KEPT_DAYS,
            "reason": request.POST.get("reason", ""),
            "refusal": say(error) if error else "",
        }
    return render(request, "operator/leaving/delete.html", context, status=error.status if error else 200)


@operator
@require_safe
def deletion(request: OperatorRequest, actor: Actor, deletion_id: UUID) -> HttpResponse:
    """One deletion: where it stands, what can be done, and at the end its certificate."""
    with platform_transaction():
        row = deleting.access_deletion(deletion_id)
        exports = reading.list_exports(row.caisse_id)
    context = {**reading.describe_deletion(row, actor), "exports": exports, "counts": _counts(row)}
    return render(request, "operator/leaving/deletion.html", context)


def _counts(row: Deletion) -> dict[str, Any]:
    return {**row.facts, "rows": sum(row.facts["tables"].values())} if row.facts else {}


@operator_proved
@require_http_methods(["GET", "POST"])
def confirm(request: OperatorRequest, actor: Actor, deletion_id: UUID) -> HttpResponse:
    """Confirm a deletion that another operator asked for."""
    if request.method == "POST":
        try:
            acts.confirm_deletion(actor=actor, deletion_id=deletion_id)
        except RelaisError as error:
            messages.error(request, say(error))
        else:
            messages.success(request, gettext("Confirmed. The portal is closed and the waiting time runs."))
        return redirect("operator_deletion", deletion_id=deletion_id)
    with platform_transaction():
        row = deleting.access_deletion(deletion_id)
    context = {**reading.describe_deletion(row, actor), "wait_days": settings.DELETION_WAIT_DAYS}
    return render(request, "operator/leaving/confirm.html", context)


@operator
@require_POST
def cancel(request: OperatorRequest, actor: Actor, deletion_id: UUID) -> HttpResponse:
    """Give a deletion up."""
    try:
        acts.cancel_deletion(actor=actor, deletion_id=deletion_id)
    except RelaisError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, gettext("The deletion is cancelled."))
    return redirect("operator_deletion", deletion_id=deletion_id)


@operator
@require_safe
def certificate(_request: OperatorRequest, _actor: Actor, deletion_id: UUID, part: str) -> HttpResponse:
    """The certificate as a sheet, as signed facts, or their signature."""
    with platform_transaction():
        row = deleting.access_deletion(deletion_id)
    content, ending, media_type = {
        "sheet": (row.certificate_pdf, "pdf", "application/pdf"),
        "facts": (row.certificate, "json", "application/json"),
        "signature": (row.certificate_signature, "sig.json", "application/json"),
    }.get(part, (None, "", ""))
    if content is None:
        raise DeletionUnknown
    name = f"{row.slug}-deletion.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(content), content_type=media_type, headers=headers)
