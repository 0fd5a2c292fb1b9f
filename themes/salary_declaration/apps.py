"""Django's entry for the theme."""

from __future__ import annotations

from django.apps import AppConfig


class SalaryDeclarationConfig(AppConfig):
    """Salary declarations."""

    name = "themes.salary_declaration"
    label = "theme_salary_declaration"

    def ready(self) -> None:
        """Tell the checks what they need to know of the caisse."""
        from themes.salary_declaration import context  # noqa: PLC0415 -- app ready

        context.bind()
