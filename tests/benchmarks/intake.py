"""P6: a salary workbook checked and committed beside bare calamine and COPY; an ELM file beside an empty loop.

The references are what one cannot do without: read the cells and bring them into a table, or let
lxml walk the file. Ours adds sniffing, a child, reading every cell as text, canonical values with
findings, all rules, sums, and the check of the package. Time is CPU: of this process, of the child with
what the nursery spends on it, and of the database's backend. The nursery starts once per process, as the
reference's imports do; its start is measured apart.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from core.intake import nurseries
from core.intake.jobs import ParseJob
from core.intake.runner import run_child
from tests.support.elm import ahv_number, many_people, write_elm
from tests.support.salary import CONTEXT, DECLARATION, MESSAGE, PLAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from core.intake.jobs import ParseResult

HEADINGS = ("AHVNr", "Name", "GebDat", "Geschlecht", "Kt.", "von", "bis", "Austritt", "AHV-Lohn", "ALV-Lohn")
CANTONS = ("FR", "BE", "VD", "GE")
CEILING, CEILING_OF_SEVEN_MONTHS = 148_200.0, 86_450.0
PERSON = "{http://www.swissdec.ch/schema/sd/20200220/SalaryDeclaration}Person"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """The best of several rounds, in CPU seconds, with the child's peak memory."""

    ours: float
    reference: float
    peak_memory_bytes: int
    nursery_start: float = 0.0

    @property
    def ratio(self) -> float:
        """Our rate as a share of the reference's."""
        return self.reference / self.ours


def write_workbook(path: Path, rows: int) -> Path:
    """Write a sound salary list of the funds' usual ten columns, with shared strings as Excel writes it."""
    from rustpy_xlsxwriter import FastExcel

    book = FastExcel(str(path), output_format="xlsx")
    records = (dict(zip(HEADINGS, line, strict=True)) for line in _lines(rows))
    book.sheet("Lohn", records, dedupe_strings=True).format(datetime_format="dd.mm.yyyy").save()
    return path


def _lines(rows: int) -> Iterator[list[object]]:
    for index in range(rows):
        partly = index % 5 == 0
        wage = 3000 + (index * 3701 % 14_000_000) / 100
        yield [
            ahv_number(index), f"Nom{index}, Prénom{index % 977}", date(1966, 1, 1) + timedelta(days=index % 14_000),
            "MF"[index % 2], CANTONS[index % 4], date(2025, 4, 1) if partly else None,
            date(2025, 10, 31) if partly else None, "x" if partly else None, wage,
            min(wage, CEILING_OF_SEVEN_MONTHS if partly else CEILING),
        ]  # fmt: skip


def measure_workbook(connection: psycopg.Connection, rows: int = 100_000, rounds: int = 3) -> Measured:
    """Compare a checked and committed workbook with bare calamine and COPY; the tables are temporary."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_workbook(folder / "salaries.xlsx", rows)
        _make_tables(connection)
        start = measure_nursery_start(folder)
        last: list[ParseResult] = []
        ours, bare = _interleave(
            rounds,
            lambda: last.append(_checked(connection, path, folder, rows)) or last[-1].cpu_seconds,
            lambda: _bare(connection, path, rows),
            _database_cpu(connection),
        )
    return Measured(ours, bare, max(result.peak_memory_bytes for result in last), start)


def measure_nursery_start(folder: Path) -> float:
    """Return the CPU seconds that the first file of a process costs beyond the second, a workbook of ten rows."""
    path = write_workbook(folder / "ten.xlsx", 10)
    nurseries.end()
    first, second = (_read(path, folder, 10).cpu_seconds for _ in range(2))
    return first - second


def measure_elm(persons: int = 100_000, rounds: int = 3) -> Measured:
    """Compare a read and checked ELM file with lxml's loop that only empties each person."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_elm(folder / "salaries.xml", many_people(persons))
        last: list[ParseResult] = []
        ours, empty = _interleave(
            rounds,
            lambda: last.append(_read(path, folder, persons)) or last[-1].cpu_seconds,
            lambda: _empty_loop(path, persons),
            lambda: 0.0,
        )
    return Measured(ours, empty, max(result.peak_memory_bytes for result in last))


