"""Lists as workbooks: of messages, and the rows of one message."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import get_language, gettext
from rustpy_xlsxwriter import FastExcel

from core.accounts.policy import caisse_day
from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.listing import add_table, export_list
from core.kernel.errors import NotFound
from core.messaging import access, acts, files, rows, workbooks
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT_LIMIT = 10_000


def rows_workbook(request: PortalRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """Return all rows of a message as a workbook, in the form that the portal reads."""
    with tempfile.TemporaryDirectory() as folder, tenant_transaction(request.caisse):
        found = access.access_message(actor, message_id)
        acts.note_message_opened(actor, found)
        if not rows.has_rows(found) or not access.sees_contents(actor, found):
            raise NotFound
        target = Path(folder) / "rows.xlsx"
        name = workbooks.write_rows(found, target, language=get_language() or "fr")
        content = target.read_bytes()
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": files.disposition(name)})


def workbook_of(request: PortalRequest, listed: list[dict[str, Any]], filename: str) -> HttpResponse:
    """Return a list of messages as a workbook; texts never become formulas."""
    columns = [
        ListColumn(gettext("Reference")),
        ListColumn(gettext("Title"), width=40),
        ListColumn(gettext("Theme")),
        ListColumn(gettext("Party"), width=30),
        ListColumn(gettext("State")),
        ListColumn(gettext("Changed"), style="date"),
        ListColumn(gettext("Sent"), style="date"),
    ]
    body = [
        (
            one["reference"],
            one["title"],
            one["theme"],
            one["message"].party.name,
            one["state"],
            caisse_day(request.caisse, one["message"].changed_at),
            caisse_day(request.caisse, one["message"].sent_at) if one["message"].sent_at else None,
        )
        for one in listed
    ]
    return list_workbook(columns, body, title=gettext("Messages"), filename=filename)


def list_workbook(
    columns: Sequence[ListColumn], rows: Iterable[Sequence[Any]], *, title: str, filename: str
) -> HttpResponse:
    """Return any list as a workbook to download; texts never become formulas."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "list.xlsx"
        export_list(columns, rows, target, title=title)
        content = target.read_bytes()
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


def many_workbook(
    sheets: Iterable[tuple[str, Sequence[ListColumn], Iterable[Sequence[Any]]]], *, filename: str
) -> HttpResponse:
    """Return several tables as sheets of one workbook."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "tables.xlsx"
        book = FastExcel(str(target), output_format="xlsx")
        for title, columns, rows in sheets:
            add_table(book, title, columns, rows)
        book.save()
        content = target.read_bytes()
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )
