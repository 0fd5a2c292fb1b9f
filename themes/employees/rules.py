"""Checks over the entries of one announcement; pure functions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.kernel.issues import Issue, Rule, Severity
from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from themes.employees.messages import Change, Entry, Exit

MINIMUM_AGE = 13

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "E-01",
            Severity.JUSTIFY,
            N_("Very young person"),
            N_("On %(day)s the person is younger than %(age)s."),
            N_("Check the date of birth and the first day of work, or say why this is right."),
            "LTr art. 30 (RS 822.11)",
        ),
        Rule(
            "E-02",
            Severity.BLOCK,
            N_("Born after the day announced"),
            N_("The date of birth lies after %(day)s."),
            N_("Correct one of the two dates."),
        ),
        Rule(
            "E-03",
            Severity.INFORM,
            N_("No AHV number"),
            N_("The person has no AHV number yet. The caisse will ask for one."),
            N_("Nothing. You receive the number as soon as it is known."),
            N_("RAVS art. 136 (RS 831.101)"),
        ),
        Rule(
            "E-04",
            Severity.BLOCK,
            N_("Nothing has changed"),
            N_("The announcement names no change."),
            N_("Fill in at least one of the fields under What has changed."),
        ),
        Rule(
            "E-05",
            Severity.JUSTIFY,
            N_("Day far away"),
            N_("%(day)s lies more than a year in the future."),
            N_("Correct the date, or say why you announce it already now."),
        ),
    )
}
FAR_DAYS = 366


def check_entry(message: Entry, context: Mapping[str, Any]) -> list[Issue]:
    """Return what the entry of an employee raises."""
    issues = _check_dates(message.birth_date, message.entry_date, "entry_date", context)
    age = _age_on(message.birth_date, message.entry_date)
    if 0 <= age < MINIMUM_AGE:
        issues.append(_issue("E-01", "birth_date", day=message.entry_date, age=MINIMUM_AGE))
    if message.ahv_number is None:
        issues.append(_issue("E-03", "ahv_number"))
    return issues


def check_exit(message: Exit, context: Mapping[str, Any]) -> list[Issue]:
    """Return what the exit of an employee raises."""
    return _check_dates(message.birth_date, message.exit_date, "exit_date", context)


def check_change(message: Change, context: Mapping[str, Any]) -> list[Issue]:
    """Return what a change of personal data raises."""
    issues = _check_dates(message.birth_date, message.valid_from, "valid_from", context)
    changed = (
        message.new_last_name,
        message.new_first_name,
        message.new_birth_date,
        message.new_civil_status,
        message.new_canton,
    )
    if not any(changed):
        issues.append(_issue("E-04", "new_last_name"))
    return issues


def _check_dates(birth: date, day: date, field: str, context: Mapping[str, Any]) -> list[Issue]:
    issues = []
    if birth > day:
        issues.append(_issue("E-02", "birth_date", day=day))
    today = context.get("today")
    if today and (day - date.fromisoformat(today)).days > FAR_DAYS:
        issues.append(_issue("E-05", field, day=day))
    return issues


def _age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _issue(code: str, field: str, **params: date | int) -> Issue:
    shown = {
        name: f"{value.day:02}.{value.month:02}.{value.year}" if isinstance(value, date) else value
        for name, value in params.items()
    }
    return Issue(code, RULES[code].severity, None, field, shown)
