"""The repeated rows of a message: read by page, changed one by one, filled and emptied by COPY."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django.db.models import Max, Q

from core.catalogue import registry
from core.declare.declaration import Cleaned, kinds_of
from core.messaging.errors import RowNotFound
from core.messaging.models import UnreadCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from django.db.models import Model

    from core.declare.declaration import FoundFault, Row
    from core.messaging.models import Message

PAGE = 50
CHUNK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row: its number, its canonical values, and what was typed where it fits no column."""

    number: int
    values: Mapping[str, Any]
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> dict[str, Any]:
        """What a form shows: values, and as typed where there is none."""
        return {**self.values, **self.unread}


def row_class(message: Message) -> type[Row]:
    """Return the declaration of one row; only for types that have rows."""
    rows = registry.get_type(message.type_key, message.type_version).rows
    if rows is None:
        raise RowNotFound
    return rows


def row_model(message: Message) -> Any:
    """Return the table that holds the rows of this message's type and version."""
    table = registry.get_type(message.type_key, message.type_version).row_table
    if table is None:
        raise RowNotFound
    return table()


def has_rows(message: Message) -> bool:
    """Whether this message's type has repeated rows at all."""
    return registry.get_type(message.type_key, message.type_version).rows is not None


def list_rows(
    message: Message, *, after: int = 0, limit: int = PAGE, search: str = "", numbers: Sequence[int] | None = None
) -> list[RowLine]:
    """Return a page of rows in order of their numbers; two queries. ``search`` looks at who a row is about."""
    found = row_model(message).objects.filter(message_id=message.id, row_number__gt=after)
    if numbers is not None:
        found = found.filter(row_number__in=list(numbers))
    if text := search.strip():
        message_type = registry.get_type(message.type_key, message.type_version)
        wanted = Q(pk__in=[])
        for name in (*message_type.row_label, *message_type.row_identity):
            wanted |= Q(**{f"{name}__icontains": text})
        found = found.filter(wanted)
    return _lines(message, list(found.order_by("row_number")[:limit].values()))


def get_row(message: Message, number: int) -> RowLine:
    """Return one row; raises ``row_not_found``."""
    found = list_rows(message, numbers=[number], limit=1)
    if not found:
        raise RowNotFound
    return found[0]


def digest_of(line: RowLine) -> str:
    """Return what tells one state of a row from another, for careful saving."""
    entries = json.dumps(line.entries, sort_keys=True, default=str)
    return hashlib.blake2b(entries.encode(), digest_size=12).hexdigest()


def add_row(*, message: Message, entries: Mapping[str, object], number: int | None = None) -> RowLine:
    """Add a row at the end (or under a free ``number``), keeping what fits no column as typed."""
    model = row_model(message)
    if number is None:
        last = model.objects.filter(message_id=message.id).aggregate(last=Max("row_number"))["last"]
        number = (last or 0) + 1
    cleaned = row_class(message).clean_entries(entries)
    model.objects.create(message_id=message.id, row_number=number, **_columns(message, cleaned))
    _keep_unread(message, number, cleaned)
    return RowLine(number, cleaned.values, _unread_of(cleaned))


def change_row(*, message: Message, number: int, entries: Mapping[str, object]) -> RowLine:
    """Put new entries in place of a row's; raises ``row_not_found``."""
    cleaned = row_class(message).clean_entries(entries)
    found = row_model(message).objects.filter(message_id=message.id, row_number=number)
    if not found.update(**_columns(message, cleaned)):
        raise RowNotFound
    _keep_unread(message, number, cleaned)
    return RowLine(number, cleaned.values, _unread_of(cleaned))


def copy_row(*, message: Message, number: int) -> RowLine:
    """Add a copy of a row at the end."""
    return add_row(message=message, entries=get_row(message, number).entries)


def remove_row(*, message: Message, number: int) -> None:
    """Remove a row; removing it twice is harmless. Other rows keep their numbers."""
    row_model(message).objects.filter(message_id=message.id, row_number=number).delete()
    UnreadCell.objects.filter(message=message, row_number=number).delete()


def add_rows(*, message: Message, many: Iterable[Mapping[str, object]]) -> tuple[int, list[tuple[int, FoundFault]]]:
    """Add many rows at the end in a few statements; return how many, and the faults with their row numbers."""
    model, row_type = row_model(message), row_class(message)
    number = model.objects.filter(message_id=message.id).aggregate(last=Max("row_number"))["last"] or 0
    rows, unread, faults = [], [], []
    for entries in many:
        number += 1
        cleaned = row_type.clean_entries(entries)
        rows.append(model(message_id=message.id, row_number=number, **_columns(message, cleaned)))
        faults += [(number, fault) for fault in cleaned.faults]
        unread += [
            UnreadCell(message=message, row_number=number, field=name, value=value)
            for name, value in _unread_of(cleaned).items()
        ]
    model.objects.bulk_create(rows, batch_size=500)
    UnreadCell.objects.bulk_create(unread, batch_size=500)
    return len(rows), faults


