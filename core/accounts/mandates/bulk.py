"""Many mandates from one workbook: read by the child, judged line by line, then the right ones made."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.accounts.mandates.answering import enter_mandate
from core.accounts.mandates.asking import Wanted, ask_mandate, find_party
from core.accounts.mandates.errors import MandatePartyUnknown
from core.accounts.mandates.terms import Terms, clean_terms
from core.accounts.policy import caisse_today
from core.intake.jobs import ParseJob
from core.intake.runner import run_child
from core.kernel.errors import Conflict, InvalidInput, RelaisError
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from core.accounts.models import Party
    from core.kernel.actors import Actor

PLAN = "core.accounts.mandates.plan:PLAN"
# So many are looked at while one waits; more go to a worker.
AT_ONCE = 2_000
MOST_LINES = 20_000


class TooManyLines(InvalidInput):
    """The list has more than %(most)s lines. Send it in parts."""

    code = "mandate_list_too_long"


class ListGone(InvalidInput):
    """This list was carried out already, or was not kept. Choose the file again."""

    code = "mandate_list_gone"


class LineUnreadable(InvalidInput):
    """Some cells of this line cannot be read: %(cells)s. Enter them as the template explains."""

    code = "mandate_line_unreadable"


class ThemeUnknown(InvalidInput):
    """There is no theme of this name here: %(name)s."""

    code = "mandate_theme_unknown"


@dataclass(slots=True)
class Line:
    """One line of the list; ``error`` says why nothing comes of it, ``done`` that something did.

    ``unread`` holds by field what stands in cells that cannot be read.
    """

    number: int
    entries: Mapping[str, str]
    unread: dict[str, str] = field(default_factory=dict)
    error: RelaisError | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class ListReading:
    """The lines of a file, and where in it they were found: ``sheet``, and ``columns`` by field."""

    lines: list[Line]
    facts: Mapping[str, Any]


def read_list(source: Path, folder: Path) -> ListReading:
    """Return the lines of an examined file, outside any scope.

    Raises the child's refusal, ``mandate_list_too_long``.
    """
    result = run_child(ParseJob(task="read", plan=PLAN, source=source, output=folder / "out", message_id="list"))
    if result.refusal is not None:
        raise result.refusal
    lines: dict[int, Line] = {}
    with result.rows.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, fieldnames=result.summary["row_columns"]):
            number = int(row.pop("row_number"))
            lines[number] = Line(number, row)
    with result.findings.open(encoding="utf-8", newline="") as file:
        for found in csv.DictReader(file, fieldnames=result.summary["finding_columns"]):
            if found["row"] and found["severity"] == "block" and int(found["row"]) in lines:
                text = json.loads(found["params"] or "{}").get("text") or found["field"]
                lines[int(found["row"])].unread[found["field"]] = str(text)
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    return ListReading([lines[number] for number in sorted(lines)], result.summary.get("facts") or {})


def judge_lines(lines: Sequence[Line], make: Callable[[Line], None]) -> None:
    """Try each line in the open scope and take it back: what would come of all of them, one after the other."""
    for line in lines:
        _attempt(line, make)
    transaction.set_rollback(True)


def make_lines(lines: Sequence[Line], make: Callable[[Line], None]) -> int:
    """Make what is right in the open scope, each line by itself; return how many."""
    for line in lines:
        _attempt(line, make)
    return sum(line.done for line in lines)


def asking(actor: Actor, direction: str, themes: Mapping[str, str]) -> Callable[[Line], None]:
    """Return what asks for one line's mandate in the actor's name."""

    def make(line: Line) -> None:
        terms = _terms(line, themes)
        kind, number = _other(line)
        ask_mandate(actor=actor, wanted=Wanted(direction, kind, number, "agreement", terms))

    return make


def entering(
    actor: Actor, acting: Party, basis: str, themes: Mapping[str, str], is_open: Callable[[UUID], bool]
) -> Callable[[Line], None]:
    """Return what enters one line's mandate at the desk: ``acting`` acts for who stands in the line.

    ``is_open`` says whether a party's file is open to the clerk; what is not does not exist for her.
    """

    def make(line: Line) -> None:
        terms = _terms(line, themes)
        represented = find_party(*_other(line))
        if represented is None or not is_open(represented.id):
            raise MandatePartyUnknown
        enter_mandate(
            actor=actor, represented=represented, acting=(acting.kind, acting.number), basis=basis, terms=terms
        )

    return make


def _attempt(line: Line, make: Callable[[Line], None]) -> None:
    try:
        if line.unread:
            raise LineUnreadable(cells=", ".join(line.unread.values()))
        with transaction.atomic():
            make(line)
        line.done = True
    except (InvalidInput, Conflict) as error:
        line.error = error


def _other(line: Line) -> tuple[str, str]:
    return line.entries.get("kind") or "employer", line.entries.get("number") or ""


def _terms(line: Line, themes: Mapping[str, str]) -> Terms:
    entries = line.entries
    return clean_terms(
        themes=_themes(entries.get("themes") or "", themes),
        document_types=None,
        may_act=entries.get("right") != "read",
        valid_from=_day(entries.get("valid_from")) or caisse_today(current_caisse()),
        valid_until=_day(entries.get("valid_until")),
    )


def _themes(text: str, names: Mapping[str, str]) -> list[str] | None:
    """Return the slugs of themes named in the reader's language or by slug; nothing named: all."""
    known = {name.casefold(): slug for slug, name in names.items()} | {slug: slug for slug in names}
    named = [one.strip() for one in text.split(";") if one.strip()]
    for one in named:
        if one.casefold() not in known:
            raise ThemeUnknown(name=one)
    return [known[one.casefold()] for one in named] or None


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
