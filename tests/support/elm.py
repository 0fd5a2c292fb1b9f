"""Writes synthetic ELM 5.0 files of any size and with chosen oddities; no text of anybody else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

BASE = "http://www.swissdec.ch/schema/"
NAMESPACES = (
    f'xmlns:sdst="{BASE}sd/20200220/SalaryDeclarationServiceTypes" '
    f'xmlns:sdc="{BASE}sd/20200220/SalaryDeclarationContainer" '
    f'xmlns:sd="{BASE}sd/20200220/SalaryDeclaration" xmlns:c="{BASE}common/20200220/Common"'
)
CANTONS = ("FR", "BE", "VD", "GE")


@dataclass(frozen=True)
class Avs:
    """One AHV-AVS salary."""

    first: str = "2025-01-01"
    until: str = "2025-12-31"
    ahv: str = "84500.00"
    alv: str = "84500.00"
    open_: str | None = None
    alv_open: str | None = None
    alvz: str | None = None
    previous: tuple[str, str, str] | None = None
    institution: str = "#AHV"


@dataclass(frozen=True)
class Fak:
    """One FAK-CAF salary."""

    first: str = "2025-01-01"
    until: str = "2025-12-31"
    salary: str = "84500.00"
    supplement: str | None = None
    canton: str = "FR"
    institution: str = "#FAK"


@dataclass(frozen=True)
class Person:
    """One person of the staff; ``number`` empty means that no AHV number is known."""

    number: str | None = "756.9217.0769.85"
    last_name: str = "Exemple"
    first_name: str = "Anne"
    sex: str = "F"
    birth: str = "1988-03-14"
    entry: str = "2015-02-01"
    withdrawal: str | None = None
    employee_number: str | None = "1"
    avs: tuple[Avs, ...] = (Avs(),)
    fak: tuple[Fak, ...] = (Fak(),)


@dataclass(frozen=True)
class Institution:
    """The number of one fund that the file speaks to."""

    identifier: str = "#AHV"
    branch: str = "028.000"
    customer: str = "100-9976.9"


@dataclass(frozen=True)
class Letter:
    """Everything around the staff."""

    year: str = "2025"
    company: str = "Fabrique Exemple SA"
    uid: str | None = "CHE-123.456.788"
    schema_version: str = "0.0"
    substitution: str | None = None
    test_case: bool = True
    ahv: tuple[Institution, ...] = (Institution(),)
    fak: tuple[Institution, ...] = (Institution("#FAK"),)
    totals: dict[str, str] | None = None
    counters: dict[str, int] | None = field(default=None)
    accident_insurer: str = "none"


def write_elm(path: Path, people: Iterable[Person], letter: Letter | None = None) -> Path:
    """Write one DeclareSalary file and return its path; totals are right unless the letter states others."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(elm_parts(people, letter or Letter()))
    return path


def many_people(count: int) -> Iterator[Person]:
    """Yield different persons with sound numbers."""
    for index in range(count):
        wage = f"{3000 + index * 37 % 140000}.{index % 20 * 5:02d}"
        avs = Avs(ahv=wage, alv=wage)
        fak = Fak(salary=wage, supplement="3600.00" if index % 3 == 0 else None, canton=CANTONS[index % 4])
        person = Person(
            number=ahv_number(index),
            last_name=f"Nom{index}",
            first_name=f"Prénom{index % 977}",
            sex="MF"[index % 2],
            birth=f"{1966 + index % 38}-{1 + index % 12:02d}-{1 + index % 28:02d}",
            employee_number=str(index + 1),
            avs=(avs,),
            fak=(fak,),
        )
        yield person if index % 5 else _newcomer(person, avs, fak)


def _newcomer(person: Person, avs: Avs, fak: Fak) -> Person:
    first, until = "2025-04-01", "2025-10-31"
    return replace(
        person,
        entry=first,
        withdrawal=until,
        avs=(replace(avs, first=first, until=until),),
        fak=(replace(fak, first=first, until=until),),
    )


