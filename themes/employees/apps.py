"""Django's entry for the theme."""

from __future__ import annotations

from django.apps import AppConfig


class EmployeesConfig(AppConfig):
    """Announcements about single employees."""

    name = "themes.employees"
    label = "theme_employees"
