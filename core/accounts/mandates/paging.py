"""Pages of a list by key; the cursor is the last row's identifier, so that no name stands in an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q

from core.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from django.db.models import QuerySet

M = TypeVar("M", bound=Model)
PAGE = 50


class ListPageGone(InvalidInput):
    """This page of the list no longer exists. Start again from its first page."""

    code = "list_page_gone"


@dataclass(frozen=True, slots=True)
class ListPage(Generic[M]):
    """One page; ``after`` leads to the next and is empty at the end."""

    rows: list[M]
    after: str


def page_of(
    found: QuerySet[M], order: tuple[str, ...], after: str, limit: int = PAGE, *, known: QuerySet[M] | None = None
) -> ListPage[M]:
    """Return a page in ``order``, whose last column is the key; raises ``list_page_gone``.

    ``known`` finds the last row seen though it no longer fits; with computed columns it must be given.
    """
    if after:
        source = found.model._default_manager.all() if known is None else known
        found = found.filter(_beyond(source, order, after))
    rows = list(found.order_by(*order)[: limit + 1])
    return ListPage(rows[:limit], str(rows[limit - 1].pk) if len(rows) > limit else "")


def _beyond(source: QuerySet[M], order: tuple[str, ...], after: str) -> Q:
    names = [one.removeprefix("-") for one in order]
    try:
        last = source.filter(pk=source.model._meta.pk.to_python(after)).values_list(*names).first()
    except ValidationError:
        last = None
    if last is None:
        raise ListPageGone
    beyond, equal = Q(), Q()
    for one, name, value in zip(order, names, last, strict=True):
        beyond |= equal & Q(**{f"{name}__{'lt' if one.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return beyond
