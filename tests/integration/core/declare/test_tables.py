from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.db import DataError, IntegrityError, connection, transaction

from core.catalogue import registry
from core.declare.declaration import kinds_of
from core.declare.frame import canonicalise
from core.kernel.identifiers import new_id
from tenants.scope import tenant_transaction

RAW = pl.DataFrame(
    {
        "row": [2, 3],
        "ahv_number": ["756.9217.0769.85", None],
        "last_name": ['O’Neil, "Pat"', "Muster\u00a0 Anna"],
        "first_name": ["Zoë", "=1+1"],
        "birth_date": ["12.3.1980", "29295"],
        "sex": ["Frau", "M"],
        "canton": ["Genève", "zh"],
        "exit_final": ["x", None],
        "ahv_income": ["1'234'567.80", "-0.5"],
        "fak_income": ["not a number", None],
    }
)


def copy_in(table, typed, message_id):
    named = typed.rename({"row": "row_number"}).with_columns(pl.lit(str(message_id)).alias("message_id"))
    file = io.BytesIO()
    named.write_csv(file, include_header=False)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table._meta.db_table} ({', '.join(named.columns)}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(file.getvalue())


def test_typed_frame_goes_into_its_table_by_copy_and_comes_back_equal(caisse):
    message_type = registry.get_type("salary_declaration.annual")
    table, message_id = message_type.row_table(), new_id()
    typed, _ = canonicalise(RAW, message_type.rows)
    with tenant_transaction(caisse):
        copy_in(table, typed, message_id)
        found = list(table.objects.filter(message_id=message_id).order_by("row_number").values())
    names = list(kinds_of(message_type.rows))
    assert [tuple(row[name] for name in ("row_number", *names)) for row in found] == typed.rows()
    assert (found[0]["last_name"], found[0]["birth_date"], found[0]["canton"]) == (
        'O’Neil, "Pat"',
        date(1980, 3, 12),
        "GE",
    )
    assert (found[0]["ahv_income"], found[0]["fak_income"]) == (Decimal("1234567.80"), None)
    assert [row["exit_final"] for row in found] == [True, False]


def test_row_number_is_unique_within_a_message_only(caisse):
    table = registry.get_type("salary_declaration.annual").row_table()
    message_id = new_id()
    with tenant_transaction(caisse):
        table.objects.create(message_id=message_id, row_number=1)
        table.objects.create(message_id=new_id(), row_number=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.create(message_id=message_id, row_number=1)


def test_column_refuses_what_its_kind_would(caisse):
    table = registry.get_type("salary_declaration.annual").row_table()
    with tenant_transaction(caisse), pytest.raises(DataError), transaction.atomic():
        table.objects.create(message_id=new_id(), row_number=1, ahv_number="7" * 14)
