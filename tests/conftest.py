"""Fixtures for all tests; importing this decides the run's folder before Django reads settings."""

from __future__ import annotations

import gc
import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import dealing, home, long_forms

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = home.settle()
# How long an example takes says what else the machine does, and no test here is about that.
settings.register_profile("relais", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("relais")


def _set_up_django() -> None:
    import django
    from django.conf import settings

    from infra.settings.base import INSTALLED_APPS

    # While rooms are being built, tests of plain Python run without Django.
    if all(find_spec(app) for app in INSTALLED_APPS):
        django.setup()
        settings.PASSWORD_HASHERS = ["tests.support.hashers.QuickHasher"]


_set_up_django()
pytest_plugins = ["tests.support.fixtures"]


def pytest_configure(config: pytest.Config) -> None:
    """Let each worker settle its own folder before its settings are read: pytest-django would read ours."""
    if home.is_controller() and getattr(config.option, "numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while thousands of tests are gathered, nor among them later: they stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what has a short form to ``make test-long``; deal what takes long to the beginning of each worker's share.

    The order is drawn by then, and no worker waits at the end.
    """
    left = long_forms.leave_out(items)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
    items[:] = dealing.deal(items, workers=int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def pytest_unconfigure() -> None:
    """Leave nothing behind: no server, no folder."""
    if home.is_controller():
        home.clear(HOME)


@pytest.fixture
def real_hashes(settings: Any) -> Iterator[None]:
    """Hash at the stated cost, as the platform does."""
    settings.PASSWORD_HASHERS = ["core.accounts.hashers.BoundedArgon2Hasher"]
    _forget_hash_of_nobody()
    yield
    _forget_hash_of_nobody()


def _forget_hash_of_nobody() -> None:
    from core.accounts import sign_in

    sign_in._nobody.cache_clear()
