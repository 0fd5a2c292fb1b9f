"""Differences in words."""

from __future__ import annotations

from core.configuration.differences import describe_differences
from core.configuration.registry import Section
from core.configuration.sections import BrandingSection, ContactSection, LanguagesSection, ThemeOffer, ThemesSection


def _words(before: Section, after: Section) -> list[str]:
    return describe_differences({before.key: before}, [after])


def test_equal_sections_have_no_difference() -> None:
    assert _words(BrandingSection(), BrandingSection()) == []


def test_fields_are_named_with_old_and_new_value() -> None:
    before, after = ContactSection(phone="1", town="Bern"), ContactSection(phone="2", mail="a@b.ch")
    assert _words(before, after) == [
        '[contact] town is emptied; it was "Bern"',
        '[contact] phone changes from "1" to "2"',
        '[contact] mail is set to "a@b.ch"',
    ]


def test_lists_say_what_they_lose_and_gain() -> None:
    before, after = LanguagesSection(languages=("fr", "de")), LanguagesSection(languages=("fr", "it"))
    assert _words(before, after) == ['[languages] languages loses "de", gains "it"']
    turned = LanguagesSection(languages=("de", "fr"))
    assert _words(before, turned) == ["[languages] languages changes its order"]


def test_long_texts_and_blocks_stay_readable() -> None:
    logo = '<svg xmlns="http://www.w3.org/2000/svg"><title>' + "x" * 100 + "</title></svg>"
    assert _words(BrandingSection(), BrandingSection(logo_svg=logo)) == [
        f"[branding] logo_svg is set to a text of {len(logo)} characters"
    ]
    offers = ThemesSection(offers=(ThemeOffer(slug="employees", order=3),))
    assert _words(ThemesSection(), offers) == [
        '[themes] offers gains (slug "employees", on yes, order 3, audience "all")'
    ]
