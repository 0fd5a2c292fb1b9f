"""System checks: one place per table name, distinct content types, no foreign key out of a schema."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core import checks
from django.db import models

from tenants import contents

if TYPE_CHECKING:
    from collections.abc import Iterator


@checks.register("tenants")
def check_schemas(**_options: object) -> list[checks.CheckMessage]:
    """Check what keeps the schemas apart."""
    return [*_check_names(), *_check_content_types(), *_check_foreign_keys()]


def _check_names() -> Iterator[checks.CheckMessage]:
    of_caisses = {one._meta.db_table for one in contents.models_of(contents.caisse_labels())}
    of_platform = {one._meta.db_table for one in contents.models_of(contents.platform_labels())}
    for table in sorted(of_caisses & of_platform):
        yield checks.Error(f"{table} is in 'platform' and in the caisses' schemas", id="tenants.E1")


def _check_content_types() -> Iterator[checks.CheckMessage]:
    names = [one._meta for one in contents.models_of(contents.caisse_labels())]
    numbers = Counter(contents.content_type_id(one.app_label, one.model_name) for one in names)
    for one in names:
        if numbers[contents.content_type_id(one.app_label, one.model_name)] > 1:
            yield checks.Error(f"{one.label} shares its content type's id", id="tenants.E2")


def _check_foreign_keys() -> Iterator[checks.CheckMessage]:
    for labels in (contents.caisse_labels(), contents.platform_labels()):
        for model in contents.models_of(labels):
            for field in model._meta.local_fields:
                if isinstance(field, models.ForeignKey) and _leaves(field, labels):
                    message = f"{model._meta.label}.{field.name} leaves its schema"
                    yield checks.Error(message, id="tenants.E3")


def _leaves(field: models.ForeignKey[models.Model], labels: frozenset[str]) -> bool:
    target = field.remote_field.model
    return bool(getattr(field, "db_constraint", True)) and target._meta.app_label not in labels
