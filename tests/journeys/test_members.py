"""A company looks after its users: one is invited, one asks and is granted, one stands in, one leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.kernel import clock
from infra.demo.cast import PASSWORD
from tests.journeys.test_mandates import read_home


@pytest.mark.parametrize("language", ["fr", "de"])
def test_administrator_invites_grants_and_hands_over(walk, language):
    beat, anne = walk(language), walk(language)
    beat.sign_in("beat@fabrique.example", PASSWORD)
    ask_for_a_theme(beat)
    anne.sign_in("anne@fabrique.example", PASSWORD)
    home = read_home(anne)
    anne.go(f"{home}/company/")
    anne.look("company")
    invite(anne, home)
    grant(anne, home)
    anne.go(f"{home}/company/themes/")
    anne.look("company-themes")
    stand_in_and_leave(anne, home)
    anne.go(f"{home}/company/changes/")
    anne.look("company-changes")
    assert (anne.faults, beat.faults) == ([], [])


def ask_for_a_theme(beat):
    beat.go("/me/access/")
    beat.look("own-companies")
    beat.page.click("summary:has(~ form[action$='/ask/'])")
    beat.page.check("form[action$='/ask/'] input[name=theme]")
    beat.page.click("form[action$='/ask/'] button")
    beat.page.wait_for_selector(".alert-success")


def invite(anne, home):
    anne.go(f"{home}/company/users/invite/")
    anne.look("company-invite")
    for name, text in {"given_name": "Nora", "family_name": "Neuve", "email": "nora@fabrique.example"}.items():
        anne.page.fill(f"#{name}", text)
    anne.page.check("input[name=theme][value=employees]")
    anne.page.click("main form .btn-primary")
    anne.page.wait_for_selector("h1:has-text('Nora')")


def grant(anne, home):
    anne.go(f"{home}/company/requests/")
    anne.look("company-requests")
    anne.page.click("main button[value='grant'], main form .btn-primary")
    anne.page.wait_for_selector(".alert-success")
    anne.go(f"{home}/company/users/table/")
    anne.look("company-table")
    cell = "tr:has-text('Beat') input[value=salary_declaration]"
    assert anne.page.is_checked(cell)
    anne.page.uncheck("tr:has-text('Nadia') input[name^=acts]")
    anne.page.click("main button[value=save]")
    anne.page.wait_for_selector(".alert-success")


def stand_in_and_leave(anne, home):
    """Beat stands in for Nadia; then he leaves, and what he has goes to Anne."""
    today = clock.today("Europe/Zurich")
    anne.go(f"{home}/company/users/")
    anne.look("company-users")
    anne.page.click("main a:has-text('Nadia')")
    anne.look("company-user")
    anne.page.select_option("#by", label="Beat Muster")
    anne.page.fill("#first", today.isoformat())
    anne.page.fill("#last", (today + timedelta(days=9)).isoformat())
    anne.page.click("form[action$='/substitute/'] button")
    anne.page.wait_for_selector(".alert-success")
    anne.go(f"{home}/company/users/")
    anne.page.click("main a:has-text('Beat')")
    anne.page.click("main a.btn-outline-danger")
    anne.look("company-leave")
    anne.page.select_option("#to", label="Anne Exemple")
    anne.page.click("main button.btn-danger")
    anne.page.wait_for_selector(".alert-success")
    assert not anne.page.locator("main .list a:has-text('Beat')").count()