def ahv_number(seed: int) -> str:
    """Return a sound number with dots for any seed below a thousand million."""
    digits = f"756{seed * 7919 % 10**9:09d}"
    check = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    return f"{digits[:3]}.{digits[3:7]}.{digits[7:11]}.{digits[11:]}{check}"


def elm_parts(people: Iterable[Person], letter: Letter) -> Iterator[str]:
    """Yield the text of a file piece by piece."""
    yield _head(letter)
    sums = {"ahv": Decimal(0), "alv": Decimal(0), "open": Decimal(0), "alvz": Decimal(0), "alv_open": Decimal(0)}
    cantons: dict[str, list[Decimal]] = {}
    tags = {"AHV-AVS": 0, "FAK-CAF": 0}
    for person in people:
        _count(person, sums, cantons, tags)
        yield _person(person)
    yield "</sd:Staff>" + _institutions(letter) + _totals(letter, sums, cantons) + _counters(letter, tags)
    yield _tail(letter)


def _count(person: Person, sums: dict[str, Decimal], cantons: dict[str, list[Decimal]], tags: dict[str, int]) -> None:
    for avs in person.avs:
        tags["AHV-AVS"] += 1
        pairs = {"ahv": avs.ahv, "alv": avs.alv, "open": avs.open_, "alvz": avs.alvz, "alv_open": avs.alv_open}
        for name, text in pairs.items():
            sums[name] += Decimal(text or 0)
    for fak in person.fak:
        tags["FAK-CAF"] += 1
        both = cantons.setdefault(fak.canton, [Decimal(0), Decimal(0)])
        both[0] += Decimal(fak.salary)
        both[1] += Decimal(fak.supplement or 0)


def _el(name: str, text: str | None) -> str:
    return "" if text is None else f"<{name}>{escape(text)}</{name}>"


def _head(letter: Letter) -> str:
    uid = _el("c:UID", letter.uid) or "<c:Unknown/>"
    substitution = _el("sdc:PredecessorDeclarationIDWithAcceptedState", letter.substitution)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<sdst:DeclareSalary {NAMESPACES}><sdc:RequestContext><c:UserAgent>"
        "<c:Producer>Demo SA</c:Producer><c:Name>DemoPaie</c:Name><c:Version>1.0</c:Version>"
        "<c:StandardVersion>5.0</c:StandardVersion><c:Certificate>none</c:Certificate></c:UserAgent>"
        f"<c:CompanyName>{_el('c:HR-RC-Name', letter.company)}</c:CompanyName>"
        "<c:TransmissionDate>2026-01-12T09:30:00.0</c:TransmissionDate><c:RequestID>REQ-0001</c:RequestID>"
        f"<c:LanguageCode>fr</c:LanguageCode>{'<sdc:TestCase/>' if letter.test_case else ''}</sdc:RequestContext>"
        '<sdc:Job><sdc:Addressees><sdc:AHV-AVS institutionIDRef="#AHV"><sdc:ProcessByDistributor>true'
        "</sdc:ProcessByDistributor></sdc:AHV-AVS></sdc:Addressees></sdc:Job>"
        + (f"<sdc:Substitution>{substitution}</sdc:Substitution>" if substitution else "")
        + f'<sdc:SalaryDeclaration schemaVersion="{letter.schema_version}"><sd:Company><sd:CompanyDescription>'
        f"<c:Name>{_el('c:HR-RC-Name', letter.company)}</c:Name><c:Address><c:Street>Rue du Lac 5</c:Street>"
        f"<c:ZIP-Code>1700</c:ZIP-Code><c:City>Fribourg</c:City></c:Address><c:UID-BFS>{uid}</c:UID-BFS>"
        '<c:Workplace workplaceID="#w1"><c:InHouseID>1</c:InHouseID><c:AddressExtended><c:ZIP-Code>1700</c:ZIP-Code>'
        "<c:City>Fribourg</c:City></c:AddressExtended><c:CompanyWorkingTime>"
        '<c:WeeklyHours companyWeeklyHoursID="#h1">41.00</c:WeeklyHours></c:CompanyWorkingTime></c:Workplace>'
        "</sd:CompanyDescription>\n<sd:Staff>"
    )


