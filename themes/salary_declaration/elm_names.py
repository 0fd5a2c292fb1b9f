"""Names of the salary standard ELM 5.0 as far as a compensation fund reads them, and its earlier versions."""

from __future__ import annotations

import re

BASE = "http://www.swissdec.ch/schema/"
VERSION = "20200220"
SD = f"{{{BASE}sd/{VERSION}/SalaryDeclaration}}"
SDC = f"{{{BASE}sd/{VERSION}/SalaryDeclarationContainer}}"
C = f"{{{BASE}common/{VERSION}/Common}}"
ROOT = f"{BASE}sd/{VERSION}/SalaryDeclarationServiceTypes DeclareSalary"
ENVELOPES = (
    "http://schemas.xmlsoap.org/soap/envelope/ Envelope",
    "http://www.w3.org/2003/05/soap-envelope Envelope",
)
SWISSDEC = re.compile(r"http://www\.swissdec\.ch/schema/[a-z]+/([0-9]{8})/")
KNOWN_VERSIONS = {"20130514": "4.0", "20110930": "3.x", "20090727": "3.0", "20051002": "2.2"}
SCHEMA_VERSION = "0.0"

PERSON = f"{SD}Person"
PARTICULARS, WORK = f"{SD}Particulars", f"{SD}Work"
AVS_SALARIES, FAK_SALARIES = f"{SD}AHV-AVS-Salaries", f"{SD}FAK-CAF-Salaries"
IDENTIFICATION, NUMBER = f"{C}Social-InsuranceIdentification", f"{C}SV-AS-Number"
INSTITUTION = "institutionIDRef"
FROM, UNTIL = f"{C}from", f"{C}until"
LAST_PARTICULAR = f"{C}DateOfBirth"

# Where each element of a person goes.
OF_PARTICULARS = {
    f"{C}EmployeeNumber": "employee_number",
    f"{C}Lastname": "last_name",
    f"{C}Firstname": "first_name",
    f"{C}Sex": "sex",
    f"{C}DateOfBirth": "birth_date",
}
OF_WORK = {f"{C}EntryDate": "entry_date", f"{C}WithdrawalDate": "exit_date"}
OF_AVS = {
    f"{SD}AHV-AVS-Income": "ahv_income",
    f"{SD}AHV-AVS-Open": "ahv_open",
    f"{SD}ALV-AC-Income": "alv_income",
    f"{SD}ALV-AC-Open": "alv_open",
    f"{SD}ALVZ-ACS-Income": "alvz_income",
    f"{SD}DegreeOfRelationship": "relation",
}
AVS_TIME, AVS_SPLITS = f"{SD}AccountingTime", f"{SD}AHV-AVS-IncomeSplits"
OF_FAK = {f"{SD}FAK-CAF-ContributorySalary": "fak_income", f"{SD}FAK-CAF-WorkplaceCanton": "canton"}
FAK_TIME, FAK_SUPPLEMENT = f"{SD}FAK-CAF-Period", f"{SD}FAK-CAF-FamilyIncomeSupplement"

# What stands once; emptied and forgotten like persons, so that nothing piles up.
ONCE = (
    f"{SDC}RequestContext", f"{SDC}Job", f"{SDC}Substitution", f"{SD}CompanyDescription", f"{SD}Institutions",
    f"{SD}SalaryTotals", f"{SD}SalaryCounters", f"{SD}GeneralSalaryDeclarationDescription",
)  # fmt: skip
DECLARATION = f"{SDC}SalaryDeclaration"
