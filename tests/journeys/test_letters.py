"""Activation letters from the campaign to the access: choose, make, fetch, set up, come back, a new code at the counter."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from infra.demo.cast import CAISSE_ADMIN, CLERK, PASSWORD
from tenants.scope import tenant_transaction
from tests.journeys.enrolling import look, set_up
from tests.support import letters

REFERENCE = re.compile(r"· ([0-9A-Z]{9})\b")


@pytest.fixture
def pensioners(caisse):
    """Three insured persons whom letters can reach."""
    with tenant_transaction(caisse):
        return letters.make_insured(3)


@pytest.mark.parametrize("language", ["fr", "de"])
@pytest.mark.usefixtures("pensioners")
def test_letters_are_made_used_and_come_back(walk, language):
    chief, person, clerk = walk(language), walk(language), walk(language)
    pages = make_letters(chief)
    codes, references = letters.read_codes(pages), [REFERENCE.search(page)[1] for page in pages]
    set_up(person, codes[0])
    mark_returned(clerk, references[1])
    hand_over_slip(clerk)
    chief.page.reload()
    expect(chief.page.locator("#state option[value=used]")).to_contain_text("(1)")
    expect(chief.page.locator("#state option[value=returned]")).to_contain_text("(1)")
    expect(chief.page.locator("#state option[value=replaced]")).to_contain_text("(1)")
    look(chief, "campaign-funnel")
    assert chief.faults + person.faults + clerk.faults == []


def make_letters(chief):
    """Count first, start, watch the bar, fetch the file; return the text of its pages."""
    page = chief.page
    chief.sign_in(CAISSE_ADMIN.email, PASSWORD)
    chief.go("/console/access-letters/")
    look(chief, "campaigns-none")
    page.locator("main a[href$='/access-letters/new/']").first.click()
    page.fill("#name", "Rentes 2026")
    page.locator("button[name=look]").click()
    page.wait_for_selector("#count-title")
    # The three, and the demo's Emil, for whom his guardian acts and who has no access of his own.
    expect(page.locator("section[aria-labelledby=count-title] strong")).to_contain_text("4")
    look(chief, "campaign-new")
    page.locator("button[name=start]").click()
    page.wait_for_selector("#file-title", timeout=60_000)
    with page.expect_download() as waiting:
        page.locator("form[action$='letters.pdf'] button").click()
    look(chief, "campaign-ready")
    file = io.BytesIO(Path(waiting.value.path()).read_bytes())
    return [one.extract_text() for one in PdfReader(file).pages]


def mark_returned(clerk, reference):
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/returned-letters/")
    page.fill("#references", reference)
    look(clerk, "letters-returned")
    page.locator("main form .btn-primary").click()
    expect(page.locator(".alert-success")).to_be_visible()


def hand_over_slip(clerk):
    """Give the third person a new code at the counter; the one in her letter counts no more."""
    page = clerk.page
    clerk.go("/clerk/parties/")
    page.locator("main a.line", has_text="Paula Rente 3").first.click()
    page.locator("main a[href$='/access/']").first.click()
    page.check("input[name=checked][value=document]")
    look(clerk, "party-access")
    with page.expect_download() as waiting:
        page.locator("button[name=by][value=counter]").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
