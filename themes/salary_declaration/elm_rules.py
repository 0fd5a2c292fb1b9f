"""What an ELM file itself can have: versions that cannot be read, institutions to choose from, remarks."""

from __future__ import annotations

from core.intake.refusals import FileRefused
from core.kernel.issues import Rule, Severity
from core.kernel.text import N_


class ElmVersionOld(FileRefused):
    """This file follows ELM %(version)s, which was switched off.

    Update your payroll program to ELM 5 and export the declaration again, or use the Excel template.
    """

    code = "elm_version_old"


class ElmVersionUnknown(FileRefused):
    """This file follows a version of ELM (%(version)s) that is not known here.

    Export the declaration as ELM 5.0, or use the Excel template.
    """

    code = "elm_version_unknown"


class ElmNotDeclaration(FileRefused):
    """This ELM file is not a yearly salary declaration (%(root)s).

    Export the yearly declaration (DeclareSalary) from your payroll program.
    """

    code = "elm_not_declaration"


class ElmInstitutionUnclear(FileRefused):
    """This file speaks to several compensation funds. Choose the one that this declaration is for."""

    code = "elm_institution_unclear"

    def __init__(self, choices: list[dict[str, str]] | None = None, **params: object) -> None:
        super().__init__(**params)
        self.choices = choices or []


class ElmOtherFund(FileRefused):
    """This file is addressed to the fund %(branch)s, not to us.

    Send it to that fund, or correct the number of the fund in your payroll program.
    """

    code = "elm_other_fund"


SCHEMA_VERSION_UNKNOWN = Rule(
    code="E-01",
    severity=Severity.INFORM,
    title=N_("Schema version not known"),
    why=N_("The file states schema version %(version)s; %(known)s is known here."),
    fix=N_("Check the figures on the review page with special care."),
)
TEST_CASE = Rule(
    code="E-02",
    severity=Severity.INFORM,
    title=N_("Test case"),
    why=N_("Your payroll program marked this file as a test."),
    fix=N_("Do not send it if you meant a real declaration; export it again without the test mark."),
)
NO_SALARY_FOR_FUND = Rule(
    code="E-03",
    severity=Severity.JUSTIFY,
    title=N_("No wages for this fund"),
    why=N_("The file lists %(persons)s persons, but none with wages for this fund."),
    fix=N_("Check in your payroll program to which fund the wages are assigned."),
)
PERSONS_WITHOUT_AHV = Rule(
    code="E-04",
    severity=Severity.INFORM,
    title=N_("Persons without AHV wage"),
    why=N_("The file lists %(persons)s persons; %(rows)s entries concern this fund."),
    fix=N_("Nothing, if the other persons are insured elsewhere."),
)
ELM_RULES = {rule.code: rule for rule in (SCHEMA_VERSION_UNKNOWN, TEST_CASE, NO_SALARY_FOR_FUND, PERSONS_WITHOUT_AHV)}
