"""One section as commented TOML: plain entries first, then texts per language and lists as tables of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from django.utils.translation import gettext
from pydantic import BaseModel

from core.configuration.choices import list_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

    from core.configuration.registry import Section


def write_section(section: Section) -> str:
    """Return the section's table, explained in the active language."""
    kind = type(section)
    head = [f"[{kind.key}]", f"# {gettext(kind.title)}"]
    if kind.help:
        head.append(f"# {gettext(kind.help)}")
    lines = [*head, *_write_fields(kind, section.model_dump(mode="json", exclude_none=True), kind.key, commented=True)]
    return "\n".join(lines) + "\n"


def _write_fields(model: type[BaseModel], value: Mapping[str, Any], path: str, *, commented: bool) -> Iterator[str]:
    names = sorted(model.model_fields, key=lambda name: _needs_table(value.get(name)))
    for name in names:
        field = model.model_fields[name]
        if commented:
            yield from _explain(name, field, is_set=name in value)
        if name in value:
            yield from _write_entry(f"{path}.{name}", name, field, value[name])


def _explain(name: str, field: FieldInfo, *, is_set: bool) -> Iterator[str]:
    yield f"# {_words(name, field)}"
    inner = find_model(field.annotation)
    for key, one in (inner.model_fields if inner else {}).items():
        yield f"#   {key}: {_words(key, one)}"
    if not is_set:
        yield f"# {name} ="


def _words(name: str, field: FieldInfo) -> str:
    label, help_text = gettext(field.title or name), gettext(field.description) if field.description else ""
    text = f"{label}: {help_text}" if help_text else label
    values = list_values(field)
    if not values:
        return text
    possible = gettext("Possible: %(values)s.") % {"values": ", ".join(values)}
    return f"{text}{'' if text.endswith('.') else '.'} {possible}"


def _needs_table(value: Any) -> bool:
    is_list_of_parts = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return is_list_of_parts or (isinstance(value, dict) and bool(value))


def _write_entry(path: str, name: str, field: FieldInfo, value: Any) -> Iterator[str]:
    if not _needs_table(value):
        yield f"{name} = {write_value(value)}"
        return
    model = find_model(field.annotation)
    for one in value if isinstance(value, list) else [value]:
        yield f"[[{path}]]" if isinstance(value, list) else f"[{path}]"
        if model:
            yield from _write_fields(model, one, path, commented=False)
        else:
            yield from (f"{write_key(key)} = {write_value(text)}" for key, text in one.items())


def find_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model of a block, or of a list of blocks; nothing for plain entries."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := find_model(part))), None)


def write_key(key: str) -> str:
    """Return a key, quoted where TOML asks for it."""
    plain = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if plain else _quoted(key)


def write_value(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(write_value, value))}]"
    if isinstance(value, dict):
        if not value:
            return "{}"
        return f"{{ {', '.join(f'{write_key(key)} = {write_value(one)}' for key, one in value.items())} }}"
    return _many_lines(value) if "\n" in value else _quoted(value)


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's; only DEL is forbidden in one and not in the other.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _many_lines(text: str) -> str:
    return '"""\n' + "\n".join(_quoted(line)[1:-1] for line in text.split("\n")) + '"""'
