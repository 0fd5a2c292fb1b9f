"""What a change may do with secrets: keep them, and refer only where the operator says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.configuration.errors import ConfigurationInvalid
from core.configuration.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.configuration.registry import Section
    from core.kernel.actors import Actor


def settle_secrets(actor: Actor, section: Section, before: Mapping[str, Section]) -> Section:
    """Return the section with the secrets that it keeps put in from what was in force.

    Raises ``configuration_invalid`` when there is nothing to keep, or when somebody other than the
    operator brings a reference: it would let a caisse read what lies on the platform's machines.
    """
    kept, faults = {}, []
    for name, secret in list_secrets(section):
        known = getattr(before[section.key], name)
        if secret.keeps and not known.is_set:
            faults.append(f"[{section.key}] {name}: nothing is set here that could be kept")
        elif secret.keeps:
            kept[name] = known
        elif secret.is_reference and secret != known and actor.kind not in {"operator", "system"}:
            faults.append(f"[{section.key}] {name}: only the operator may refer to the environment or to a file")
    if faults:
        raise ConfigurationInvalid(places="; ".join(faults))
    return section.model_copy(update=kept) if kept else section


def list_secrets(section: Section) -> Iterator[tuple[str, Secret]]:
    """Yield the secrets among a section's entries by name."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Secret):
            yield name, value