def _person(person: Person) -> str:
    number = _el("c:SV-AS-Number", person.number) or "<c:unknown/>"
    return (
        "\n<sd:Person><sd:Particulars><c:Social-InsuranceIdentification>"
        f"{number}</c:Social-InsuranceIdentification>{_el('c:EmployeeNumber', person.employee_number)}"
        f"{_el('c:Lastname', person.last_name)}{_el('c:Firstname', person.first_name)}{_el('c:Sex', person.sex)}"
        f"{_el('c:DateOfBirth', person.birth)}<c:Nationality>CH</c:Nationality><c:CivilStatus>"
        "<c:Status>single</c:Status></c:CivilStatus><c:Address><c:ZIP-Code>1700</c:ZIP-Code><c:City>Fribourg</c:City>"
        "</c:Address><c:ResidenceCanton>FR</c:ResidenceCanton><c:LanguageCode>fr</c:LanguageCode></sd:Particulars>"
        "<sd:Work><c:WorkingTime><c:Steady><c:WeeklyHours>41.00</c:WeeklyHours><c:ActivityRate>100.00</c:ActivityRate>"
        f"</c:Steady></c:WorkingTime>{_el('c:EntryDate', person.entry)}"
        f"{_el('c:WithdrawalDate', person.withdrawal)}</sd:Work>{_avs(person)}{_fak(person)}"
        '<sd:BVG-LPP-Salaries><sd:BVG-LPP-Salary institutionIDRef="#BVG"><sd:BVG-LPP-AnnualBasis>84500.00'
        "</sd:BVG-LPP-AnnualBasis></sd:BVG-LPP-Salary></sd:BVG-LPP-Salaries></sd:Person>"
    )


def _avs(person: Person) -> str:
    return (
        "".join(["<sd:AHV-AVS-Salaries>", *map(_one_avs, person.avs), "</sd:AHV-AVS-Salaries>"]) if person.avs else ""
    )


def _one_avs(avs: Avs) -> str:
    splits = ""
    if avs.previous:
        first, until, income = avs.previous
        splits = (
            f"<sd:AHV-AVS-IncomeSplits>{_el('sd:SplitCurrentYearIncome', avs.ahv)}<sd:SplitPreviousYear><sd:Period>"
            f"{_el('c:from', first)}{_el('c:until', until)}</sd:Period>{_el('sd:Income', income)}"
            "</sd:SplitPreviousYear></sd:AHV-AVS-IncomeSplits>"
        )
    return (
        f'<sd:AHV-AVS-Salary institutionIDRef="{avs.institution}"><sd:AccountingTime>{_el("c:from", avs.first)}'
        f"{_el('c:until', avs.until)}</sd:AccountingTime>{_el('sd:AHV-AVS-Income', avs.ahv)}{splits}"
        f"{_el('sd:AHV-AVS-Open', avs.open_)}{_el('sd:ALV-AC-Income', avs.alv)}{_el('sd:ALVZ-ACS-Income', avs.alvz)}"
        f"{_el('sd:ALV-AC-Open', avs.alv_open)}</sd:AHV-AVS-Salary>"
    )


def _fak(person: Person) -> str:
    return (
        "".join(["<sd:FAK-CAF-Salaries>", *map(_one_fak, person.fak), "</sd:FAK-CAF-Salaries>"]) if person.fak else ""
    )


def _one_fak(fak: Fak) -> str:
    supplement = _el("sd:FAK-CAF-FamilyIncomeSupplementPerPerson", fak.supplement)
    if supplement:
        supplement = f"<sd:FAK-CAF-FamilyIncomeSupplement>{supplement}</sd:FAK-CAF-FamilyIncomeSupplement>"
    return (
        f'<sd:FAK-CAF-Salary institutionIDRef="{fak.institution}"><sd:FAK-CAF-Period>{_el("c:from", fak.first)}'
        f"{_el('c:until', fak.until)}</sd:FAK-CAF-Period>{_el('sd:FAK-CAF-ContributorySalary', fak.salary)}{supplement}"
        f"{_el('sd:FAK-CAF-WorkplaceCanton', fak.canton)}</sd:FAK-CAF-Salary>"
    )


