"""The desk's further pages in a browser, in two languages and at both widths."""

from __future__ import annotations

import pytest

from infra.demo.cast import CAISSE_ADMIN, CLERK, PASSWORD


@pytest.mark.parametrize("language", ["fr", "de"])
def test_reply_text_is_written_and_put_into_a_question(walk, language):
    clerk = walk(language)
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/replies/new/")
    page.select_option("#theme", "employees")
    page.fill("#title", "Pièce manquante")
    page.fill("#text", "Bonjour {nom}")
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector(".alert-danger:has-text('{nom}')")
    clerk.look("reply-refused")
    page.fill("#text", "Bonjour {party}, il nous manque une pièce. {clerk}")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/replies/")
    clerk.look("replies")
    clerk.go("/clerk/?state=sent")
    page.locator(".line").first.click()
    clerk.submit("/take/")
    page.wait_for_selector("#question")
    page.locator("button[name=into][value=question]").click()
    page.wait_for_url("**/insert/")
    assert "Elena Gestion" in page.input_value("#question")
    clerk.look("case-with-reply")
    clerk.submit("/ask/")
    page.wait_for_selector("form[action$='/cancel-question/']")
    assert clerk.faults == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_partys_page_is_found_and_its_file_opened_to_some(walk, language):
    gilles, clerk = walk(language), walk(language)
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/parties/")
    page.fill("#q", "Fabrique")
    page.locator("form[role=search] button").click()
    clerk.look("parties")
    page.locator(".line", has_text="Fabrique").click()
    page.wait_for_selector(".time")
    clerk.look("party")
    path = page.url.split(clerk.base)[1]
    gilles.sign_in(CAISSE_ADMIN.email, PASSWORD)
    gilles.go(path)
    gilles.page.locator("label", has_text="Felix").click()
    gilles.page.fill("#reason", "Parent d’une collaboratrice")
    gilles.page.locator("form[action$='/flag/'] button.btn-primary").click()
    gilles.page.wait_for_selector(".alert-warning")
    gilles.look("party-flagged")
    clerk.go(path)
    assert page.locator("h1", has_text="Fabrique").count() == 0
    assert (clerk.faults, gilles.faults) == ([], [])
