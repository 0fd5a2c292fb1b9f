"""A section as JSON schema, with labels, helps and choices in the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.configuration.choices import list_choices

if TYPE_CHECKING:
    from core.configuration.registry import Section

_OURS = ("control", "labels", "choices", "ordered")


def describe_section(kind: type[Section]) -> dict[str, Any]:
    """Return the JSON schema of a section's value; what a value may name elsewhere stands in it as ``enum``."""
    schema: dict[str, Any] = _translate(kind.model_json_schema())
    return {**schema, "title": gettext(kind.title), "description": gettext(kind.help)}


def _translate(part: Any) -> Any:
    if isinstance(part, list):
        return [_translate(one) for one in part]
    if not isinstance(part, dict):
        return part
    plain = {name: _translate(one) for name, one in part.items() if name not in _OURS or isinstance(one, bool)}
    for name in ("title", "description"):
        if isinstance(part.get(name), str) and part[name]:
            plain[name] = gettext(part[name])
    known = list_choices(part["choices"]) if isinstance(part.get("choices"), str) else None
    if not known:
        return plain
    named = {"enum": sorted(known)}
    return plain | ({"items": plain["items"] | named} if plain.get("type") == "array" else named)
