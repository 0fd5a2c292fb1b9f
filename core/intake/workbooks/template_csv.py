"""The same template as CSV, for programs that write tables and people without a spreadsheet."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from core.intake.workbooks.columns import ListColumn
from core.intake.workbooks.listing import export_csv
from core.intake.workbooks.template import heading_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.intake.workbooks.columns import Cell, TemplateColumn


def write_csv_template(
    target: IO[bytes], *, columns: Sequence[TemplateColumn], rows: Iterable[Mapping[str, Cell]] = ()
) -> int:
    """Write the headings and ``rows`` (values by field name) as CSV; return the number of rows."""
    listed = [ListColumn(heading_text(column)) for column in columns]
    return export_csv(listed, ([row.get(column.name) for column in columns] for row in rows), target)
