"""Applies all checks of a salary declaration to its rows; runs in the parsing child only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.intake.findings import of_rule
from core.intake.plans import Checked
from themes.salary_declaration import rules
from themes.salary_declaration.checks_persons import check_persons
from themes.salary_declaration.checks_rows import check_rows
from themes.salary_declaration.checks_whole import check_whole
from themes.salary_declaration.prepared import of_several_rows, prepare, with_persons
from themes.salary_declaration.totals import add_up, summarise

if TYPE_CHECKING:
    from core.intake.plans import CheckInput


def check(given: CheckInput) -> Checked:
    """Return the findings of all checks and the sums; without an accounting year no check can be made."""
    frame = with_persons(given.frame)
    several = of_several_rows(frame)
    sums = add_up(frame, several)
    summary = summarise(sums, given.context)
    prepared = prepare(given, frame, several, sums)
    if prepared is None:
        return Checked([], summary)
    found = [*check_rows(prepared), *check_persons(prepared), *check_whole(prepared)]
    missing = prepared.figures.missing
    if missing:
        found.append(of_rule(rules.FIGURES_MISSING, year=str(prepared.year), keys=", ".join(missing)))
    return Checked(found, summary)
