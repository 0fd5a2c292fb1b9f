"""How the parsing child reads, checks and sums up a salary list; imported there only."""

from __future__ import annotations

from core.intake.plans import IntakePlan
from themes.salary_declaration.checks import check
from themes.salary_declaration.columns import FILLS, JOINED, derive
from themes.salary_declaration.elm import name_owners, read_elm
from themes.salary_declaration.rows import SalaryRow

PLAN = IntakePlan(
    rows=SalaryRow,
    check=check,
    read_xml=read_elm,
    name_owners=name_owners,
    derive=derive,
    joined=JOINED,
    fills=FILLS,
    expected=("ahv_income", "canton"),
    from_file=(
        "replaces",
        "stated_ahv",
        "stated_ahv_open",
        "stated_alv",
        "stated_alv_open",
        "stated_alvz",
        "stated_ahv_entries",
        "stated_fak_entries",
        "stated_fak_cantons",
        "software",
        "test_case",
    ),
    stated={
        "ahv_income": "stated_ahv",
        "ahv_open": "stated_ahv_open",
        "alv_income": "stated_alv",
        "alv_open": "stated_alv_open",
        "alvz_income": "stated_alvz",
    },
)
