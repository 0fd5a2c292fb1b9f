"""Browser, served platform and cast for the journeys."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import sync_playwright

from infra.demo import cast as demo_cast
from infra.demo import mail
from tenants.scope import tenant_transaction
from tests.journeys.walker import Walker
from tests.support import browser as browsers
from tests.support import live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tenants.scope import CaisseRef


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what walks in a browser."""
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    """A headless browser; without one the journey is listed as not run, which in CI is a failure."""
    path = browsers.find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no browser could be had, and this is CI")
        pytest.skip("no browser could be had")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=browsers.flags())


@pytest.fixture
def walk(caisse: CaisseRef, tmp_path: Path) -> Iterator[Callable[[str], Walker]]:
    """Return a function that gives a new person at her browser, in a language, on the served platform.

    The browser comes last: its library runs an event loop in this thread, where Django then
    refuses the database.
    """
    with tenant_transaction(caisse):
        cast = demo_cast.make_cast()
    mail.fill(caisse, cast)
    connections.close_all()
    with live.serve(caisse) as served, _browser() as browser:
        base = served.base(caisse.slug)

        def begin(language: str) -> Walker:
            return Walker(browser, base, Path(settings.DEV_OUTBOX_FOLDER), language, tmp_path)

        yield begin
