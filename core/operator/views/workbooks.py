"""Any list of the console as a workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import HttpResponse

from core.intake.workbooks.listing import export_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.intake.workbooks.columns import Cell, ListColumn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    columns: Sequence[ListColumn], rows: Iterable[Sequence[Cell]], *, title: str, filename: str
) -> HttpResponse:
    """Return the list; texts never become formulas. Give moments in the reader's zone, and rows already read."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "list.xlsx"
        export_list(columns, rows, target, title=title)
        content = target.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
