"""Mandates as people see them: accepted, acted on, found across clients, ended; a power of attorney at the desk."""

from __future__ import annotations

import re

from infra.demo.cast import PASSWORD
from tests.support.hostile_files import make_pdf


def read_home(walker):
    return re.search(r"/p/[0-9a-f-]+", walker.page.url)[0]


def test_a_fiduciary_accepts_acts_and_ends_a_mandate(walk):
    claire = walk("fr")
    claire.sign_in("claire@fiduciaire.example", PASSWORD)
    home = read_home(claire)
    claire.go(f"{home}/company/mandates/?part=received")
    claire.look("mandates-received")
    claire.page.click("a.line:has-text('Ailleurs')")
    claire.look("mandate-asked")
    claire.page.click("button[value='accept']")
    claire.page.wait_for_selector(".alert-success")
    claire.page.click("header details.menu >> nth=0")
    claire.page.click("header a:has-text('Ailleurs')")
    claire.page.wait_for_selector("h1:has-text('Ailleurs')")
    claire.go("/due/")
    claire.look("due")
    claire.page.click(".pills a:has-text('salaires')")
    claire.page.fill("#client", "Ailleurs")
    claire.page.click("main form.tools button >> nth=0")
    claire.page.wait_for_selector("a.line:has-text('Ailleurs')")
    claire.go(f"{home}/company/mandates/?part=held")
    claire.page.click("a.line:has-text('Ailleurs')")
    claire.look("mandate")
    claire.page.click("main a.btn-outline-danger")
    claire.page.fill("#reason", "Le client a changé de fiduciaire")
    claire.look("mandate-end")
    claire.page.click("main button.btn-danger")
    claire.page.wait_for_selector(".alert-success")
    assert not claire.page.locator("header a:has-text('Ailleurs')").count()
    assert claire.faults == []


def test_a_power_of_attorney_is_checked_at_the_desk(walk):
    claire = walk("de")
    claire.sign_in("claire@fiduciaire.example", PASSWORD)
    claire.go(f"{read_home(claire)}/company/mandates/ask/")
    claire.page.fill("#number", "100-7777.7")
    claire.page.check("#proof-document")
    file = {"name": "vollmacht.pdf", "mimeType": "application/pdf", "buffer": make_pdf()}
    claire.page.set_input_files("#file", file)
    claire.page.click("main button.btn-primary")
    claire.page.wait_for_selector(".alert-success")
    elena = walk("fr")
    elena.sign_in("elena@caisse.example", PASSWORD)
    elena.go("/clerk/mandates/")
    elena.look("mandates-to-check")
    elena.page.click("a.line:has-text('Fiduciaire')")
    elena.look("mandate-check")
    elena.page.click("button[value='accept']")
    elena.page.wait_for_selector(".alert-success")
    claire.go("/clients/")
    claire.page.wait_for_selector("a.line:has-text('Ailleurs')")
    assert (claire.faults, elena.faults) == ([], [])
