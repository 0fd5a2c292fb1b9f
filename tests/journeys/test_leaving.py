"""An operator exports a caisse, brings it in under another name, and asks for its deletion; every page is looked at."""

from __future__ import annotations

import pytest
from django.db import connections
from playwright.sync_api import expect

from core.accounts.factors import totp_codes as totp
from core.kernel import clock
from core.operator.factors import open_secret
from tenants.models import Caisse
from tenants.scope import platform_transaction
from tests.journeys.walker import Walker
from tests.support import live
from tests.support.export import PRIVATE, PUBLIC
from tests.support.operators import PASSWORD, make_operator
from tests.support.working import working


@pytest.fixture
def served(settings, kept_browser):
    """The platform with its worker and what a making left, the browser, and the operator's secret."""
    operator = make_operator()
    secret = open_secret(operator)
    with platform_transaction():
        Caisse.objects.create(
            id="halfmade", schema_name="c_halfmade", slug="moitie", name="Moitié", created_at=clock.now()
        )
    connections.close_all()
    with live.serve() as platform, working(), kept_browser.lent() as browser:
        settings.PUBLIC_PORT = platform.port
        yield platform.port, browser, operator.email, secret


def _sign_in(walker, email, secret):
    walker.go("/operator/import/")
    walker.page.fill("#email", email)
    walker.page.fill("#password", PASSWORD)
    walker.page.fill("#code", totp.code_of(secret, totp.step_at(clock.now())))
    walker.page.locator("form:has(#password) button[type=submit]").click()
    walker.page.wait_for_selector("#private-key")


def _finish(walker):
    walker.page.locator("main form.card-r button[type=submit]").click()


def _throw_away(walker):
    """Throw away what a making left that never came to its end."""
    walker.go("/operator/caisses/halfmade/discard/")
    walker.look("leaving-discard")
    _finish(walker)
    expect(walker.page.locator("#discarded")).to_be_visible(timeout=30_000)


def test_caisse_leaves_arrives_and_is_to_be_deleted(served, caisse, tmp_path, looking):
    port, browser, email, secret = served
    walker = Walker(browser, f"http://localhost:{port}", list, "fr", **looking)
    page = walker.page
    _sign_in(walker, email, secret)
    walker.look("leaving-import")
    walker.go(f"/operator/caisses/{caisse.id}/export/")
    walker.look("leaving-export")
    page.fill("#public-key", PUBLIC)
    _finish(walker)
    expect(page.locator("#exported")).to_be_visible(timeout=30_000)
    walker.look("leaving-exported")
    with page.expect_download() as fetched:
        page.locator("section:has(#exported) a.btn-primary").click()
    fetched.value.save_as(tmp_path / "ak26.relais")
    walker.go("/operator/import/")
    page.set_input_files("#file", tmp_path / "ak26.relais")
    page.fill("#private-key", PRIVATE)
    page.fill("#slug", "copie")
    _finish(walker)
    expect(page.locator("#imported")).to_be_visible(timeout=30_000)
    _throw_away(walker)
    walker.go("/operator/jobs/")
    walker.look("leaving-jobs")
    walker.go(f"/operator/caisses/{caisse.id}/delete/")
    walker.look("leaving-delete")
    page.fill("#slug", "ak26")
    _finish(walker)
    walker.look("leaving-deletion")
    walker.go("/operator/deletions/")
    walker.look("leaving-deletions")
    walker.go(f"/operator/caisses/{caisse.id}/")
    walker.look("leaving-caisse")
    assert walker.faults == []
