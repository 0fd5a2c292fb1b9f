"""Fixtures for all tests; importing this decides the run's folder before Django reads settings."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

from tests.support import home

HOME = home.settle()


def _set_up_django() -> None:
    import django

    from infra.settings.base import INSTALLED_APPS

    # While rooms are being built, tests of plain Python run without Django.
    if all(find_spec(app) for app in INSTALLED_APPS):
        django.setup()


_set_up_django()
pytest_plugins = ["tests.support.fixtures"]


def pytest_configure(config: pytest.Config) -> None:
    """Let each worker settle its own folder before its settings are read: pytest-django would read ours."""
    if home.is_controller() and getattr(config.option, "numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure() -> None:
    """Leave nothing behind: no server, no folder."""
    if home.is_controller():
        home.clear(HOME)
