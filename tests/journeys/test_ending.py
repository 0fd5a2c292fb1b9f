"""The end of an access: renounced by the company, entered by the caisse, a person's death with an heir who goes on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connections
from playwright.sync_api import expect

from core.kernel import clock
from infra.demo.cast import CAISSE_ADMIN, EMPLOYER_ADMIN, PASSWORD
from tenants.scope import tenant_transaction
from tests.support.hostile_files import make_pdf
from tests.support.people import make_mandate, make_member, make_party, make_user


@pytest.fixture
def family(caisse):
    """An insured person and her heir, both with an access."""
    with tenant_transaction(caisse):
        made = {}
        for name in ("zoe", "hans"):
            party = make_party(f"{name.title()} Exemple", kind="insured", number=f"756.{name}")
            make_mandate(party)
            make_member(make_user(name), party, role="administrator")
            made[name] = party
    connections.close_all()
    return SimpleNamespace(**made)


@pytest.mark.parametrize("language", ["fr", "de"])
def test_accesses_end_as_the_company_and_the_caisse_enter_it(family, walk, language):
    anne, gilles, hans = walk(language), walk(language), walk(language)
    anne.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    party = anne.page.url.split("/p/")[1][:36]
    anne.go(f"/p/{party}/company/renounce/")
    anne.look("renounce")
    anne.page.check("#scope-some")
    anne.page.check("#theme-employees")
    anne.page.locator("main form button.btn-primary").click()
    anne.page.wait_for_selector("dl.facts")
    anne.look("renounce-check")
    anne.page.click("button.btn-danger")
    expect(anne.page.locator(".alert-warning").first).to_be_visible()
    anne.look("renounce-announced")

    gilles.sign_in(CAISSE_ADMIN.email, PASSWORD)
    gilles.go(f"/clerk/parties/{party}/ending/")
    gilles.look("desk-ending")
    _enter(gilles, "#received_on", clock.today("Europe/Zurich").isoformat())
    _enter(gilles, "#suspension-reason", "Manquements")
    gilles.look("desk-ending-entered")
    expect(gilles.page.locator("table.data tbody tr")).to_have_count(3)
    anne.go("/")
    expect(anne.page.locator("h1 ~ p").first).to_contain_text("Manquements")
    anne.look("access-rests")

    gilles.go(f"/clerk/parties/{family.zoe.id}/ending/")
    gilles.page.fill("#proof", "Acte de décès 12")
    _enter(gilles, "#died_on", "2026-01-02", scan=True)
    gilles.look("desk-ending-death")
    gilles.page.click("a[href$='/mandates/new/']")
    gilles.page.select_option("#other_kind", "insured")
    gilles.page.fill("#number", family.hans.number)
    gilles.page.select_option("#basis", "law")
    gilles.page.locator("main form button.btn-primary").click()
    gilles.page.wait_for_url(f"**/clerk/parties/{family.zoe.id}/")
    hans.sign_in("hans@example.ch", PASSWORD)
    hans.go(f"/p/{family.zoe.id}/")
    expect(hans.page.locator("h1")).to_contain_text("Zoe Exemple")
    assert anne.faults + gilles.faults + hans.faults == []


def _enter(clerk, field, value, *, scan=False):
    """Fill a form in, look at what it would do, and enter it."""
    page = clerk.page
    page.fill(field, value)
    page.locator(f"main form:has({field}) button").click()
    page.wait_for_selector("dl.facts")
    clerk.look_once(f"desk-ending-check{field.replace('#', '-')}")
    if scan:
        page.set_input_files("#scan", {"name": "acte.pdf", "mimeType": "application/pdf", "buffer": make_pdf()})
    page.click("button.btn-danger")
    page.wait_for_selector(".alert-success, .alert-info, [role=status]")
