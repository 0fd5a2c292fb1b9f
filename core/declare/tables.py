"""Derives the table that holds the rows of one row model and version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models.base import ModelBase

from core.declare.declaration import kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.declare.declaration import Row
    from core.declare.kinds import SqlColumn

_FIELDS: dict[str, Callable[[SqlColumn], models.Field[Any, Any]]] = {
    "text": lambda column: models.CharField(max_length=column.length, null=True),
    "numeric": lambda column: models.DecimalField(max_digits=column.precision, decimal_places=column.scale, null=True),
    "integer": lambda _: models.IntegerField(null=True),
    "smallint": lambda _: models.SmallIntegerField(null=True),
    "bigint": lambda _: models.BigIntegerField(null=True),
    "date": lambda _: models.DateField(null=True),
    "boolean": lambda _: models.BooleanField(null=True),
    "uuid": lambda _: models.UUIDField(null=True),
}


def row_table(row: type[Row], *, app_label: str, version: int) -> type[models.Model]:
    """Return a Django model keyed (message_id, row_number) with one column per field.

    Every column may be null: a draft keeps rows that are not complete, and what cannot be read at
    all is kept apart as typed. There is no foreign key, so that rows can be replaced by COPY and
    live on another shelf than their message. Call it once per version, in the theme's ``models``.
    """
    name = f"{row.__name__}V{version}"
    columns = {field: column_field(kind.sql_column()) for field, kind in kinds_of(row).items()}
    body: dict[str, Any] = {
        "__module__": f"{_app_module(app_label)}.models",
        "__doc__": f"Rows of {row.__name__}, version {version}.",
        "pk": models.CompositePrimaryKey("message_id", "row_number"),
        "message_id": models.UUIDField(),
        "row_number": models.IntegerField(),
        **columns,
        "Meta": type("Meta", (), {"app_label": app_label}),
        "__str__": lambda self: f"{self.message_id} {self.row_number}",
    }
    return cast("type[models.Model]", ModelBase(name, (models.Model,), body))


def column_field(column: SqlColumn) -> models.Field[Any, Any]:
    """Return the Django field of a column."""
    return _FIELDS[column.type](column)


def _app_module(app_label: str) -> str:
    from django.apps import apps  # noqa: PLC0415 -- app ready

    return apps.get_app_config(app_label).name