def _interleave(
    rounds: int, ours: Callable[[], float], reference: Callable[[], float], beside: Callable[[], float]
) -> tuple[float, float]:
    """Return the best of each; what they return is the CPU that other processes spent for them."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, spent in zip((ours, reference), times, strict=True):
            before = _cpu() + beside()
            elsewhere = work()
            spent.append(_cpu() + beside() - before + elsewhere)
    return min(times[0]), min(times[1])


def _cpu() -> float:
    # The child is counted by its result: it may be the nursery's, which this process does not wait for.
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def _database_cpu(connection: psycopg.Connection) -> Callable[[], float]:
    """CPU seconds of the backend, where it runs on this machine and may be seen."""
    stat = Path(f"/proc/{connection.info.backend_pid}/stat")

    def read() -> float:
        if not stat.exists():
            return 0.0
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    return read


def _make_tables(connection: psycopg.Connection) -> None:
    from core.declare.declaration import kinds_of
    from themes.salary_declaration.rows import SalaryRow

    columns = []
    for name, kind in kinds_of(SalaryRow).items():
        column = kind.sql_column()
        size = {"text": f"({column.length})", "numeric": f"({column.precision},{column.scale})"}.get(column.type, "")
        columns.append(f"{name} {column.type.replace('text', 'varchar')}{size}")
    key = "message_id uuid, row_number integer"
    listed = ", ".join(columns)
    connection.execute(f"CREATE TEMPORARY TABLE checked ({key}, {listed}, PRIMARY KEY (message_id, row_number))")
    bare = "number text, name text, birth date, sex text, canton text, first date, until date, leaves text, ahv numeric(15,2), alv numeric(15,2)"
    connection.execute(f"CREATE TEMPORARY TABLE bare ({key}, {bare}, PRIMARY KEY (message_id, row_number))")
    connection.commit()


def _read(path: Path, folder: Path, expected: int) -> ParseResult:
    job = ParseJob("read", PLAN, path, folder / "out", MESSAGE, context=CONTEXT, declaration=DECLARATION)
    result = run_child(job)
    assert result.refusal is None, result.failure
    assert result.summary["row_count"] == expected
    return result


def _checked(connection: psycopg.Connection, path: Path, folder: Path, expected: int) -> ParseResult:
    result = _read(path, folder, expected)
    columns = ", ".join(result.summary["row_columns"])
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE checked")
        with cursor.copy(f"COPY checked ({columns}) FROM STDIN (FORMAT csv)") as copy, result.rows.open("rb") as rows:
            while chunk := rows.read(1 << 18):
                copy.write(chunk)
        assert cursor.rowcount == expected
    return result


def _bare(connection: psycopg.Connection, path: Path, expected: int) -> float:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    next(rows)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare")
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for number, row in enumerate(rows, start=2):
                copy.write_row((MESSAGE, number, *(None if cell == "" else cell for cell in row)))
        assert cursor.rowcount == expected
    return 0.0


def _empty_loop(path: Path, expected: int) -> float:
    from lxml import etree

    count = 0
    with path.open("rb") as file:
        for _event, person in etree.iterparse(file, tag=PERSON):
            person.clear()
            count += 1
    assert count == expected
    return 0.0


def report() -> Iterator[str]:
    """Yield the figures of XML; the workbook needs a database."""
    started = time.monotonic()
    elm = measure_elm()
    yield f"ELM: {elm.ratio:.2f} of the empty loop ({elm.ours:.2f} s / {elm.reference:.2f} s CPU), "
    yield f"{elm.peak_memory_bytes >> 20} MiB, {time.monotonic() - started:.0f} s"
