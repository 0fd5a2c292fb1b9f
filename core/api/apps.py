"""Django's entry for the REST room."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST of a caisse; no tables."""

    name = "core.api"
    label = "core_api"