def _institutions(letter: Letter) -> str:
    insurer = {
        "none": "<sd:NoneWithReason>demonstration</sd:NoneWithReason>",
        "named": "<sd:Name>Suva</sd:Name><sd:UID-BFS>CHE-108.955.132</sd:UID-BFS>",
    }.get(letter.accident_insurer)
    parts = ["\n<sd:Institutions>"]
    for fund in letter.ahv:
        parts.append(
            f'<sd:AHV-AVS institutionID="{fund.identifier}">{_el("sd:AK-CC-BranchNumber", fund.branch)}'
            f"{_el('sd:AK-CC-CustomerNumber', fund.customer)}"
        )
        parts.extend(f"<sd:{tag}>{insurer}</sd:{tag}>" for tag in ("UVG-LAA-Insurance", "BVG-LPP-Insurance") if insurer)
        parts.append("</sd:AHV-AVS>")
    parts.extend(
        f'<sd:FAK-CAF institutionID="{fund.identifier}">{_el("sd:FAK-CAF-BranchNumber", fund.branch)}'
        f"{_el('sd:FAK-CAF-CustomerNumber', fund.customer)}</sd:FAK-CAF>"
        for fund in letter.fak
    )
    return "".join([*parts, "</sd:Institutions>"])


def _totals(letter: Letter, sums: dict[str, Decimal], cantons: dict[str, list[Decimal]]) -> str:
    stated = {name: f"{value:.2f}" for name, value in sums.items()} | (letter.totals or {})
    names = {
        "Total-AHV-AVS-Incomes": "ahv",
        "Total-AHV-AVS-Open": "open",
        "Total-ALV-AC-Incomes": "alv",
        "Total-ALVZ-ACS-Incomes": "alvz",
        "Total-ALV-AC-Open": "alv_open",
    }
    per_canton = "".join(
        f"<sd:Total-FAK-CAF-PerCanton><sd:Total-FAK-CAF-ContributorySalary>{salary:.2f}"
        f"</sd:Total-FAK-CAF-ContributorySalary><sd:Total-FAK-CAF-FamilyIncomeSupplement>{supplement:.2f}"
        f"</sd:Total-FAK-CAF-FamilyIncomeSupplement><sd:Canton>{canton}</sd:Canton></sd:Total-FAK-CAF-PerCanton>"
        for canton, (salary, supplement) in cantons.items()
    )
    return (
        '<sd:SalaryTotals><sd:AHV-AVS-Totals institutionIDRef="#AHV">'
        + "".join(_el(f"sd:{tag}", stated[name]) for tag, name in names.items())
        + f'</sd:AHV-AVS-Totals><sd:FAK-CAF-Totals institutionIDRef="#FAK">{per_canton}</sd:FAK-CAF-Totals>'
        "</sd:SalaryTotals>"
    )


def _counters(letter: Letter, tags: dict[str, int]) -> str:
    stated = tags | (letter.counters or {})
    inner = "".join(
        f"<sd:NumberOf-{tag}-Salary-Tags>{count}</sd:NumberOf-{tag}-Salary-Tags>" for tag, count in stated.items()
    )
    return f"<sd:SalaryCounters>{inner}</sd:SalaryCounters>"


def _tail(letter: Letter) -> str:
    return (
        "</sd:Company><sd:GeneralSalaryDeclarationDescription><sd:CreationDate>2026-01-12T09:29:00</sd:CreationDate>"
        f"<sd:AccountingPeriod>{letter.year}</sd:AccountingPeriod><sd:ContactPerson><sd:Name>Paula Paie</sd:Name>"
        "<sd:EmailAddress>paie@exemple.ch</sd:EmailAddress><sd:PhoneNumber>+41260000000</sd:PhoneNumber>"
        "</sd:ContactPerson></sd:GeneralSalaryDeclarationDescription></sdc:SalaryDeclaration></sdst:DeclareSalary>\n"
    )
