"""What a section's field is to a form: a line, a number, a choice, texts per language, or rows of such."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel

from core.configuration.choices import choices_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.fields import FieldInfo

LONG_TEXT = 200


@dataclass(frozen=True, slots=True)
class Shape:
    """One entry of a form, or a group of them.

    ``control`` is line, text, number, date, yearday, check, choice, colour, svg, png, lines, picks, words, group or
    rows. A ``yearday`` comes every year. ``picks`` are several of the options; where they are ``ordered``, it matters
    which comes first.
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
    ordered: bool = False


def shape_of(field: FieldInfo) -> Shape:
    """Return the shape of a model's field; a type that no form can show is an error of the section."""
    extra = field.json_schema_extra
    own = extra if isinstance(extra, dict) else {}
    found = _shape(field.annotation, field.metadata, str(own.get("control") or ""))
    known = choices_of(field)
    options = tuple(words_of(field) if known is None else known)
    if found.control in {"line", "number"} and (options or known is not None):
        return Shape("choice", required=found.required, options=options)
    if found.control == "lines" and (options or known is not None):
        found = Shape("picks", required=False, options=options)
    return replace(found, ordered=True) if own.get("ordered") else found


def _shape(kind: Any, metadata: Iterable[Any], control: str = "") -> Shape:
    metadata = list(metadata)
    origin = get_origin(kind)
    if origin is Annotated:
        kind, *more = get_args(kind)
        # Within a list or a text per language, limits still stand in the field that was written around them.
        flat = [part for one in more for part in getattr(one, "metadata", [one])]
        return _shape(kind, [*metadata, *flat], control)
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
    if inner.control == "choice":
        return Shape("picks", required=False, options=inner.options)
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
