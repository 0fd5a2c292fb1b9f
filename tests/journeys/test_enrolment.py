"""Four ways to an access: the public form, the counter, an invitation, self-registration of an insured person."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infra.demo import cast, mail, terms
from infra.demo.cast import CLERK, EMPLOYER_ADMIN, PASSWORD
from tenants.scope import tenant_transaction
from tests.journeys.enrolling import OWN_PASSWORD, PRIMARY, look, read, set_up
from tests.support import enrolment as support
from tests.support.invitations import CODE

UID = "CHE-102.030.403"
ADDRESS = {"street": "Rue 9", "postcode": "1700", "town": "Fribourg", "country": "CH"}


@pytest.fixture
def prepared(caisse):
    """Open all four ways; a company that nobody acts for, and an insured person."""
    ways = ["form", "counter", "invitation", "private"]
    support.set_enrolment(caisse, ways=ways, hand_over=["letter", "slip"], private_codes=["letter", "employer"])
    with tenant_transaction(caisse):
        made = cast.make_cast()
    mail.fill(caisse, made, declared_year=2024)
    terms.publish(caisse)
    with tenant_transaction(caisse):
        support.make_company("100-9001.1", name="Menuiserie du Lac", enterprise_number=UID, **ADDRESS)
        support.make_person()
    return caisse


@pytest.mark.parametrize("language", ["fr", "de"])
def test_company_applies_and_its_delegate_signs_in(prepared, walk, language):
    applicant, clerk = walk(language), walk(language)
    apply(applicant)
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/applications/")
    look(clerk, "applications")
    clerk.page.locator("main a.line").first.click()
    clerk.page.wait_for_selector("#way-letter")
    look(clerk, "application")
    clerk.page.check("#way-letter")
    clerk.page.locator("form[action$='/approve/'] .btn-primary").click()
    expect(clerk.page.locator("h1 + p .chip.ok")).to_be_visible()
    look(clerk, "application-approved")
    login, password = read(applicant, "letter", r": (\S+/\S+)\n.*: ([0-9A-Z]{4}-\S+)").groups()
    applicant.go("/sign-in/")
    applicant.page.fill("#name", login)
    applicant.page.fill("#password", password)
    applicant.page.locator(PRIMARY).first.click()
    applicant.page.wait_for_url(lambda url: "/sign-in/" in url and not url.endswith("/sign-in/"))
    assert applicant.faults + clerk.faults == []


def apply(walker):
    """Walk the form from the sign-in page to its end."""
    page = walker.page
    walker.go("/sign-in/")
    page.locator("main a[href$='/join/']").click()
    page.fill("#number", "CHE-102.030.404")
    page.locator(PRIMARY).first.click()
    expect(page.locator("#refusal")).to_be_visible()
    look(walker, "join-refused")
    page.fill("#number", UID)
    page.locator(PRIMARY).first.click()
    page.wait_for_selector("button[value=accept]")
    look(walker, "join-charter")
    page.locator("button[value=accept]").click()
    page.wait_for_selector("#certified")
    page.locator(PRIMARY).first.click()
    expect(page.locator("#refusal")).to_be_visible()
    look(walker, "join-details")
    values = {
        "name": "Menuiserie du Lac", "street": "Rue 9", "town": "Fribourg", "email": "bureau@menuiserie.example",
        "representative-given_name": "Inès", "representative-family_name": "Scieur",
        "delegate-1-given_name": "Jonas", "delegate-1-family_name": "Rabot", "delegate-1-mobile": "+41790000011",
    }  # fmt: skip
    for name, value in values.items():
        page.fill(f"[name='{name}']", value)
    page.check("#certified")
    page.locator(PRIMARY).first.click()
    page.wait_for_selector("#code")
    look(walker, "join-confirm")
    page.fill("#code", read(walker, "mail", r"\b(\d{6})\b")[1])
    page.locator(PRIMARY).first.click()
    page.wait_for_selector("main ol li p, main h2")
    look(walker, "join-done")


@pytest.mark.parametrize("language", ["fr", "de"])
def test_counter_hands_a_slip_over(prepared, walk, language):
    clerk = walk(language)
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/applications/new/")
    look(clerk, "counter")
    values = {
        "number": UID, "name": "Menuiserie du Lac", "street": "Rue 9", "town": "Fribourg",
        "email": "bureau@menuiserie.example", "representative-given_name": "Inès",
        "representative-family_name": "Scieur", "delegate-1-given_name": "Jonas",
        "delegate-1-family_name": "Rabot", "delegate-1-mobile": "+41790000011",
    }  # fmt: skip
    for name, value in values.items():
        page.fill(f"[name='{name}']", value)
    page.locator(PRIMARY).last.click()
    page.wait_for_selector("#way-slip")
    page.check("#way-slip")
    page.locator("form[action$='/approve/'] .btn-primary").click()
    page.wait_for_selector("#slip")
    look(clerk, "slip")
    with page.expect_download() as waiting:
        page.click("#slip")
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
    assert clerk.faults == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_company_is_invited_and_its_administrator_accepts_the_terms(prepared, walk, language):
    clerk, invited = walk(language), walk(language)
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/applications/invite/")
    look(clerk, "invite-many")
    page.locator("fieldset label", has_text="Menuiserie du Lac").click()
    page.locator("button[name=invite]").click()
    expect(page.locator(".alert-success")).to_be_visible()
    code = CODE.search(read(invited, "letter", f"({CODE.pattern})")[1])[0]
    clerk.go("/clerk/applications/")
    page.select_option("#state", "approved")
    page.locator("#applications button.btn-outline-primary").click()
    page.locator("main a.line").first.click()
    expect(page.locator("form[action$='/remind/'] button")).to_be_visible()
    look(clerk, "invited")
    set_up(invited, code)
    invited.sign_in("paula@rente.example", OWN_PASSWORD)
    expect(invited.page.locator("ul.tiles, .due").first).to_be_visible()
    page.reload()
    expect(page.locator("form[action$='/remind/'] button")).to_have_count(0)
    assert clerk.faults + invited.faults == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_insured_person_registers_with_her_employers_leaflet(prepared, walk, language):
    employer, person = walk(language), walk(language)
    employer.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    if accept := employer.page.locator("button[value=accepted]").all():
        accept[0].click()
        employer.page.wait_for_selector("ul.tiles, .due")
    employer.page.goto(re.match(r".*/p/[^/]+/", employer.page.url)[0] + "company/staff/")
    with employer.page.expect_download() as waiting:
        employer.page.locator("form[action$='leaflet.pdf'] .btn-primary").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
    employer.page.reload()
    look(employer, "company-staff")
    code = employer.page.locator("dd.font-monospace").inner_text()
    page = person.page
    person.go(f"/private/{code.replace(' ', '')}/")
    look(person, "private")
    page.fill("#number", support.AVS_SHOWN)
    page.fill("#birth_date", date(1990, 5, 5).isoformat())
    page.locator(PRIMARY).first.click()
    expect(page.locator("#refusal")).to_be_visible()
    look(person, "private-refused")
    page.fill("#birth_date", support.BORN.isoformat())
    page.locator(PRIMARY).first.click()
    page.wait_for_url("**/activate/**")
    assert employer.faults + person.faults == []
