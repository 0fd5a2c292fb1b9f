"""What an ELM file says once: company, contact, year, totals, counters, substitution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from themes.salary_declaration import elm_names as names
from themes.salary_declaration.elm_institutions import Institutions, read_institutions

if TYPE_CHECKING:
    from lxml import etree

    from themes.salary_declaration.elm_institutions import Institution

AHV_TOTALS = {
    "Total-AHV-AVS-Incomes": "stated_ahv",
    "Total-AHV-AVS-Open": "stated_ahv_open",
    "Total-ALV-AC-Incomes": "stated_alv",
    "Total-ALV-AC-Open": "stated_alv_open",
    "Total-ALVZ-ACS-Incomes": "stated_alvz",
}
Once = dict[str, Any]


def read_once(element: etree._Element, once: Once, institutions: Institutions) -> None:
    """Note what one of the elements that stand once says."""
    local = element.tag.rpartition("}")[2]
    if local == "Institutions":
        read_institutions(element, institutions)
    elif local in READERS:
        READERS[local](element, once)


def _read_substitution(element: etree._Element, once: Once) -> None:
    once["replaces"] = _deep(element, "PredecessorDeclarationIDWithAcceptedState")


def _read_declaration(element: etree._Element, once: Once) -> None:
    once["schema_version"] = element.get("schemaVersion") or ""


def _read_company(element: etree._Element, once: Once) -> None:
    once["company_name"] = _deep(element, "HR-RC-Name")
    once["enterprise_number"] = (element.findtext(f"{names.C}UID-BFS/{names.C}UID") or "").strip() or None


def _read_counters(element: etree._Element, once: Once) -> None:
    once["counters"] = {child.tag.rpartition("}")[2]: child.text for child in element}


def _deep(element: etree._Element, local: str) -> str | None:
    """Return the first text of that name anywhere within."""
    for found in element.iter(f"{{*}}{local}"):
        if found.text and found.text.strip():
            return found.text.strip()
    return None


def _read_request(element: etree._Element, once: Once) -> None:
    parts = (_deep(element, name) for name in ("Producer", "Name", "Version"))
    once["software"] = " ".join(part for part in parts if part)[:200] or None
    once["test_case"] = element.find(f"{names.SDC}TestCase") is not None
    once["company_name"] = _deep(element, "HR-RC-Name")


def _read_totals(element: etree._Element, once: Once) -> None:
    once["ahv_totals"] = {
        total.get(names.INSTITUTION): {child.tag.rpartition("}")[2]: child.text for child in total}
        for total in element.iterfind(f"{names.SD}AHV-AVS-Totals")
    }
    per_canton = f"{names.SD}Total-FAK-CAF-PerCanton"
    once["fak_totals"] = {
        total.get(names.INSTITUTION): [_canton_line(line) for line in total.iterfind(per_canton)]
        for total in element.iterfind(f"{names.SD}FAK-CAF-Totals")
    }


def _canton_line(line: etree._Element) -> str:
    wanted = ("Canton", "Total-FAK-CAF-ContributorySalary", "Total-FAK-CAF-FamilyIncomeSupplement")
    texts = [line.findtext(f"{names.SD}{name}") for name in wanted]
    return " ".join(text.strip() for text in texts if text)


def _read_description(element: etree._Element, once: Once) -> None:
    year = _deep(element, "AccountingPeriod")
    once["year"] = int(year[:4]) if year and year[:4].isdigit() else year
    contact = element.find(f"{names.SD}ContactPerson")
    if contact is not None:
        once["contact_name"] = _deep(contact, "Name")
        once["contact_email"] = _deep(contact, "EmailAddress")
        once["contact_phone"] = _deep(contact, "PhoneNumber") or _deep(contact, "MobilePhoneNumber")
    once["remark"] = _deep(element, "Comment")


READERS = {
    "RequestContext": _read_request,
    "Substitution": _read_substitution,
    "SalaryDeclaration": _read_declaration,
    "CompanyDescription": _read_company,
    "SalaryTotals": _read_totals,
    "SalaryCounters": _read_counters,
    "GeneralSalaryDeclarationDescription": _read_description,
}


def settle_declaration(once: Once, funds: Institutions, ahv: str | None, fak: str | None) -> dict[str, Any]:
    """Return the scalar entries of the declaration, with the totals stated to the chosen funds."""
    plain = (
        "year", "company_name", "enterprise_number", "contact_name", "contact_email", "contact_phone", "remark",
        "replaces", "software", "test_case",
    )  # fmt: skip
    entries: dict[str, Any] = {name: once.get(name) for name in plain}
    entries |= _of_fund(next((fund for fund in funds.ahv if fund.identifier == ahv), None))
    stated = _pick(once.get("ahv_totals"), ahv) or {}
    entries |= {entry: stated.get(tag) for tag, entry in AHV_TOTALS.items()}
    cantons = _pick(once.get("fak_totals"), fak) or []
    entries["stated_fak_cantons"] = "\n".join(cantons) or None
    # The counters speak of all funds together; with several of a kind they say nothing about one.
    counters = once.get("counters") or {}
    for tag, entry, several in (
        ("NumberOf-AHV-AVS-Salary-Tags", "stated_ahv_entries", len(funds.ahv) > 1),
        ("NumberOf-FAK-CAF-Salary-Tags", "stated_fak_entries", len(funds.fak) > 1),
    ):
        text = (counters.get(tag) or "").strip()
        entries[entry] = int(text) if text.isdigit() and not several else None
    return entries


def _of_fund(fund: Institution | None) -> dict[str, Any]:
    if fund is None:
        return {}
    return {
        "fund_number": fund.branch or None,
        "affiliate_number": fund.customer or None,
        "accident_insurer": fund.accident_insurer or None,
        "pension_fund": fund.pension_fund or None,
    }


def _pick(totals: dict[str, Any] | None, institution: str | None) -> Any:
    """Return the totals of the fund, or the only ones there are."""
    totals = totals or {}
    if institution in totals:
        return totals[institution]
    return next(iter(totals.values())) if len(totals) == 1 else None
