"""Terms of use: the caisse writes and publishes them, the company accepts, a colleague acknowledges."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import expect

from core.accounts.models import User
from core.accounts.policy import caisse_today
from core.accounts.seats import build_actor
from core.kernel import clock
from core.kernel.actors import Actor
from core.terms import answering, drafting
from core.terms.models import TermsText
from infra.demo.cast import CAISSE_ADMIN, COLLEAGUE, EMPLOYER_ADMIN, PASSWORD
from tenants.scope import tenant_transaction
from tests.support.configuring import set_section
from tests.support.hostile_files import make_pdf

BEFORE, AFTER = "Chacun garde ses codes pour soi.", "Chacun garde ses codes et ses clés pour soi."


@pytest.mark.parametrize("language", ["fr", "de"])
def test_terms_are_published_accepted_and_acknowledged(walk, language):
    caisse, anne, beat = walk(language), walk(language), walk("de")
    page = caisse.page
    caisse.sign_in(CAISSE_ADMIN.email, PASSWORD)
    caisse.go("/console/terms-of-use/")
    caisse.look("console-terms")
    page.locator("button[name=audience][value=employer]").click()
    page.wait_for_selector("#fr-title")
    for code in ("fr", "de", "it", "en"):
        page.fill(f"#{code}-title", f"Nutzung {code}")
        page.fill(f"#{code}-summary", "Niemand gibt seine Codes weiter.")
        page.fill(f"#{code}-body", "# Zugang\n\nJede Person hat ihre eigenen Codes.")
    page.locator("button[value=publish]").click()
    expect(page.locator(".alert-error, .alert-danger")).to_be_visible()
    caisse.look("console-terms-draft")
    page.fill("#valid-from", clock.today("Europe/Zurich").isoformat())
    page.locator("button[value=publish]").click()
    page.wait_for_selector("a[href$='/answers/']")
    caisse.look("console-terms-published")

    anne.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    anne.page.wait_for_url("**/terms/")
    anne.look("terms-closed")
    anne.picture("caisse/terms.png")
    anne.page.locator("button[value=accepted]").click()
    anne.page.wait_for_selector("ul.tiles, .due")
    beat.sign_in(COLLEAGUE.email, PASSWORD)
    beat.page.locator("button[value=acknowledged]").click()
    beat.page.wait_for_selector("ul.tiles, .due")
    anne.page.goto(beat.page.url + "terms/")
    anne.look("terms-answered")
    caisse.page.locator("a[href$='/answers/']").click()
    expect(caisse.page.locator("dl.facts")).to_contain_text("1 /")
    caisse.look("console-terms-answers")
    assert caisse.faults + anne.faults + beat.faults == []


@pytest.fixture
def changed_terms(caisse, walk):
    """Terms that the company accepted a month ago, and a new version that holds since three days."""

    def change():
        try:
            with tenant_transaction(caisse):
                set_section("terms", renews_yearly=True)
            with clock.travel(clock.now() - dt.timedelta(days=30)):
                _answer(caisse, _publish(caisse, BEFORE, wait=0))
            with clock.travel(clock.now() - dt.timedelta(days=5)):
                _publish(caisse, AFTER, wait=2)
        finally:
            connections.close_all()

    # In a thread of its own, since the browser's library runs an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(change).result()


def _publish(caisse, body, *, wait):
    author = Actor.system("test")
    with tenant_transaction(caisse):
        draft = drafting.start_draft(actor=author, audience="employer")
        for code in ("fr", "de", "it", "en"):
            values = {"title": "Nutzung", "summary": "Codes.", "body": body}
            drafting.save_text(actor=author, version=draft, language=code, values=values)
        day = caisse_today(caisse) + dt.timedelta(days=wait)
        return drafting.publish_version(actor=author, version=draft, valid_from=day, grace_days=30, asks=True)


def _answer(caisse, version):
    with tenant_transaction(caisse):
        anne = User.objects.get(sign_in_name=EMPLOYER_ADMIN.email)
        place = anne.memberships.get(ended_at=None)
        actor = build_actor(anne, place.party_id, assurance_level=2)
        text = TermsText.objects.get(version=version, language="fr")
        answering.answer_terms(actor=actor, version=version, kind="accepted", language="fr", sha256=text.sha256)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_changed_terms_are_refused_then_accepted_and_another_company_signs_on_paper(changed_terms, walk, language):
    anne, caisse = walk(language), walk(language)
    anne.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    # In the days of grace she reads on; the frame says what waits.
    anne.page.locator("main a[href$='/terms/'], .alert a[href$='/terms/']").first.click()
    expect(anne.page.locator(".difference ins, .difference .added").first).to_be_visible()
    anne.look("terms-changed")
    anne.page.click("button[value=refused]")
    anne.page.wait_for_url("**/terms/")
    anne.look("terms-refused")
    anne.page.click("button[value=accepted]")
    anne.page.wait_for_selector("ul.tiles, .due")
    anne.page.goto(f"{anne.page.url}terms/")
    anne.look("terms-by-years")

    page = caisse.page
    caisse.sign_in(CAISSE_ADMIN.email, PASSWORD)
    caisse.go("/console/terms-of-use/")
    page.locator("a[href$='/answers/']").first.click()
    caisse.look("console-terms-open")
    page.locator("ul.list-group a[href*='/clerk/parties/']").first.click()
    page.click("a[href$='/terms/']")
    page.fill("#signed_by", "Luc Rossier")
    page.fill("#signed_on", clock.today("Europe/Zurich").isoformat())
    page.set_input_files("#paper", files=[{"name": "charte.pdf", "mimeType": "application/pdf", "buffer": make_pdf()}])
    caisse.look("desk-terms-paper")
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("a[href$='/paper/']")
    caisse.look("desk-terms-signed")
    assert anne.faults + caisse.faults == []
