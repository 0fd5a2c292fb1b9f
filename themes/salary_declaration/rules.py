"""The checks of a salary declaration in words: what each looks for, why, and how to mend it.

``themes.salary_declaration.checks`` applies them. A letter tells the cases of one check apart.
"""

from __future__ import annotations

from core.kernel.issues import Rule, Severity
from core.kernel.text import N_, Text

BLOCK, JUSTIFY, INFORM = Severity.BLOCK, Severity.JUSTIFY, Severity.INFORM
RULES: dict[str, Rule] = {}


def _rule(code: str, severity: Severity, title: Text, why: Text, fix: Text, legal_source: str = "") -> Rule:  # noqa: PLR0917 -- reads as a table
    RULES[code] = Rule(code, severity, title, why, fix, legal_source)
    return RULES[code]


FIGURES_MISSING = _rule(
    "S-00", INFORM, N_("Figures of the year not known"),
    N_("For %(year)s these figures are not recorded: %(keys)s. Checks that need them were left out."),
    N_("Nothing. The fund will check these points itself."),
)  # fmt: skip
NUMBER_UNKNOWN = _rule(
    "S-01", JUSTIFY, N_("AHV number missing"),
    N_("No AHV number is given. The wage cannot be credited to this person's account."),
    N_("Enter the 13 digits from the insurance card, or say why there is none and that the person was announced."),
    N_("RAVS art. 136 (RS 831.101)"),
)  # fmt: skip
UID_UNKNOWN = _rule(
    "S-02", JUSTIFY, N_("Enterprise number missing"),
    N_("The declaration names no enterprise number (UID)."),
    N_("Enter the number CHE-… of your company, or say why it has none."),
    N_("LIDE art. 3 (RS 431.03)"),
)  # fmt: skip
PERIOD_OUTSIDE = _rule(
    "S-03a", BLOCK, N_("Period outside the year"),
    N_("The period from %(first)s to %(until)s does not lie within %(year)s."),
    N_("Enter days of the accounting year. Pay for earlier years goes into the fields for earlier years."),
    N_("RAVS art. 36 (RS 831.101)"),
)  # fmt: skip
PERIOD_REVERSED = _rule(
    "S-03b", BLOCK, N_("Period ends before it begins"),
    N_("The period ends on %(until)s, before it begins on %(first)s."),
    N_("Exchange or correct the two days."),
)  # fmt: skip
PERIOD_BEFORE_ENTRY = _rule(
    "S-03c", BLOCK, N_("Paid before entry"),
    N_("The period begins on %(first)s, before the entry on %(entry)s."),
    N_("Correct the beginning of the period or the date of entry."),
)  # fmt: skip
PERIOD_AFTER_EXIT = _rule(
    "S-03d", BLOCK, N_("Paid after exit"),
    N_("The period ends on %(until)s, after the exit on %(exit)s."),
    N_("Correct the end of the period or the date of exit."),
)  # fmt: skip
PERIODS_OVERLAP = _rule(
    "S-03e", JUSTIFY, N_("Periods overlap"),
    N_("The period overlaps another one of the same person, in row %(other_row)s."),
    N_("Correct the days, join the rows, or say why both are right."),
)  # fmt: skip
TOTAL_DIFFERS = _rule(
    "S-04a", BLOCK, N_("Total does not match"),
    N_("The stated total is %(stated)s, but the rows add up to %(counted)s."),
    N_("Look for a missing or doubled row, or correct the stated total."),
)  # fmt: skip
COUNT_DIFFERS = _rule(
    "S-04b", BLOCK, N_("Number of entries does not match"),
    N_("%(stated)s entries are stated, but there are %(counted)s."),
    N_("Look for a missing or doubled row, or correct the stated number."),
)  # fmt: skip
CANTON_TOTAL_DIFFERS = _rule(
    "S-04c", BLOCK, N_("Total of a canton does not match"),
    N_("For canton %(canton)s %(stated)s is stated, but the rows add up to %(counted)s."),
    N_("Correct the cantons of the rows, or the stated total."),
)  # fmt: skip
BELOW_DUTY = _rule(
    "S-05", BLOCK, N_("Too young for contributions"),
    N_("Contributions are due from 1 January after the %(age)sth birthday; this person was born in %(birth_year)s."),
    N_("Set the AHV and ALV wages to 0.00, or correct the date of birth."),
    N_("LAVS art. 3 al. 2 let. a (RS 831.10)"),
)  # fmt: skip
ALV_AFTER_AGE = _rule(
    "S-06a", BLOCK, N_("ALV wage after the reference age"),
    N_("The reference age was reached in %(month)s; no ALV contribution is due on later wages."),
    N_("Set the ALV wage to 0.00, or correct the date of birth."),
    N_("LACI art. 2 al. 2 let. c (RS 837.0)"),
)  # fmt: skip
AGE_WITHIN_PERIOD = _rule(
    "S-06b", BLOCK, N_("Reference age reached within the period"),
    N_("The reference age was reached in %(month)s, in the middle of the period."),
    N_("Make two rows: one until the end of that month, one from the month after it."),
    N_("LAVS art. 4 al. 2 let. b (RS 831.10)"),
)  # fmt: skip
ALLOWANCE_TOO_HIGH = _rule(
    "S-06c", BLOCK, N_("Exempt wage too high"),
    N_("The exempt wage of %(amount)s is above the pensioner's allowance of %(limit)s for this period."),
    N_("Correct the exempt wage, or the period."),
    N_("RAVS art. 6quater (RS 831.101)"),
)  # fmt: skip
ALLOWANCE_NOT_STATED = _rule(
    "S-06d", INFORM, N_("Wage after the reference age"),
    N_("After the reference age (%(month)s) only the wage above the allowance counts, unless it was waived."),
    N_("Check that the AHV wage leaves out the allowance, and enter the exempt part if you can."),
    N_("RAVS art. 6quater (RS 831.101)"),
)  # fmt: skip
OPEN_BEFORE_AGE = _rule(
    "S-06e", BLOCK, N_("Exempt wage before the reference age"),
    N_("An exempt wage is stated, but the reference age is reached only in %(month)s."),
    N_("Add the exempt wage to the AHV wage, or correct the date of birth."),
    N_("RAVS art. 6quater (RS 831.101)"),
)  # fmt: skip
ALV_ABOVE_AHV = _rule(
    "S-07a", BLOCK, N_("ALV wage above AHV wage"),
    N_("The ALV wage of %(amount)s is above the AHV wage of %(limit)s."),
    N_("Correct one of the two; the ALV wage is the AHV wage up to the ceiling."),
    N_("LACI art. 3 (RS 837.0)"),
)  # fmt: skip
ALV_ABOVE_CEILING = _rule(
    "S-07b", BLOCK, N_("ALV wage above the ceiling"),
    N_("The ALV wage of %(amount)s is above the ceiling of %(limit)s for %(days)s days."),
    N_("Set the ALV wage to the ceiling, or correct the period."),
    N_("LACI art. 3 al. 2 (RS 837.0); OLAA art. 22 (RS 832.202)"),
)  # fmt: skip
SOLIDARITY_ABOLISHED = _rule(
    "S-08", JUSTIFY, N_("Solidarity contribution abolished"),
    N_("For %(year)s there is no ALV solidarity contribution any more."),
    N_("Empty the field, or say which earlier year the amount belongs to."),
    N_("LACI art. 90c (RS 837.0)"),
)  # fmt: skip
MINOR_WAGE = _rule(
    "S-09", JUSTIFY, N_("Minor wage"),
    N_("The AHV wage of %(amount)s is not above %(limit)s; contributions are then due only on request."),
    N_("Confirm that the person asked for them or that they are always due here (household, arts), or remove the row."),
    N_("RAVS art. 34d (RS 831.101)"),
)  # fmt: skip
CANTON_MISSING = _rule(
    "S-10a", BLOCK, N_("Canton of work missing"),
    N_("Without the canton of work the wage cannot be assigned to a family-allowance fund."),
    N_("Enter the canton in which the person works."),
    N_("LAFam art. 12 al. 2 (RS 836.2)"),
)  # fmt: skip
CANTON_UNUSUAL = _rule(
    "S-10b", JUSTIFY, N_("Canton without known workplace"),
    N_("No workplace of yours in canton %(canton)s is known to the fund."),
    N_("Correct the canton, or say where and since when people work there."),
    N_("LAFam art. 12 al. 2 (RS 836.2)"),
)  # fmt: skip
NUMBER_TWICE = _rule(
    "S-11a", JUSTIFY, N_("One number, two persons"),
    N_("The same AHV number stands in row %(other_row)s with another name or date of birth."),
    N_("Correct the number or the name, or say why both belong to one person."),
)  # fmt: skip
PERSON_TWICE = _rule(
    "S-11b", JUSTIFY, N_("One person, two numbers"),
    N_("The same name and date of birth stand in row %(other_row)s with another AHV number."),
    N_("Correct the number, or confirm that they are two persons."),
)  # fmt: skip
PERSON_CHANGED = _rule(
    "S-11c", JUSTIFY, N_("Other name or birth date than last year"),
    N_("Last year this AHV number belonged to %(name)s, born on %(birth_date)s."),
    N_("Correct the number, or say what changed (such as a marriage)."),
)  # fmt: skip
NEGATIVE_WAGE = _rule(
    "S-12", JUSTIFY, N_("Negative wage"),
    N_("The amount of %(amount)s is negative and is not assigned to an earlier year."),
    N_("Enter the earlier year and its part of the wage, or say what is being corrected."),
)  # fmt: skip
PERSON_MISSING = _rule(
    "S-13a", JUSTIFY, N_("Person of last year missing"),
    N_("%(person)s was on last year's list without an exit and is missing now."),
    N_("Add the person, or say since when she no longer works for you."),
)  # fmt: skip
ENTRY_NOT_LISTED = _rule(
    "S-13b", JUSTIFY, N_("Announced person missing"),
    N_("%(person)s was announced as entering on %(day)s and is not on the list."),
    N_("Add the person, or say why no wage was paid."),
)  # fmt: skip
EXIT_STILL_PAID = _rule(
    "S-13c", JUSTIFY, N_("Paid after an announced exit"),
    N_("The exit was announced for %(day)s, but the period goes on until %(until)s."),
    N_("Correct the period, or say what was paid after the exit."),
)  # fmt: skip
WAGES_CHANGED = _rule(
    "S-14", JUSTIFY, N_("Wage sum changed much"),
    N_("The AHV wages changed from %(before)s to %(now)s, by %(percent)s percent."),
    N_("Check that nobody is missing or doubled, then say what the reason is."),
    N_("RAVS art. 35 al. 2 (RS 831.101)"),
)  # fmt: skip
INSURER_MISSING = _rule(
    "S-15", INFORM, N_("Insurer not given"),
    N_("Wages were paid, but this is not filled in: %(label)s."),
    N_("Name your accident insurer and your pension fund, or the reason why there is none."),
    N_("LAVS art. 68 al. 2; LPP art. 11 (RS 831.40)"),
)  # fmt: skip
CEILING_OF_REENTRY = _rule(
    "S-16", JUSTIFY, N_("ALV ceiling with several periods"),
    N_("All ALV wages of this person are %(amount)s; the ceiling for the %(days)s days employed is %(limit)s."),
    N_("Correct the ALV wages or the periods, or say why the sum is right."),
    N_("LACI art. 3 al. 2 (RS 837.0)"),
)  # fmt: skip
ROW_WITHOUT_WAGE = _rule(
    "S-17", BLOCK, N_("Row without wage"),
    N_("The row names a person but no wage."),
    N_("Enter the wages (0.00 if there were none), or remove the row."),
)  # fmt: skip
NIL_WITH_ROWS = _rule(
    "S-18a", BLOCK, N_("“No wages” with rows"),
    N_("The declaration says that no wages were paid, but it lists %(rows)s rows."),
    N_("Take back “no wages”, or remove the rows."),
)  # fmt: skip
NEITHER_NIL_NOR_ROWS = _rule(
    "S-18b", BLOCK, N_("No rows"),
    N_("The list is empty."),
    N_("Add the persons who were paid, or declare that no wages were paid in the year."),
)  # fmt: skip
