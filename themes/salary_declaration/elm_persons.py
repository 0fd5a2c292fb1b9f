"""Takes persons out of an ELM stream: one entry per AHV salary and one per family-allowance salary.

This runs for each of a hundred thousand persons, so it walks children once and looks names up in tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from themes.salary_declaration import elm_names as names

if TYPE_CHECKING:
    from lxml import etree

BATCH = 20_000
PERSON_FIELDS = (
    "ahv_number", "employee_number", "last_name", "first_name", "sex", "birth_date", "entry_date", "exit_date", "line",
)  # fmt: skip
AVS_FIELDS = (
    "period_from", "period_until", "ahv_income", "ahv_open", "previous_year", "previous_income", "alv_income",
    "alv_open", "alvz_income", "relation",
)  # fmt: skip
FAK_FIELDS = ("fak_from", "fak_until", "fak_income", "family_supplement", "canton")
Entry = dict[str, Any]


class Persons:
    """Gathers what the stream brings; full batches become frames, so that memory holds little of Python."""

    def __init__(self) -> None:
        self.count = 0
        self.people = _Batches("person", PERSON_FIELDS)
        self.avs = _Batches("person", ("institution", "index", *AVS_FIELDS))
        self.fak = _Batches("person", ("institution", "index", *FAK_FIELDS))

    def add(self, person: etree._Element) -> None:
        """Take in one complete person element."""
        self.count += 1
        entry: Entry = {"person": self.count, "line": person.sourceline}
        for section in person:
            tag = section.tag
            if tag == names.PARTICULARS:
                _read_particulars(section, entry)
            elif tag == names.WORK:
                _copy(section, names.OF_WORK, entry)
            elif tag == names.AVS_SALARIES:
                self._add_salaries(self.avs, section, _read_avs)
            elif tag == names.FAK_SALARIES:
                self._add_salaries(self.fak, section, _read_fak)
        self.people.add(entry)

    def _add_salaries(self, batches: _Batches, section: etree._Element, read: Any) -> None:
        for index, salary in enumerate(section, start=1):
            entry: Entry = {"person": self.count, "institution": salary.get(names.INSTITUTION), "index": index}
            read(salary, entry)
            batches.add(entry)


class _Batches:
    def __init__(self, key: str, fields: tuple[str, ...]) -> None:
        self._schema = {key: pl.Int64(), **{name: pl.String() for name in fields}}
        self._schema |= {name: pl.Int64() for name in ("line", "index") if name in self._schema}
        self._waiting: list[Entry] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, entry: Entry) -> None:
        self._waiting.append(entry)
        if len(self._waiting) == BATCH:
            self._flush()

    def _flush(self) -> None:
        columns = {name: [entry.get(name) for entry in self._waiting] for name in self._schema}
        self._frames.append(pl.DataFrame(columns, schema=self._schema))
        self._waiting = []

    def frame(self) -> pl.DataFrame:
        """Return everything gathered."""
        self._flush()
        return pl.concat(self._frames)


def _copy(section: etree._Element, wanted: dict[str, str], entry: Entry) -> None:
    for element in section:
        name = wanted.get(element.tag)
        if name is not None:
            entry[name] = element.text


def _read_particulars(section: etree._Element, entry: Entry) -> None:
    for element in section:
        tag = element.tag
        name = names.OF_PARTICULARS.get(tag)
        if name is not None:
            entry[name] = element.text
        elif tag == names.IDENTIFICATION:
            entry["ahv_number"] = element.findtext(names.NUMBER) if len(element) else None


def _read_avs(salary: etree._Element, entry: Entry) -> None:
    for element in salary:
        tag = element.tag
        name = names.OF_AVS.get(tag)
        if name is not None:
            entry[name] = element.text
        elif tag == names.AVS_TIME:
            _read_time(element, entry, "period_from", "period_until")
        elif tag == names.AVS_SPLITS:
            _read_splits(element, entry)


def _read_fak(salary: etree._Element, entry: Entry) -> None:
    for element in salary:
        tag = element.tag
        name = names.OF_FAK.get(tag)
        if name is not None:
            entry[name] = element.text
        elif tag == names.FAK_TIME:
            _read_time(element, entry, "fak_from", "fak_until")
        elif tag == names.FAK_SUPPLEMENT:
            entry["family_supplement"] = _supplement(element)


def _read_time(element: etree._Element, entry: Entry, first: str, until: str) -> None:
    for day in element:
        entry[first if day.tag.endswith("}from") else until] = day.text


def _supplement(element: etree._Element) -> str | None:
    """Return the sum paid to the person: stated as one, or detailed per child."""
    amounts = [leaf.text for leaf in element.iter() if len(leaf) == 0 and _is_amount(leaf.text)]
    return amounts[0] if len(amounts) == 1 else _sum(amounts)


def _is_amount(text: str | None) -> bool:
    return text is not None and text.strip().lstrip("-").replace(".", "", 1).isdigit() and "." in text


def _sum(amounts: list[str | None]) -> str | None:
    from decimal import Decimal  # noqa: PLC0415 -- hardly ever needed

    return str(sum(Decimal(amount.strip()) for amount in amounts if amount)) if amounts else None


def _read_splits(splits: etree._Element, entry: Entry) -> None:
    """Earlier years that a payment belongs to: their years joined, their amounts added up."""
    years: list[str] = []
    amounts: list[str | None] = []
    for previous in splits.iterfind(f"{names.SD}SplitPreviousYear"):
        days = [text for part in ("from", "until") if (text := previous.findtext(f".//{names.C}{part}"))]
        years.extend(day[:4] for day in days)
        amounts.append(previous.findtext(f"{names.SD}Income"))
    if years:
        entry["previous_year"] = min(years) if min(years) == max(years) else f"{min(years)}-{max(years)}"
    if amounts:
        entry["previous_income"] = _sum(amounts)
