"""The desk's further pages in a browser, in two languages and at both widths."""

from __future__ import annotations

import pytest

from infra.demo.cast import CLERK, PASSWORD


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
