"""Tables that are written once: the database lets a caisse's role add and read, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Iterable


class AppendOnly(models.Model):
    """Base of models whose table gets only SELECT and INSERT (``tenants.roles``)."""

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        """Insert; a second save of the same row is a fault in the code."""
        if not self._state.adding:
            message = f"{type(self).__name__} is append-only"
            raise TypeError(message)
        super().save(**{**options, "force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> Never:
        """Refuse."""
        message = f"{type(self).__name__} is append-only"
        raise TypeError(message)


def append_only_tables(candidates: Iterable[type[models.Model]]) -> list[str]:
    """Return the tables among the models that are append-only, sorted."""
    return sorted(model._meta.db_table for model in candidates if issubclass(model, AppendOnly))
