"""Browser, served platform and cast for the journeys."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import expect

from core.accounts.models import User
from infra.demo import cast as demo_cast
from infra.demo import mail
from tenants.scope import tenant_transaction
from tests.journeys.walker import Walker
from tests.support import live, sms
from tests.support.browser import KeptBrowser
from tests.support.mailbox import sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database


# Journeys walk in French and again in this one, where axe sees the same pages a second time.
SECOND_LANGUAGE = "de"
# What is waited for comes in moments; a machine on which much else runs may take longer, and is not at fault.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
# The main job; of what walks the same way in both languages, the rest does so in the second one in the long form.
IN_BOTH_LANGUAGES = "tests/journeys/test_full_circle.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what walks in a browser, and the walks in the second language whose short form is the one in French."""
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)
            if item.nodeid.endswith(f"[{SECOND_LANGUAGE}]") and not item.nodeid.startswith(IN_BOTH_LANGUAGES):
                item.add_marker(pytest.mark.long(short=[item.nodeid.replace(f"[{SECOND_LANGUAGE}]", "[fr]")]))


def _session_of(caisse: CaisseRef, email: str) -> str:
    try:
        with tenant_transaction(caisse):
            user = User.objects.get(sign_in_name=email)
        return sign_in(caisse, user)
    finally:
        connections.close_all()


@pytest.fixture
def looking(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """How thoroughly pages are looked at: FULL=1 lets axe see the second language of a walk too, and keeps pictures."""
    if os.environ.get("FULL"):
        return {"shots": tmp_path, "axe": True}
    language = getattr(request.node, "callspec", None) and request.node.callspec.params.get("language")
    return {"shots": None, "axe": language != SECOND_LANGUAGE}


@pytest.fixture(scope="session")
def kept_browser() -> Iterator[KeptBrowser]:
    """The browser that all journeys of this process share, one after the other; started for the first."""
    kept = KeptBrowser()
    yield kept
    kept.close()


@pytest.fixture
def walk(caisse: CaisseRef, kept_browser: KeptBrowser, looking: dict[str, Any]) -> Iterator[Callable[[str], Walker]]:
    """Return a function that gives a new person at her browser, in a language, on the served platform.

    The browser comes last: its library runs an event loop in this thread, where Django then
    refuses the database.
    """
    with tenant_transaction(caisse):
        cast = demo_cast.make_cast()
    # The journeys declare 2025, whatever year it is by now.
    mail.fill(caisse, cast, declared_year=2024)
    connections.close_all()
    with live.serve(caisse) as served, kept_browser.lent() as browser:
        base, texts = served.base(caisse.slug), sms.read_folder(Path(settings.DEV_OUTBOX_FOLDER))

        def key_of(email: str) -> str:
            # In a thread of its own, since the browser's library runs an event loop in this one.
            with ThreadPoolExecutor(1) as pool:
                return pool.submit(_session_of, caisse, email).result()

        def begin(language: str) -> Walker:
            return Walker(browser, base, texts, language, key_of=key_of, **looking)

        yield begin


@pytest.fixture
def walk_platform(
    database: Database, kept_browser: KeptBrowser, looking: dict[str, Any]
) -> Iterator[Callable[[str], Walker]]:
    """Return a function that gives a new person at the platform's own host; what the test needs of the database first."""
    connections.close_all()
    with live.serve() as served, kept_browser.lent() as browser:
        yield lambda language: Walker(browser, f"http://localhost:{served.port}", list, language, **looking)
