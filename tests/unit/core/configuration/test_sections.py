"""What the sections accept, and that each of them can be written to a file and read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from core.configuration import presets, tomlfile
from core.configuration.errors import ConfigurationInvalid, ConfigurationUnreadable, PresetUnknown
from core.configuration.registry import Section, add_check, list_sections, register
from core.configuration.sections import BrandingSection, LanguagesSection, SignInSection, ThemesSection


@pytest.mark.parametrize("kind", list_sections(), ids=lambda kind: kind.key)
def test_every_section_has_defaults_and_explains_itself(kind: type[Section]) -> None:
    section = kind()
    assert kind.title
    assert kind.model_validate(section.model_dump(mode="json")) == section


def test_file_of_all_defaults_reads_back_equal() -> None:
    sections = {kind.key: kind() for kind in list_sections()}
    assert tomlfile.parse(tomlfile.dump(sections)) == list(sections.values())


def test_every_preset_is_valid() -> None:
    for name in presets.list_presets():
        assert tomlfile.parse(presets.read_preset(name))
    with pytest.raises(PresetUnknown):
        presets.read_preset("nothing")


@pytest.mark.parametrize(
    ("section", "values", "reason"),
    [
        (BrandingSection, {"accent": "#ffcc00"}, "contrast to white is 1.5"),
        (BrandingSection, {"accent": "red"}, "#0b5d66"),
        (LanguagesSection, {"languages": ["fr"], "default": "de"}, "first language must be one"),
        (LanguagesSection, {"languages": ["fr", "rm"]}, "among fr, de, it, en"),
        (SignInSection, {"code_tries": 50}, "Beyond the platform's limit: at most 5"),
        (SignInSection, {"session_hours": 13}, "Beyond the platform's limit: at most 12"),
        (SignInSection, {"session_idle_minutes": 61}, "Beyond the platform's limit: at most 60"),
        (SignInSection, {"code_minutes": 30}, "Beyond the platform's limit: at most 10"),
        (SignInSection, {"password_length": 6}, "Below the platform's floor: at least 8"),
        (SignInSection, {"password_length_alone": "14"}, "Below the platform's floor: at least 15"),
        (SignInSection, {"password_length": 20}, "cannot be shorter"),
        (SignInSection, {"factors": ["sms"]}, "SMS are never the only second factor"),
        (SignInSection, {"factors": []}, "at least one second factor"),
        (SignInSection, {"factors": ["totp", "totp"]}, "each once"),
        (ThemesSection, {"offers": [{"slug": "employees"}, {"slug": "employees"}]}, "named twice"),
    ],
)
def test_section_refuses(section: type[Section], values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        section.model_validate(values)


def test_every_fault_of_a_file_is_named_at_once() -> None:
    text = '[branding]\naccent = "red"\n[colours]\nred = 1\n[sms]\ndaily_limit = 0\nunknown = 2\n'
    with pytest.raises(ConfigurationInvalid) as caught:
        tomlfile.parse(text)
    places = str(caught.value)
    for place in ("[branding] accent:", "[colours]: there is no such section", "[sms] daily_limit:", "[sms] unknown:"):
        assert place in places


def test_file_that_is_no_toml_says_where() -> None:
    with pytest.raises(ConfigurationUnreadable) as caught:
        tomlfile.parse("[branding\n")
    assert "line 1" in str(caught.value)


class _Extra(Section):
    """A section of a higher rung."""

    key = "test_extra"
    title = "Extra"
    limit: int = 1


@pytest.fixture
def extra() -> Iterator[type[_Extra]]:
    from core.configuration import registry

    before = dict(registry._sections), dict(registry._checks)
    yield register(_Extra)
    registry._sections, registry._checks = before


def test_higher_rung_adds_a_section_and_a_check(extra: type[_Extra]) -> None:
    add_check(extra, lambda section: ["limit: too much"] if section.limit > 5 else [])
    assert tomlfile.parse("[test_extra]\nlimit = 5") == [_Extra(limit=5)]
    with pytest.raises(ConfigurationInvalid, match=r"\[test_extra\] limit: too much"):
        tomlfile.parse("[test_extra]\nlimit = 6")


def test_two_sections_cannot_share_a_key() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        register(type("Other", (Section,), {"key": "branding", "title": "Other", "__module__": __name__}))
