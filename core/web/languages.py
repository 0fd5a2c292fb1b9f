"""The languages of the interface, by their own names."""

from __future__ import annotations

LANGUAGE_COOKIE = "relais_language"
NATIVE_NAMES = {"fr": "Français", "de": "Deutsch", "it": "Italiano", "en": "English"}
ONE_YEAR_SECONDS = 365 * 24 * 3600
