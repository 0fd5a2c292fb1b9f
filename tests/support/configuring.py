"""Changes one section of the open scope's caisse, leaving the rest of it as it is."""

from __future__ import annotations

from typing import Any

from core.configuration import configuration
from core.configuration.registry import find_section
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants.scope import current_caisse


def set_section(key: str, **values: Any) -> None:
    """Set some entries of a section."""
    kind = find_section(key)
    before = configuration.get(current_caisse(), kind)
    kept = {name: getattr(before, name) for name in kind.model_fields}
    change_sections(actor=Actor.system("test"), sections=[kind.model_validate({**kept, **values})])
