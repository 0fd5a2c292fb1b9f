"""The words of a search, as a condition."""

from __future__ import annotations

from django.db.models import Q


def words_in(search: str, *columns: str) -> Q:
    """Return the condition that each word stands in one of the columns."""
    found = Q()
    for word in search.split():
        found &= Q(*[(f"{column}__icontains", word) for column in columns], _connector=Q.OR)
    return found
