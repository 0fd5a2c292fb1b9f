"""Values on their way into a cell: exact where a spreadsheet can be, else text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from core.intake.workbooks.guard import guard_text, writable

if TYPE_CHECKING:
    from core.intake.workbooks.columns import Cell

WorkbookCell = str | int | float | bool | date | datetime | None

# Spreadsheets keep 15 digits and silently put zeros for the rest.
_EXACT = 10**15
_FIRST_DAY = date(1900, 3, 1)


def workbook_value(value: Cell) -> WorkbookCell:
    """Return what a workbook's cell holds; what it could not hold exactly becomes text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, date):
        return _workbook_date(value)
    if not _is_exact(value):
        return str(value)
    return float(value) if isinstance(value, Decimal) else value


def _workbook_date(value: date) -> WorkbookCell:
    """Spreadsheets know neither time zones nor, reliably, days before March 1900."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) if value.date() >= _FIRST_DAY else value.isoformat()
    return value if value >= _FIRST_DAY else value.isoformat()


def _is_exact(value: float | Decimal) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.normalize().as_tuple().digits) <= len(str(_EXACT)) - 1
    return abs(value) < _EXACT


def csv_value(value: Cell) -> str:
    """Return what a CSV cell says; only text is guarded, figures and dates cannot run."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guard_text(value.replace("\x00", ""))
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value)
