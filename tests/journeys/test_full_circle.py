"""The main job, as people do it, in French and German."""

from __future__ import annotations

import re

import pytest

from infra.demo.cast import COLLEAGUE, FIDUCIARY, PASSWORD
from tests.journeys import circle


@pytest.mark.parametrize("language", ["fr", "de"])
def test_salary_declaration_makes_the_full_circle(walk, language):
    employer, clerk = walk(language), walk(language)
    path = circle.declare(employer, circle.ELM)
    circle.ask_back(clerk, path)
    circle.answer(employer)
    circle.decide_and_close(clerk)
    circle.see_it_done(employer)
    assert employer.faults + clerk.faults == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_entry_of_an_employee_goes_through_the_same_pages(walk, language):
    colleague = walk(language)
    page = colleague.page
    colleague.sign_in(COLLEAGUE.email, PASSWORD)
    assert page.locator("form[action*='salary_declaration']").count() == 0
    colleague.submit("/employees.entry/")
    page.wait_for_selector("#field-last_name")
    page.fill("#field-last_name", "Rossier")
    page.fill("#field-first_name", "Luca")
    page.fill("#field-birth_date", "12.5.1999")
    page.fill("#field-nationality", "CH")
    page.fill("#field-entry_date", "1.12.2026")
    page.locator("#field-sex input").first.check()
    page.select_option("#field-canton", "FR")
    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_url("**/review/")
    circle.justify_all(colleague)
    colleague.look("employee-review")
    circle.send(colleague)
    assert colleague.faults == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_fiduciary_switches_between_her_clients(walk, language):
    fiduciary = walk(language)
    page = fiduciary.page
    fiduciary.sign_in(FIDUCIARY.email, PASSWORD)
    page.locator("details.menu summary").first.click()
    page.locator(".menu-panel a", has_text="Fabrique du Lac").click()
    page.wait_for_selector("h1:has-text('Fabrique du Lac SA')")
    fiduciary.look("fiduciary")
    assert fiduciary.faults == []


def test_what_was_typed_survives_a_sign_in_that_ended(walk):
    colleague = walk("fr")
    page = colleague.page
    colleague.sign_in(COLLEAGUE.email, PASSWORD)
    colleague.submit("/employees.exit/")
    page.wait_for_selector("#field-last_name")
    address = page.url
    page.context.clear_cookies(name=re.compile("^(?!.*csrf)"))
    page.fill("#field-last_name", "Dubois")
    page.wait_for_selector("#saved a")
    colleague.sign_in(COLLEAGUE.email, PASSWORD)
    page.goto(address)
    page.wait_for_function("document.querySelector('#field-last_name').value === 'Dubois'")


def test_receipt_is_checked_by_anybody(walk):
    somebody = walk("de")
    somebody.go("/check/")
    somebody.look("check")
    somebody.page.fill("#code", "0000-0000-0000-0000")
    somebody.page.locator("main form button").click()
    somebody.page.wait_for_selector(".alert-danger")
    assert somebody.faults == []
