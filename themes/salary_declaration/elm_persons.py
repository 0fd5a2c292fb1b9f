"""Takes persons out of an ELM stream: one entry per AHV salary and one per family-allowance salary.

This runs for each of a hundred thousand persons, so it walks children once, looks their names up in
tables of positions, and keeps lists that become columns. Nearly everybody has one AHV salary and at
most one for family allowances; these go side by side at once, the others are joined at the end.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import polars as pl

from themes.salary_declaration import elm_names as names

if TYPE_CHECKING:
    from lxml import etree

BATCH = 20_000
PERSON_FIELDS = (
    "person", "line", "ahv_number", "employee_number", "last_name", "first_name", "sex", "birth_date",
    "entry_date", "exit_date",
)  # fmt: skip
AVS_FIELDS = (
    "index", "institution", "period_from", "period_until", "ahv_income", "ahv_open", "previous_year",
    "previous_income", "alv_income", "alv_open", "alvz_income", "relation",
)  # fmt: skip
FAK_FIELDS = (
    "fak_index", "fak_institution", "fak_from", "fak_until", "fak_income", "family_supplement", "canton",
)  # fmt: skip
NUMBERS = ("person", "line", "index", "fak_index")
Entry = list[int | str | None]

P = {name: place for place, name in enumerate(PERSON_FIELDS)}
A = {name: place for place, name in enumerate(AVS_FIELDS)}
F = {name: place for place, name in enumerate(FAK_FIELDS)}
PARTICULARS = {tag: P[name] for tag, name in names.OF_PARTICULARS.items()}
WORK = {tag: P[name] for tag, name in names.OF_WORK.items()}
AVS = {tag: A[name] for tag, name in names.OF_AVS.items()}
FAK = {tag: F[name] for tag, name in names.OF_FAK.items()}
NO_PARTICULARS: Entry = [None] * (len(PERSON_FIELDS) - 2)
NO_AVS: Entry = [None] * len(AVS_FIELDS)
NO_FAK: Entry = [None] * len(FAK_FIELDS)
NUMBER, LAST_PARTICULAR = P["ahv_number"], names.LAST_PARTICULAR


class Persons:
    """Gathers what the stream brings; full batches become frames, so that memory holds little of Python."""

    def __init__(self) -> None:
        self.count = 0
        self.plain = Batches(PERSON_FIELDS + AVS_FIELDS + FAK_FIELDS)
        self.people = Batches(PERSON_FIELDS)
        self.avs = Batches(("person", *AVS_FIELDS))
        self.fak = Batches(("person", *FAK_FIELDS))

    def add(self, person: etree._Element) -> None:
        """Take in one complete person element."""
        self.count = number = self.count + 1
        entry: Entry = [number, _line_of(person), *NO_PARTICULARS]
        avs: list[Entry] = []
        fak: list[Entry] = []
        for section in person:
            tag = section.tag
            if tag == names.PARTICULARS:
                _read_particulars(section, entry)
            elif tag == names.WORK:
                _read_work(section, entry)
            elif tag == names.AVS_SALARIES:
                avs = [_read_avs(salary, index) for index, salary in enumerate(section, start=1)]
            elif tag == names.FAK_SALARIES:
                fak = [_read_fak(salary, index) for index, salary in enumerate(section, start=1)]
                break  # nothing that concerns this fund comes later
        self._keep(number, entry, avs, fak)

    def _keep(self, number: int, entry: Entry, avs: list[Entry], fak: list[Entry]) -> None:
        if len(avs) < 2 and len(fak) < 2:  # noqa: PLR2004 -- one beside one
            self.plain.add(entry + (avs[0] if avs else NO_AVS) + (fak[0] if fak else NO_FAK))
            return
        self.people.add(entry)
        for salary in avs:
            self.avs.add([number, *salary])
        for salary in fak:
            self.fak.add([number, *salary])


class Batches:
    """Entries of the same fields, turned into frames by the batch."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._schema = {name: pl.Int64() if name in NUMBERS else pl.String() for name in fields}
        self._waiting: list[Entry] = []
        self._frames = [pl.DataFrame(schema=self._schema)]

    def add(self, entry: Entry) -> None:
        """Keep one entry."""
        self._waiting.append(entry)
        if len(self._waiting) == BATCH:
            self._flush()

    def _flush(self) -> None:
        columns = zip(*self._waiting, strict=True)
        series = [
            pl.Series(name, column, dtype=dtype)
            for (name, dtype), column in zip(self._schema.items(), columns, strict=True)
        ]
        self._frames.append(pl.DataFrame(series))
        self._waiting = []

    def frame(self) -> pl.DataFrame:
        """Return everything gathered."""
        if self._waiting:
            self._flush()
        return pl.concat(self._frames)


