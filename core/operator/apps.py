"""Django's entry for the operators' console."""

from __future__ import annotations

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    """The operators' console; its tables lie in the schema ``platform``."""

    name = "core.operator"
    label = "core_operator"
