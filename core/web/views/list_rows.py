"""The list of a message: its page, and adding, copying, removing, pasting and taking over rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.errors import InvalidInput, NotFound
from core.messaging import access, rows, selectors, workbooks
from core.messaging.jobs import invalidate
from core.web import fields
from core.web.policies import writer
from core.web.views.contents import editing
from core.web.views.given_files import code_of_fault, fault_of_job
from core.web.views.shown import read_search, row_table
from core.web.writing import url_of
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

UNKNOWN_NAMED = 10


class NothingPasted(InvalidInput):
    """Nothing was pasted. Copy the rows in your spreadsheet, with or without its header line, and paste them here."""

    code = "nothing_pasted"


@writer
@require_http_methods(["GET", "POST"])
def rows_page(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The list: search (posted, since addresses are logged), pages, add, copy, remove, paste, upload."""
    after, search = read_search(request)
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        if not rows.has_rows(found):
            raise NotFound
        lines = rows.list_rows(found, after=after, limit=rows.PAGE + 1, search=search)
        pointed = [one["row"] for one in found.pointers if one.get("row")]
        asked = rows.list_rows(found, numbers=pointed, limit=200) if pointed else []
        language, shared = get_language() or "fr", editing(actor, found)
        context = {
            **shared,
            "rows": row_table(found, lines[: rows.PAGE], language),
            "asked_rows": row_table(found, asked, language) if asked else None,
            "next_after": lines[rows.PAGE - 1].number if len(lines) > rows.PAGE else 0,
            "search": search,
            "new_row": fields.build_form(rows.row_class(found), {}),
            "fault": fault_of_job(shared["job"]),
            "fault_code": code_of_fault(shared["job"]),
        }
    return render(request, "web/portal/rows.html", context)


@writer
@require_POST
def add_row(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Add a row; what cannot be read is kept as typed and shown beside its fault."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        line = rows.add_row(message=found, entries=fields.read_form(rows.row_class(found), request.POST))
        invalidate(actor=actor, message=found, revision=found.revision)
    if line.unread:
        return redirect(url_of(actor, found, "row", line.number))
    messages.success(request, gettext("Row %(number)s added.") % {"number": line.number})
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def copy_row(request: PortalRequest, actor: Actor, message_id: UUID, number: int) -> HttpResponse:
    """Add a copy of a row and open it."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        line = rows.copy_row(message=found, number=number)
        invalidate(actor=actor, message=found, revision=found.revision)
    return redirect(url_of(actor, found, "row", line.number))


@writer
@require_POST
def remove_row(request: PortalRequest, actor: Actor, message_id: UUID, number: int) -> HttpResponse:
    """Remove a row."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        rows.remove_row(message=found, number=number)
        invalidate(actor=actor, message=found, revision=found.revision)
    messages.success(request, gettext("Row %(number)s removed.") % {"number": number})
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def paste(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Add what was copied from a spreadsheet, with or without its header line."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        pasted = workbooks.read_pasted(found, request.POST.get("cells", ""))
        if not pasted.rows:
            raise NothingPasted
        count, faults = rows.add_rows(message=found, many=pasted.rows)
        invalidate(actor=actor, message=found, revision=found.revision)
    messages.success(request, gettext("%(count)s rows added.") % {"count": count})
    if faults:
        messages.warning(
            request, gettext("%(count)s entries need correction; the check shows them.") % {"count": len(faults)}
        )
    if pasted.unknown:
        left_out = gettext("Columns that are not known were left out: %(headings)s.")
        messages.warning(request, left_out % {"headings": ", ".join(pasted.unknown[:UNKNOWN_NAMED])})
    return redirect(url_of(actor, found, "rows"))


@writer
@require_POST
def carry_over(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Begin with last year's persons."""
    with tenant_transaction(request.caisse):
        found = access.access_editable(actor, message_id)
        last = selectors.find_last_declared(found)
        count = rows.carry_over(source=last, target=found) if last else 0
        invalidate(actor=actor, message=found, revision=found.revision)
    messages.success(request, gettext("%(count)s persons of last time taken over.") % {"count": count})
    return redirect(url_of(actor, found, "rows"))
