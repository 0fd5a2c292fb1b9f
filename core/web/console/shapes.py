"""What a section's field is to a form: a line, a number, a choice, texts per language, or rows of such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel

from core.configuration.choices import choices_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.fields import FieldInfo

LONG_TEXT = 200


@dataclass(frozen=True, slots=True)
class Shape:
    """``control`` is line, text, number, date, check, choice, colour, svg, png, lines, words, group or rows.

    ``inner`` describes what stands in a group or a row, or the texts per language.
    """

    control: str
    required: bool = True
    options: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    model: type[BaseModel] | None = None
    inner: Shape | None = None


def shape_of(field: FieldInfo) -> Shape:
    """Return the shape of a model's field; a type that no form can show is an error of the section."""
    extra = field.json_schema_extra
    control = str(extra.get("control") or "") if isinstance(extra, dict) else ""
    found = _shape(field.annotation, field.metadata, control)
    known = choices_of(field)
    if known is None or found.control != "line":
        return found
    return Shape("choice", required=found.required, options=tuple(known))


def _shape(kind: Any, metadata: Iterable[Any], control: str = "") -> Shape:
    metadata = list(metadata)
    origin = get_origin(kind)
    if origin is Annotated:
        kind, *more = get_args(kind)
        return _shape(kind, [*metadata, *more], control)
    if origin in (Union, UnionType):
        return _optional(kind, metadata, control)
    if origin in (tuple, list):
        return _many(get_args(kind)[0])
    if origin is dict:
        return Shape("words", required=False, inner=_shape(get_args(kind)[1], ()))
    if origin is Literal:
        return Shape("choice", options=tuple(str(one) for one in get_args(kind)))
    if isinstance(kind, type):
        return _plain(kind, metadata, control)
    message = f"no form shows {kind!r}"
    raise TypeError(message)


def _optional(kind: Any, metadata: list[Any], control: str) -> Shape:
    known = [one for one in get_args(kind) if one is not NoneType]
    if len(known) != 1:
        message = f"no form shows {kind!r}"
        raise TypeError(message)
    found = _shape(known[0], metadata, control)
    return Shape(**{name: getattr(found, name) for name in Shape.__slots__} | {"required": False})


def _many(item: Any) -> Shape:
    inner = _shape(item, ())
    if inner.control == "group":
        return Shape("rows", required=False, model=inner.model)
    return Shape("lines", required=False, inner=inner)


def _plain(kind: type, metadata: list[Any], control: str) -> Shape:
    if issubclass(kind, BaseModel):
        return Shape("group", model=kind)
    if issubclass(kind, Enum):
        return Shape("choice", options=tuple(str(one.value) for one in kind))
    if issubclass(kind, bool):
        return Shape("check", required=False)
    if issubclass(kind, int):
        return Shape("number", least=_limit(metadata, Ge, "ge"), most=_limit(metadata, Le, "le"))
    if issubclass(kind, date):
        return Shape("date")
    longest = _limit(metadata, MaxLen, "max_length")
    long = longest is not None and longest > LONG_TEXT
    return Shape(control or ("text" if long else "line"), longest=longest)


def _limit(metadata: list[Any], kind: type, name: str) -> int | None:
    return next((int(getattr(one, name)) for one in metadata if isinstance(one, kind)), None)
