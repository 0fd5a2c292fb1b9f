"""What holds for every section of the registry, also for one that is added tomorrow."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.configuration import presets, tomlfile
from core.configuration.differences import describe_differences
from core.configuration.errors import ConfigurationInvalid
from core.configuration.registry import GROUPS, list_sections
from core.configuration.sections import SUPPORTED_LANGUAGES, Announcement, BrandingSection, NoticesSection
from core.configuration.tomlwriter import write_section, write_value
from tests.support.sections import limits_of, models_within, other_values

SECTIONS = list_sections()
every_section = pytest.mark.parametrize("kind", SECTIONS, ids=lambda kind: kind.key)
WRONG = [[1]]
# What is spelt alike in several languages.
ALIKE = {"Exceptions", "Logo", "SMS", "Text", "Name", "Source", "Introduction", "Occasion", "Maintenance", "NPA"}


def say(text, language):
    with translation.override(language):
        return gettext(text)


@every_section
def test_says_what_it_is_in_every_language(kind):
    texts = [kind.title, kind.help, kind.group]
    for model in models_within(kind):
        for name, field in model.model_fields.items():
            assert field.title, f"{model.__name__}.{name} has no label"
            texts += [field.title, field.description or field.title]
    assert all(texts)
    told = {code: [say(text, code) for text in texts] for code in SUPPORTED_LANGUAGES}
    for one, other in combinations(SUPPORTED_LANGUAGES, 2):
        alike = {text for text, same in zip(told[one], told[other], strict=True) if text == same}
        assert alike <= ALIKE, f"the same in {one} and {other}"


@every_section
def test_stands_in_a_known_group(kind):
    assert kind.group in GROUPS


def test_no_two_sections_claim_the_same_place():
    places = [(kind.group, kind.order) for kind in SECTIONS]
    assert len(places) == len(set(places))


@every_section
def test_default_is_valid(kind):
    assert kind.model_validate(kind().model_dump(mode="json")) == kind()


@every_section
@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_file_reads_back_equal_with_every_entry_set(kind, language):
    values = other_values(kind)
    section, default = kind.model_validate(values), kind()
    for name in kind.model_fields:
        assert getattr(section, name) != getattr(default, name), f"{kind.key}.{name} has its default"
    with translation.override(language):
        text = write_section(section)
    assert tomlfile.parse(text) == [section]
    assert write_section(tomlfile.parse(text)[0]) == write_section(section)


@every_section
def test_file_explains_every_entry(kind):
    with translation.override("en"):
        text = write_section(kind())
    for name, field in kind.model_fields.items():
        assert f"# {field.title}" in text
        assert f"{name} =" in text or f"[{kind.key}.{name}]" in text


@every_section
def test_difference_names_every_entry(kind):
    lines = describe_differences({kind.key: kind()}, [kind.model_validate(other_values(kind))])
    assert [line.split()[:2] for line in lines] == [[f"[{kind.key}]", name] for name in kind.model_fields]
    assert describe_differences({kind.key: kind()}, [kind()]) == []


@every_section
def test_unknown_key_is_refused_with_its_place(kind):
    with pytest.raises(ConfigurationInvalid) as caught:
        tomlfile.parse(f"[{kind.key}]\nno_such_key = 1\n")
    assert f"[{kind.key}] no_such_key: " in str(caught.value)


@every_section
def test_wrong_type_is_refused_with_its_place(kind):
    for name in kind.model_fields:
        with pytest.raises(ConfigurationInvalid) as caught:
            tomlfile.parse(f"[{kind.key}]\n{name} = {write_value(WRONG)}\n")
        assert f"[{kind.key}] {name}" in str(caught.value)


@every_section
def test_number_beyond_its_limits_is_refused_with_its_place(kind):
    for name, value in limits_of(kind):
        with pytest.raises(ConfigurationInvalid, match=rf"\[{kind.key}\] {name}: "):
            tomlfile.parse(f"[{kind.key}]\n{name} = {value}\n")


@every_section
def test_entry_cannot_be_changed_in_memory(kind):
    with pytest.raises(ValidationError, match="frozen"):
        setattr(kind(), next(iter(kind.model_fields)), None)


@pytest.mark.parametrize("name", presets.list_presets())
def test_preset_reads_back_equal(name):
    found = tomlfile.parse(presets.read_preset(name))
    sections = {kind.key: kind() for kind in SECTIONS} | {section.key: section for section in found}
    again = tomlfile.parse(tomlfile.dump(sections))
    assert again == [sections[kind.key] for kind in SECTIONS]


@given(
    name=st.text(min_size=2, max_size=120),
    texts=st.dictionaries(st.sampled_from(SUPPORTED_LANGUAGES), st.text(max_size=600)),
)
def test_any_text_survives_the_file(name, texts):
    for section in (BrandingSection(name=name), NoticesSection(notices=(Announcement(texts=texts),))):
        assert tomlfile.parse(write_section(section)) == [section]
