"""Why a workbook cannot be marked up; the caller then offers the findings workbook instead."""

from __future__ import annotations

from core.kernel.errors import InvalidInput


class UnmarkableWorkbook(InvalidInput):
    """This file cannot carry comments; the findings come in a workbook of their own."""

    code = "unmarkable_workbook"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason
