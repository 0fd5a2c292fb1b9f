"""The tables of salary rows, one for each version of the row."""

from __future__ import annotations

from core.declare.tables import row_table
from themes.salary_declaration.rows import SalaryRow

SalaryRowV1 = row_table(SalaryRow, app_label="theme_salary_declaration", version=1)
