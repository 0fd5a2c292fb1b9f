"""Browser, served platform and cast for the journeys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connections

from infra.demo import cast as demo_cast
from infra.demo import mail
from tenants.scope import tenant_transaction
from tests.journeys.walker import Walker
from tests.support import browser as browsers
from tests.support import live, sms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what walks in a browser."""
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)


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
    with live.serve(caisse) as served, browsers.launched() as browser:
        base, texts = served.base(caisse.slug), sms.read_folder(Path(settings.DEV_OUTBOX_FOLDER))

        def begin(language: str) -> Walker:
            return Walker(browser, base, texts, language, tmp_path)

        yield begin


@pytest.fixture
def walk_platform(database: Database, tmp_path: Path) -> Iterator[Callable[[str], Walker]]:
    """Return a function that gives a new person at the platform's own host; what the test needs of the database first."""
    connections.close_all()
    with live.serve() as served, browsers.launched() as browser:
        yield lambda language: Walker(browser, f"http://localhost:{served.port}", list, language, tmp_path)
