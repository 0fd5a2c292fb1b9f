"""A caisse as a file: read with every fault named. How it is written: ``tomlwriter``."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from core.configuration import sections as _own_sections  # noqa: F401 -- declares the sections of this room
from core.configuration.errors import ConfigurationInvalid, ConfigurationUnreadable
from core.configuration.registry import Refusal, Section, find_section, list_faults, list_sections
from core.configuration.tomlwriter import write_section

if TYPE_CHECKING:
    from collections.abc import Mapping


def dump(sections: Mapping[str, Section]) -> str:
    """Return the file's text: one table per section, each field under its explanation in the active language."""
    return "\n".join(write_section(sections[kind.key]) for kind in list_sections())


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
            faults += describe_faults(key, error)
    if faults:
        raise ConfigurationInvalid(places="; ".join(faults))
    return sections


def describe_faults(section: str, error: ValidationError) -> list[str]:
    """Return section, key and reason of each fault."""
    return [_place(section, one) for one in error.errors(include_url=False)]


def _place(section: str, error: Any) -> str:
    cause = error.get("ctx", {}).get("error")
    reason = str(cause) if isinstance(cause, Refusal) else error["msg"]
    place = ".".join(map(str, error["loc"]))
    return f"[{section}] {place}: {reason}" if place else f"[{section}]: {reason}"
