"""The funds that an ELM file speaks to, and which of them is this caisse."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from themes.salary_declaration import elm_names as names
from themes.salary_declaration.elm_rules import ElmInstitutionUnclear, ElmOtherFund

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree


@dataclass(frozen=True, slots=True)
class Institution:
    """One fund, with the affiliate's number there and, for AHV, the other insurers named to it."""

    identifier: str
    branch: str
    customer: str
    accident_insurer: str = ""
    pension_fund: str = ""


@dataclass(slots=True)
class Institutions:
    """The AHV funds and the family-allowance funds of a file."""

    ahv: list[Institution] = field(default_factory=list)
    fak: list[Institution] = field(default_factory=list)


def read_institutions(element: etree._Element, found: Institutions) -> None:
    """Note the funds that the element lists."""
    for fund in element.iterfind(f"{names.SD}AHV-AVS"):
        found.ahv.append(
            Institution(
                identifier=fund.get("institutionID") or "",
                branch=_text(fund, "AK-CC-BranchNumber"),
                customer=_text(fund, "AK-CC-CustomerNumber"),
                accident_insurer=_insurer(fund, "UVG-LAA-Insurance"),
                pension_fund=_insurer(fund, "BVG-LPP-Insurance"),
            )
        )
    for fund in element.iterfind(f"{names.SD}FAK-CAF"):
        branch, customer = _text(fund, "FAK-CAF-BranchNumber"), _text(fund, "FAK-CAF-CustomerNumber")
        found.fak.append(Institution(fund.get("institutionID") or "", branch, customer))


def _text(fund: etree._Element, name: str) -> str:
    return (fund.findtext(f"{names.SD}{name}") or "").strip()


def _insurer(fund: etree._Element, name: str) -> str:
    """Return the insurer's name, or the reason why there is none."""
    element = fund.find(f"{names.SD}{name}")
    if element is None:
        return ""
    for wanted in ("Name", "NoneWithReason"):
        for leaf in element.iter(f"{{*}}{wanted}"):
            if leaf.text and leaf.text.strip():
                return leaf.text.strip()[:300]
    return ""


def choose(found: Institutions, branches: Sequence[str], chosen: str | None) -> tuple[str | None, str | None]:
    """Return the identifiers of this caisse's AHV and family-allowance funds in the file.

    Raises ``ElmInstitutionUnclear`` with the funds to choose from, ``ElmOtherFund`` if the only one is another's.
    """
    ahv = _choose_ahv(found.ahv, branches, chosen)
    if ahv is None:
        return None, None
    same = [fund.identifier for fund in found.fak if fund.branch == ahv.branch]
    if same:
        return ahv.identifier, same[0]
    # A file with a single family-allowance fund of another number still shows the canton of work.
    return ahv.identifier, found.fak[0].identifier if len(found.fak) == 1 else None


def _choose_ahv(funds: list[Institution], branches: Sequence[str], chosen: str | None) -> Institution | None:
    if not funds:
        return None
    if chosen is not None and (picked := [fund for fund in funds if fund.identifier == chosen]):
        return picked[0]
    ours = [fund for fund in funds if fund.branch in branches] if branches else funds
    if len(ours) == 1:
        return ours[0]
    if not ours and len(funds) == 1:
        raise ElmOtherFund(branch=funds[0].branch)
    raise ElmInstitutionUnclear(choices=[_offer(fund) for fund in ours or funds])


def _offer(fund: Institution) -> dict[str, str]:
    label = " / ".join(part for part in (fund.branch, fund.customer) if part)
    return {"name": "institution", "value": fund.identifier, "label": label}
