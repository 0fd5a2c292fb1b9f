"""The declaration of the theme."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from core.catalogue.types import DuePeriod, JoinedColumns, MessageType, Theme, Total, WayIn
from core.kernel.text import N_
from themes.salary_declaration.columns import JOINED, split_entries
from themes.salary_declaration.declaration import SalaryDeclaration
from themes.salary_declaration.elm_rules import ELM_RULES
from themes.salary_declaration.rows import SalaryRow
from themes.salary_declaration.rules import RULES

if TYPE_CHECKING:
    from django.db.models import Model


def _table() -> type[Model]:
    return cast("type[Model]", import_module("themes.salary_declaration.models").SalaryRowV1)


ANNUAL = MessageType(
    key="salary_declaration.annual",
    version=1,
    title=N_("Salary declaration"),
    summary=N_("Declare the wages of a year: read an ELM or Excel file, paste from a spreadsheet, or enter them here."),
    declaration=SalaryDeclaration,
    rows=SalaryRow,
    row_table=_table,
    row_identity=("ahv_number", "last_name", "first_name", "birth_date"),
    row_label=("last_name", "first_name"),
    carry_over=("ahv_number", "last_name", "first_name", "birth_date", "sex", "employee_number", "relation", "canton"),
    once_per_period=True,
    due=DuePeriod("salary_declaration.due_day", N_("Salary declaration %(year)s")),
    ways_in=(WayIn.PAGE, WayIn.WORKBOOK, WayIn.XML),
    nil_field="nil",
    period_field="year",
    plan="themes.salary_declaration.plan:PLAN",
    joined=JoinedColumns(JOINED, split_entries),
    rules=RULES | ELM_RULES,
    totals=(
        Total("persons", N_("Persons"), "count"),
        Total("ahv_income", N_("AHV wages")),
        Total("alv_income", N_("ALV wages")),
        Total("alvz_income", N_("ALV solidarity wages")),
        Total("ahv_open", N_("Exempt AHV wages")),
        Total("fak_income", N_("Wages for family allowances")),
        Total("family_supplement", N_("Family allowances paid")),
    ),
    breakdown_by="canton",
    breakdown=(
        Total("persons", N_("Persons"), "count"),
        Total("ahv_income", N_("AHV wages")),
        Total("fak_income", N_("Wages for family allowances")),
        Total("family_supplement", N_("Family allowances paid")),
    ),
)

THEME = Theme(
    slug="salary_declaration",
    title=N_("Salary declaration"),
    summary=N_("Yearly declarations of wages, their corrections and what the caisse decides on them."),
    icon="salary",
    order=10,
    message_types=(ANNUAL,),
)
