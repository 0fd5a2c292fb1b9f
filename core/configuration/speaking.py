"""Texts per language of a caisse: the reader's, else the caisse's first language, else any that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.configuration import configuration
from core.configuration.sections import SUPPORTED_LANGUAGES, LanguagesSection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.reference import CaisseRef


def choose_words(caisse: CaisseRef, words: Mapping[str, str], language: str) -> str:
    """Return the text for a reader of a language, empty where there is none in any."""
    first = configuration.get(caisse, LanguagesSection).default
    return words.get(language) or words.get(first) or next(iter(words.values()), "")


def in_every_language(caisse: CaisseRef, words: Mapping[str, str]) -> dict[str, str]:
    """Return the text that readers of each language are given; nothing where there is no text at all."""
    return {code: choose_words(caisse, words, code) for code in SUPPORTED_LANGUAGES} if words else {}