def remove_all(message: Message) -> None:
    """Empty the list."""
    if has_rows(message):
        row_model(message).objects.filter(message_id=message.id).delete()
        UnreadCell.objects.filter(message=message).delete()


def copy_all(*, source: Message, target: Message) -> None:
    """Copy the whole list of one message to another of the same type and version, within the database."""
    if not has_rows(source):
        return
    table, names = _table(source)
    listed = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (message_id, row_number, {listed}) "  # noqa: S608 -- names come from the declaration
            f"SELECT %s, row_number, {listed} FROM {table} WHERE message_id = %s",
            [target.id, source.id],
        )
        copied = cursor.rowcount
    type(target).objects.filter(id=target.id).update(row_count=copied)
    target.row_count = copied


def carry_over(*, source: Message, target: Message) -> int:
    """Begin a list with the persons of an earlier one: only the columns that the type carries over."""
    names = registry.get_type(target.type_key, target.type_version).carry_over
    rows = (
        {name: line.values[name] for name in names if line.values.get(name) is not None}
        for line in iterate_rows(source)
    )
    unique = {tuple(sorted((name, str(value)) for name, value in row.items())): row for row in rows}
    return add_rows(message=target, many=unique.values())[0]


def iterate_rows(message: Message) -> Iterator[RowLine]:
    """Yield every row, page by page."""
    after = 0
    while page := list_rows(message, after=after, limit=1000):
        yield from page
        after = page[-1].number


def count_rows(message: Message) -> int:
    """Return how many rows the list holds."""
    return cast("int", row_model(message).objects.filter(message_id=message.id).count()) if has_rows(message) else 0


def replace_from_file(*, message: Message, file: Path, columns: Sequence[str]) -> int:
    """Put the child's rows (CSV without header, in the order of ``columns``) in place of the list."""
    remove_all(message)
    table, names = _table(message)
    known = {"message_id", "row_number", *names}
    if not set(columns) <= known:
        message_ = f"columns {sorted(set(columns) - known)} are not in {table}"
        raise ValueError(message_)
    with connection.cursor() as cursor:
        with (
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)") as copy,
            file.open("rb") as rows,
        ):
            while chunk := rows.read(CHUNK_BYTES):
                copy.write(chunk)
        return int(cursor.rowcount)


def write_to_file(*, message: Message, file: Path) -> None:
    """Write the list as CSV with header: ``row_number`` and the row's fields."""
    with file.open("wb") as target:
        for chunk in _copy_out(message, "(FORMAT csv, HEADER)"):
            target.write(chunk)


def write_unread_to_file(*, message: Message, file: Path) -> None:
    """Write what fits no column as CSV with header ``row_number,field,value``."""
    query = "SELECT row_number, field, value FROM core_messaging_unreadcell WHERE message_id = %s ORDER BY id"
    statement = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)"
    with connection.cursor() as cursor, file.open("wb") as target, cursor.copy(statement, [message.id]) as copy:
        for chunk in copy:
            target.write(chunk)


def stream_canonical(message: Message) -> Iterator[bytes]:
    """Yield the list in the canonical form that a receipt's digest covers: CSV in order of row numbers."""
    if has_rows(message):
        yield from _copy_out(message, "(FORMAT csv, HEADER)")


def _copy_out(message: Message, options: str) -> Iterator[bytes]:
    table, names = _table(message)
    query = f"SELECT row_number, {', '.join(names)} FROM {table} WHERE message_id = %s ORDER BY row_number"  # noqa: S608 -- names come from the declaration
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT {options}", [message.id]) as copy:
        for chunk in copy:
            yield bytes(chunk)


def _table(message: Message) -> tuple[str, list[str]]:
    model: type[Model] = row_model(message)
    return model._meta.db_table, list(kinds_of(row_class(message)))


def _columns(message: Message, cleaned: Cleaned) -> dict[str, Any]:
    return {name: cleaned.values.get(name) for name in kinds_of(row_class(message))}


def _unread_of(cleaned: Cleaned) -> dict[str, str]:
    faulty = {fault.field for fault in cleaned.faults}
    return {name: str(value) for name, value in cleaned.entries.items() if name in faulty and value not in (None, "")}


def _keep_unread(message: Message, number: int, cleaned: Cleaned) -> None:
    UnreadCell.objects.filter(message=message, row_number=number).delete()
    UnreadCell.objects.bulk_create(
        UnreadCell(message=message, row_number=number, field=name, value=value)
        for name, value in _unread_of(cleaned).items()
    )


def _lines(message: Message, found: list[dict[str, Any]]) -> list[RowLine]:
    numbers = [row["row_number"] for row in found]
    unread: dict[int, dict[str, str]] = {}
    cells = UnreadCell.objects.filter(message=message, row_number__in=numbers)
    for number, name, value in cells.values_list("row_number", "field", "value"):
        unread.setdefault(number, {})[name] = value
    names = list(kinds_of(row_class(message)))
    return [
        RowLine(row["row_number"], {name: row[name] for name in names}, unread.get(row["row_number"], {}))
        for row in found
    ]
