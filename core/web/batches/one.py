"""One batch: how far it is, what goes where, what is unclear, and the drafts and sendings that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.intake.workbooks.columns import ListColumn
from core.kernel.errors import Conflict, InvalidInput
from core.messaging.batches import clearing, correcting, making, selectors
from core.web.batches.wording import FILE_STATES, describe_batch, describe_file
from core.web.me.access.views import actor_of
from core.web.policies import person
from core.web.views.desk_case import in_words
from core.web.views.downloads import EXPORT_LIMIT, list_workbook
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse, QueryDict

    from core.accounts.models import User
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.messaging.models import Batch, BatchFile
    from core.web.requests import PortalRequest


@person
@require_http_methods(["GET", "POST"])
def show(request: PortalRequest, user: User, batch_id: UUID) -> HttpResponse:
    """The table. Searched by POST, since a client's name belongs in no address."""
    return _page(request, user, batch_id)


def _page(request: PortalRequest, user: User, batch_id: UUID, error: RelaisError | None = None) -> HttpResponse:
    state, search = _asked(request)
    with tenant_transaction(request.caisse):
        batch = selectors.access_batch(user.id, batch_id)
        counts = selectors.count_files(batch)
        page = selectors.list_files(batch, state=state, search=search, after=request.POST.get("cursor", ""))
        outcomes = selectors.list_outcomes(page.rows)
        sendable = making.list_sendable(batch).count() if counts["made"] else 0
    lines = [describe_file(one, outcomes.get(one.message_id) if one.message_id else None) for one in page.rows]
    context = {
        **describe_batch(batch),
        **_progress(batch, counts),
        "lines": lines,
        "is_reading": any(one["chip"] == "info" and not one["said"] for one in lines),
        "counts": [(name, gettext(label), counts[name]) for name, label in FILE_STATES.items() if counts[name]],
        "clear": counts["clear"],
        "unclear": counts["unclear"],
        "made": counts["made"],
        "sendable": sendable,
        "filters": {"state": state, "q": search},
        "next_cursor": page.after,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/batches/one.html", context, status=error.status if error else 200)


@person
@require_GET
def progress(request: PortalRequest, user: User, batch_id: UUID) -> HttpResponse:
    """Return the part of the page that shows how far it is; at the end it has the whole page loaded anew."""
    with tenant_transaction(request.caisse):
        batch = selectors.access_batch(user.id, batch_id)
        counts = selectors.count_files(batch)
    context = {**describe_batch(batch), **_progress(batch, counts)}
    answer = render(request, "web/batches/progress.html", context)
    if not context["is_busy"]:
        answer["HX-Refresh"] = "true"
    return answer


def _progress(batch: Batch, counts: dict[str, int]) -> dict[str, int]:
    of_all = sum(counts.values()) if batch.state == "looking" else batch.done + counts["clear"]
    if batch.state == "sending":
        of_all = counts["made"]
    return {"done": batch.done, "of_all": of_all, "percent": min(99, 100 * batch.done // of_all) if of_all else 0}


@person
@require_POST
def correct(request: PortalRequest, user: User, batch_id: UUID) -> HttpResponse:
    """Take what was said of the files on the page, and match them again."""

    def work(_actor: Actor, batch: Batch) -> str:
        numbers, left_out = _read(request.POST)
        correcting.correct_files(batch=batch, numbers=numbers, left_out=left_out)
        return gettext("Saved, and matched again.")

    return _do(request, user, batch_id, work)


def _read(posted: QueryDict) -> tuple[dict[UUID, str], dict[UUID, bool]]:
    """Return what stands in the fields ``number-ID`` and ``out-ID`` of the files that the page named."""
    ids = []
    for text in posted.getlist("file"):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return {one: posted.get(f"number-{one}", "") for one in ids}, {one: f"out-{one}" in posted for one in ids}


@person
@require_POST
def make(request: PortalRequest, user: User, batch_id: UUID) -> HttpResponse:
    """Ask for a draft for each client whose file is clear."""

    def work(actor: Actor, batch: Batch) -> str:
        making.request_drafts(actor=actor, batch=batch)
        return ""

    return _do(request, user, batch_id, work)


@person
@require_POST
def send(request: PortalRequest, user: User, batch_id: UUID) -> HttpResponse:
    """Ask for the sending of every draft in which nothing is open, once that it is right was confirmed."""

    def work(actor: Actor, batch: Batch) -> str:
        if "confirmed" not in request.POST:
            raise NotConfirmed
        making.request_sending(actor=actor, batch=batch)
        return ""

    return _do(request, user, batch_id, work)


class NotConfirmed(InvalidInput):
    """Tick that the declarations are complete and right before you send them."""

    code = "batch_not_confirmed"


@person
@require_POST
def delete(request: PortalRequest, user: User, batch_id: UUID) -> HttpResponse:
    """Delete the files that were not taken over; drafts stay where they are."""
    try:
        with tenant_transaction(request.caisse):
            batch = selectors.access_batch(user.id, batch_id)
            stays = clearing.discard_batch(actor=actor_of(request, user), batch=batch)
    except Conflict as error:
        return _page(request, user, batch_id, error)
    messages.success(request, gettext("The files that were not taken over are deleted."))
    return redirect("batch", batch_id=batch_id) if stays else redirect("batches")


def _do(request: PortalRequest, user: User, batch_id: UUID, work: Callable[[Actor, Batch], str]) -> HttpResponse:
    try:
        with tenant_transaction(request.caisse):
            said = work(actor_of(request, user), selectors.access_batch(user.id, batch_id))
    except (InvalidInput, Conflict) as error:
        return _page(request, user, batch_id, error)
    if said:
        messages.success(request, said)
    return redirect("batch", batch_id=batch_id)


@person
@require_POST
def export(request: PortalRequest, user: User, batch_id: UUID) -> HttpResponse:
    """The result for each file as a workbook."""
    state, search = _asked(request)
    with tenant_transaction(request.caisse):
        batch = selectors.access_batch(user.id, batch_id)
        found = selectors.list_files(batch, state=state, search=search, limit=EXPORT_LIMIT).rows
        outcomes = selectors.list_outcomes(found)
    columns = [
        ListColumn(gettext("File"), width=44),
        ListColumn(gettext("Number")),
        ListColumn(gettext("Client"), width=36),
        ListColumn(gettext("Recognised"), width=24),
        ListColumn(gettext("Result"), width=28),
        ListColumn(gettext("Explanation"), width=60),
        ListColumn(gettext("Reference")),
    ]
    body = [_row(one, describe_file(one, outcomes.get(one.message_id) if one.message_id else None)) for one in found]
    return list_workbook(columns, body, title=gettext("Files for many clients"), filename="clients-upload.xlsx")


def _row(file: BatchFile, line: dict[str, Any]) -> tuple[Any, ...]:
    client = file.party.name if file.party else ""
    return file.name, line["number"], client, line["found_by"], line["label"], line["said"], line["reference"]


def _asked(request: PortalRequest) -> tuple[str, str]:
    state = request.POST.get("state", "")
    return state if state in FILE_STATES else "", request.POST.get("q", "").strip()[:100]
