"""The configuration's part in the making of a caisse: preset and file are checked first, applied later."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from core.configuration import presets, tomlfile
from core.configuration.directory import describe
from core.configuration.errors import ConfigurationInvalid
from core.configuration.registry import list_faults_across, list_sections
from core.configuration.sections import BrandingSection, LanguagesSection
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from core.kernel.text import N_
from tenants import registration
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.configuration.registry import Section


def register() -> None:
    """Join the steps and checks."""
    registration.register_check(check)
    registration.register_describer(list_in_directory)
    registration.register_step(registration.Step("configuration", N_("configuration"), apply))


def check(request: registration.Request) -> None:
    """Refuse an unknown preset or a faulty file before anything is made."""
    defaults = {kind.key: kind() for kind in list_sections()}
    if faults := list_faults_across(defaults, wanted_sections(request)):
        raise ConfigurationInvalid(places="; ".join(faults))


def list_in_directory(request: registration.Request) -> registration.Listing:
    """Return how the new caisse will stand in the platform's directory."""
    listing = describe({section.key: section for section in wanted_sections(request)})
    return listing if listing.name else replace(listing, name=request.name or request.slug)


def apply(job: registration.Job) -> None:
    """Apply preset, then file; repeatable."""
    with tenant_transaction(job.caisse):
        change_sections(
            actor=Actor.system("provisioning"), sections=wanted_sections(job.request), reason="caisse create"
        )


def wanted_sections(request: registration.Request) -> list[Section]:
    """Return the sections of the preset, each replaced by the file's where the file has it."""
    preset, text = request.options.get("preset", ""), request.options.get("file", "")
    chosen = {section.key: section for section in _parse(presets.read_preset(preset) if preset else "")}
    chosen |= {section.key: section for section in _parse(text)}
    _apply_choices(chosen, request)
    return list(chosen.values())


def _apply_choices(chosen: dict[str, Section], request: registration.Request) -> None:
    """Let what was typed hold over preset and file: the name, and the languages offered, first to last."""
    branding = cast("BrandingSection", chosen.get("branding", BrandingSection()))
    if request.name and request.name != branding.name:
        short = branding.short_name if request.options.get("file") else request.name[:24]
        chosen["branding"] = branding.model_copy(update={"name": request.name, "short_name": short})
    if languages := tuple(request.options.get("languages") or ()):
        first = request.options.get("first_language") or languages[0]
        chosen["languages"] = LanguagesSection(languages=languages, default=first)


@lru_cache(maxsize=4)
def _parse(text: str) -> tuple[Section, ...]:
    """Parse a file once, though the check, the directory and the step itself each want it; nobody changes a section."""
    return tuple(tomlfile.parse(text))
