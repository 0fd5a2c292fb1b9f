"""Mandates as people see them: accepted, acted on, found across clients, ended; a power of attorney at the desk."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from infra.demo.cast import PASSWORD
from tests.support.elm import Institution, Letter, Person, elm_parts
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


@pytest.mark.parametrize("language", ["fr", "de"])
def test_a_guardian_acts_for_a_person_and_a_worker_is_a_person_too(walk, language):
    remo = walk(language)
    remo.sign_in("remo@beistand.example", PASSWORD)
    remo.go("/clients/")
    remo.page.click("a.line:has-text('Emil')")
    remo.page.wait_for_selector("header summary:has-text('Emil') .chip")
    remo.look("guardian-home")
    home = read_home(remo)
    remo.go(f"{home}/company/")
    remo.look("guardian-area")
    assert not remo.page.locator("main a[href$='/company/staff/']").count()
    remo.go(f"{home}/company/mandates/")
    remo.page.wait_for_selector("main:has-text('Emil Rossier')")
    ines = walk(language)
    ines.sign_in("ines@fabrique.example", PASSWORD)
    ines.page.click("header details.menu >> nth=0")
    ines.look("roles")
    company = ines.page.locator("header details.menu >> nth=0").locator("a[aria-current]").inner_text()
    ines.page.click("header details.menu >> nth=0 >> a:not([aria-current])")
    ines.page.wait_for_selector("h1:has-text('Inès Rochat')")
    assert company not in ines.page.locator("header details.menu >> nth=0 >> summary").inner_text()
    assert (remo.faults, ines.faults) == ([], [])


@pytest.mark.parametrize("language", ["fr", "de"])
def test_files_of_many_clients_become_drafts(walk, language):
    claire = walk(language)
    claire.sign_in("claire@fiduciaire.example", PASSWORD)
    claire.go("/clients/")
    claire.page.click("main a[href$='/clients/upload/']")
    claire.look("batches")
    claire.page.set_input_files("#files", {"name": "all.zip", "mimeType": "application/zip", "buffer": pack_files()})
    claire.page.click("main form .btn-primary")
    claire.wait_while_working()
    claire.look("batch")
    claire.page.fill("tr:has-text('unknown.xml') input[name^=number]", "100-2211.4")
    claire.page.click("#correct button")
    claire.page.wait_for_selector(".alert-success")
    claire.page.click("form[action$='/drafts/'] button")
    claire.wait_while_working()
    claire.page.wait_for_selector("tr:has-text('unknown.xml') a")
    claire.look("batch-made")
    assert claire.page.locator("main tbody tr a").count() == 2
    assert claire.faults == []


def pack_files():
    """Return an archive with a declaration of the factory, and one that names a client whom nobody knows."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, number in {"factory.xml": "100-9976.9", "unknown.xml": "100-0000.0"}.items():
            letter = Letter(ahv=(Institution(customer=number),), test_case=False)
            archive.writestr(name, "".join(elm_parts([Person()], letter)))
    return target.getvalue()
