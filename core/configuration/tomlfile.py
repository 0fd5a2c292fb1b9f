"""A caisse as a file: written commented and in stable order, read with every fault named."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import tomlkit
from pydantic import ValidationError

from core.configuration import sections as _own_sections  # noqa: F401 -- declares the sections of this room
from core.configuration.errors import ConfigurationInvalid, ConfigurationUnreadable
from core.configuration.registry import Section, find_section, list_faults, list_sections

if TYPE_CHECKING:
    from collections.abc import Mapping


def dump(sections: Mapping[str, Section]) -> str:
    """Return the file's text: one table per section, each field under its explanation."""
    document = tomlkit.document()
    for kind in list_sections():
        table = tomlkit.table()
        table.comment(kind.title)
        value = sections[kind.key].model_dump(mode="json", exclude_none=True)
        for name, info in kind.model_fields.items():
            if info.description:
                table.add(tomlkit.comment(info.description))
            if name in value:
                table.add(name, _item(value[name]))
        document.add(kind.key, table)
        document.add(tomlkit.nl())
    return tomlkit.dumps(document)


def _item(value: Any) -> Any:
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(value)


def parse(text: str) -> list[Section]:
    """Return the sections that a file holds; sections that it leaves out stay as they are.

    Raises ``configuration_unreadable``, or ``configuration_invalid`` with section, key and reason
    of every fault.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationUnreadable(reason=str(error)) from None
    sections: list[Section] = []
    faults: list[str] = []
    for key, value in found.items():
        kind = find_section(key)
        if kind is None:
            faults.append(f"[{key}]: there is no such section")
            continue
        try:
            section = kind.model_validate(value)
            faults += [f"[{key}] {fault}" for fault in list_faults(section)]
            sections.append(section)
        except ValidationError as error:
            faults += [_place(key, one) for one in error.errors(include_url=False)]
    if faults:
        raise ConfigurationInvalid(places="; ".join(faults))
    return sections


def _place(section: str, error: Any) -> str:
    return f"[{section}] {'.'.join(map(str, error['loc']))}: {error['msg']}"
