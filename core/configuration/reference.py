"""The reference page of all sections, written from their declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from django.utils import translation
from django.utils.translation import gettext

from core.configuration import sections as _own_sections  # noqa: F401 -- declares the sections of this room
from core.configuration.choices import choices_of, list_values
from core.configuration.registry import list_sections
from core.configuration.secret import Secret
from core.configuration.tomlwriter import find_model, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from core.configuration.registry import Section

HEAD = """# Sections of a caisse's configuration

Written by `python manage.py sections_reference`; do not edit. A caisse's file (`caisse dump SLUG`) holds these
tables; what it leaves out keeps the default. Texts per language are tables with the keys `fr`, `de`, `it`, `en`.
"""
_PLAIN = {Secret: "secret", str: "text", int: "whole number", bool: "true or false"}
_LONGEST = 40


def write_reference() -> str:
    """Return the page in English, as Markdown."""
    with translation.override("en"):
        lines = [HEAD, *(line for kind in list_sections() for line in _section(kind))]
    return "\n".join(lines).rstrip() + "\n"


def _section(kind: type[Section]) -> Iterator[str]:
    yield f"## `[{kind.key}]` {gettext(kind.title)}\n"
    yield f"{gettext(kind.help)} Group: {gettext(kind.group)}.{'' if kind.console else ' Not in the console yet.'}\n"
    yield from _table(kind)


def _table(model: type[BaseModel]) -> Iterator[str]:
    yield "| entry | what | kind | default |"
    yield "|---|---|---|---|"
    for name, field in model.model_fields.items():
        yield f"| `{name}` | {_words(field)} | {_kind(field)} | {_default(field)} |"
    yield ""
    for name, field in model.model_fields.items():
        inner = find_model(field.annotation)
        if inner:
            yield f"Each of `{name}`:\n"
            yield from _table(inner)


def _words(field: FieldInfo) -> str:
    label, help_text = gettext(field.title or ""), gettext(field.description) if field.description else ""
    return f"{label}: {help_text}" if help_text else label


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value in (None, "", (), {}, Secret()):
        return "empty"
    text = write_value(list(value) if isinstance(value, tuple) else value)
    return f"`{text}`" if len(text) <= _LONGEST else "see the file"


def _kind(field: FieldInfo) -> str:
    kind = _named(field.annotation, list(field.metadata))
    # What themes and other rooms offer is another list in each installation.
    values = list_values(field) if choices_of(field) is None else []
    # A type of its own says them already; one that takes any text names them by its labels.
    return kind.replace("text", " or ".join(f"`{one}`" for one in values)) if values and "`" not in kind else kind


def _named(annotation: Any, metadata: list[Any]) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _named(inner[0], [*metadata, *inner[1:]])
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inner)
    if origin is tuple:
        return "list of blocks" if find_model(annotation) else f"list of {_named(inner[0], [])}"
    if origin is dict:
        return "text per language"
    if inner:
        return " or ".join(_named(one, metadata) for one in inner if one is not type(None))
    return _PLAIN.get(annotation, getattr(annotation, "__name__", "")) + _limits(metadata)


def _limits(metadata: list[Any]) -> str:
    flat = [part for one in metadata for part in getattr(one, "metadata", [one])]
    least = next((one.ge for one in flat if isinstance(one, Ge)), None)
    most = next((one.le for one in flat if isinstance(one, Le)), None)
    longest = next((one.max_length for one in flat if isinstance(one, MaxLen)), None)
    if least is not None and most is not None:
        return f", {least} to {most}"
    return f", at most {longest} characters" if longest else ""
