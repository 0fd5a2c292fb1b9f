"""The languages of the interface, by their own names."""

from __future__ import annotations

from core.configuration.sections.appearance import LANGUAGES

LANGUAGE_COOKIE = "relais_language"
NATIVE_NAMES: dict[str, str] = {**LANGUAGES}
ONE_YEAR_SECONDS = 365 * 24 * 3600