def _line_of(element: etree._Element) -> int:
    return element.sourceline or 0  # type: ignore[return-value]  # the stubs say "..."


def _read_particulars(section: etree._Element, entry: Entry) -> None:
    for element in section:
        tag = element.tag
        place = PARTICULARS.get(tag)
        if place is not None:
            entry[place] = element.text
            if tag == LAST_PARTICULAR:
                break  # what follows, from nationality to address, is not for this fund
        elif tag == names.IDENTIFICATION:
            for number in element:
                if number.tag == names.NUMBER:
                    entry[NUMBER] = number.text


def _read_work(section: etree._Element, entry: Entry) -> None:
    for element in section:
        place = WORK.get(element.tag)
        if place is not None:
            entry[place] = element.text


def _read_avs(salary: etree._Element, index: int) -> Entry:
    entry = NO_AVS.copy()
    entry[0], entry[1] = index, salary.get(names.INSTITUTION)
    for element in salary:
        tag = element.tag
        place = AVS.get(tag)
        if place is not None:
            entry[place] = element.text
        elif tag == names.AVS_TIME:
            _read_time(element, entry)
        elif tag == names.AVS_SPLITS:
            _read_splits(element, entry)
    return entry


def _read_fak(salary: etree._Element, index: int) -> Entry:
    entry = NO_FAK.copy()
    entry[0], entry[1] = index, salary.get(names.INSTITUTION)
    for element in salary:
        tag = element.tag
        place = FAK.get(tag)
        if place is not None:
            entry[place] = element.text
        elif tag == names.FAK_TIME:
            _read_time(element, entry)
        elif tag == names.FAK_SUPPLEMENT:
            entry[F["family_supplement"]] = _supplement(element)
    return entry


def _read_time(period: etree._Element, entry: Entry) -> None:
    """Both kinds of salary keep their first day at place 2 and their last at place 3, in the schema's order."""
    for place, day in enumerate(period, start=2):
        if place < 4:  # noqa: PLR2004 -- one behind the last
            entry[place] = day.text


def _supplement(element: etree._Element) -> str | None:
    """Return the sum paid to the person: stated as one, or detailed per child."""
    if len(element) == 1 and not len(element[0]):
        return element[0].text
    amounts = [leaf.text for leaf in element.iter() if not len(leaf) and "." in (leaf.text or "")]
    return _sum(amounts)


def _sum(texts: list[str | None]) -> str | None:
    """Return the sum of the texts that are amounts; dates and names among them are none."""
    amounts = []
    for text in texts:
        try:
            amounts.append(Decimal((text or "").strip()))
        except InvalidOperation:
            continue
    return str(sum(amounts)) if amounts else None


def _read_splits(splits: etree._Element, entry: Entry) -> None:
    """Earlier years that a payment belongs to: their years joined, their amounts added up."""
    years: list[str] = []
    amounts: list[str | None] = []
    for previous in splits.iterfind(f"{names.SD}SplitPreviousYear"):
        days = [text for tag in (names.FROM, names.UNTIL) if (text := previous.findtext(f".//{tag}"))]
        years.extend(day[:4] for day in days)
        amounts.append(previous.findtext(f"{names.SD}Income"))
    if years:
        entry[A["previous_year"]] = min(years) if min(years) == max(years) else f"{min(years)}-{max(years)}"
    entry[A["previous_income"]] = _sum(amounts)
