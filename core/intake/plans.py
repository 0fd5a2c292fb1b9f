"""What a theme gives the parsing child: its row model, its rules, its sums, its readers of XML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from core.declare.declaration import Row
    from core.intake.limits import Limits

Report = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What rules may look at.

    ``frame`` and ``last_year`` have ``row`` and one typed column per field; null where a cell is
    empty or faulty. ``declaration`` holds the scalar entries in JSON form, ``context`` plain data.
    """

    frame: pl.DataFrame
    declaration: Mapping[str, Any]
    context: Mapping[str, Any]
    last_year: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules found, and what the list adds up to (``totals``, ``breakdown``, ``persons`` ...)."""

    findings: list[pl.DataFrame]
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class XmlInput:
    """A file to stream, what was chosen before, and where to report to."""

    path: Path
    root: str
    limits: Limits
    context: Mapping[str, Any]
    choices: Mapping[str, str]
    report: Report


@dataclass(frozen=True, slots=True)
class XmlReading:
    """What an XML reader found.

    ``raw`` has ``row`` and one text column per field of the row model; ``places`` has ``row`` and
    ``place``, the words that lead to it in the file. ``findings`` speak of the file itself.
    """

    raw: pl.DataFrame
    places: pl.DataFrame
    declaration: Mapping[str, Any]
    facts: Mapping[str, Any]
    findings: tuple[pl.DataFrame, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakePlan:
    """How the rows of one message type are read, checked and summed up; lives in a module of its own.

    ``derive`` turns columns that a file joins (``"Name"``: last name, first name) into fields;
    ``joined`` maps such a column to its headings and to the fields that it fills. ``stated`` maps
    an amount's field to the scalar entry that takes the sum which a totals row states. ``expected``
    names fields that a row may leave empty but whose column every table must have. ``from_file``
    names scalar entries that only a file fills: a new file empties what it does not state.
    ``name_owners`` tells from an XML file alone whose it is: the numbers under which the caisse knows them.
    """

    rows: type[Row]
    check: Callable[[CheckInput], Checked]
    read_xml: Callable[[XmlInput], XmlReading] | None = None
    name_owners: Callable[[XmlInput], tuple[str, ...]] | None = None
    derive: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)
    from_file: tuple[str, ...] = ()


def load_plan(path: str) -> IntakePlan:
    """Return the plan at a dotted path such as ``themes.salary_declaration.plan:PLAN``."""
    module, _, name = path.partition(":")
    return cast("IntakePlan", getattr(import_module(module), name))
