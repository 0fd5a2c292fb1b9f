"""What an entry may name where a higher rung knows it: themes, message types, kinds of document, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast, get_args, get_origin

from django.utils.translation import gettext
from pydantic import BaseModel

from core.kernel.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic.fields import FieldInfo

    from core.configuration.registry import Section

# More than one line can say to its reader.
MOST_VALUES = 12
_offers: dict[str, Callable[[], Mapping[str, str]]] = {}


def offer(name: str, provider: Callable[[], Mapping[str, str]]) -> None:
    """Let a higher rung say what fields that name this list may hold: values, each with its marked text."""
    _offers[name] = provider


def list_choices(name: str) -> Mapping[str, str]:
    """Return the values of a list with their marked texts, empty where nobody offers it."""
    return _offers[name]() if name in _offers else {}


def choices_of(field: FieldInfo) -> Mapping[str, str] | None:
    """Return the values that a field may hold with their marked texts, None for a field without such a list."""
    extra = field.json_schema_extra
    name = extra.get("choices") if isinstance(extra, dict) else None
    return _offers[str(name)]() if name in _offers else None


def words_of(field: FieldInfo) -> Mapping[str, str]:
    """Return the marked text of each value that a field may hold, empty where values are not named."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra.get("labels"):
        return cast("Mapping[str, str]", extra["labels"])
    return choices_of(field) or {}


def list_values(field: FieldInfo) -> list[str]:
    """Return the values among which an entry, or each of a list, must be; none where they are too many to name."""
    known = choices_of(field)
    values = _literals(field.annotation) or (list(words_of(field)) if known is None else sorted(known))
    return values if len(values) <= MOST_VALUES else []


def _literals(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(one) for one in get_args(annotation)]
    parts = get_args(annotation) if not isinstance(annotation, type) else ()
    return next((found for part in parts if (found := _literals(part))), [])


def find_unknown(section: Section) -> Iterator[str]:
    """Yield each entry that names something which is not there, with its place, in the active language."""
    yield from _unknown(section, "")


def _unknown(part: BaseModel, above: str) -> Iterator[str]:
    for name, field in type(part).model_fields.items():
        value, known = getattr(part, name), choices_of(field)
        for place, one in _each(f"{above}{name}", value):
            if isinstance(one, BaseModel):
                yield from _unknown(one, f"{place}.")
            elif known is not None and one not in {None, "", *known}:
                reason = gettext(N_("There is no “%(name)s” here. Known are %(known)s."))
                yield f"{place}: {reason % {'name': one, 'known': ', '.join(sorted(known))}}"


def _each(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        yield from ((f"{place}.{number}", one) for number, one in enumerate(value))
    else:
        yield place, value


def find_fields(model: type[BaseModel]) -> Iterator[FieldInfo]:
    """Yield the fields of a model and of the blocks within it."""
    for field in model.model_fields.values():
        yield field
        for inner in _models_in(field.annotation):
            yield from find_fields(inner)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
