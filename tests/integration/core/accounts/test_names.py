"""What people sign in with: read in any spelling, counted under one, issued with a check."""

from __future__ import annotations

import pytest

from core.accounts.names import company_name, issue_name, make_user_number, resolve_name, show_name
from core.configuration.sections import SignInSection
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support.people import give_password, make_user


def use_names(caisse, *names):
    with tenant_transaction(caisse):
        change_sections(actor=Actor.system("test"), sections=[SignInSection(names=names)])


def test_issued_number_is_read_in_any_spelling_and_checked(caisse, browser):
    use_names(caisse, "user_id")
    number = make_user_number()
    with tenant_transaction(caisse):
        make_user("issued", sign_in_name=number, contact_email=None)
    shown = show_name(number)
    assert len(shown) == 11
    for typed in (number, shown, shown.replace("-", " "), f" {shown.lower()} ", shown.replace("0", "O")):
        assert resolve_name(caisse, typed) == number
    assert give_password(browser, shown).status_code == 302
    mistyped = ("1" if number[0] != "1" else "2") + number[1:]
    assert resolve_name(caisse, show_name(mistyped) + "-") == show_name(mistyped).lower() + "-"


@pytest.mark.parametrize("typed", ["100-9976.9/Martin", "1009976.9 / martin", "100 9976 9/MARTIN"])
def test_company_number_and_delegate(caisse, browser, typed):
    use_names(caisse, "company", "email")
    with tenant_transaction(caisse):
        make_user("martin", sign_in_name=company_name("100-9976.9", "Martin"))
        make_user("mail")
    assert resolve_name(caisse, typed) == "10099769/martin"
    assert give_password(browser, typed).status_code == 302
    assert give_password(browser, "MAIL@example.ch").status_code == 302


@pytest.mark.parametrize("typed", ["756.9217.0769.85", "7569217076985", "756 9217 0769 85"])
def test_number_of_an_insured_person_is_read_as_the_country_does(caisse, typed):
    use_names(caisse, "insured")
    assert resolve_name(caisse, typed) == "7569217076985"
    assert resolve_name(caisse, "756.9217.0769.86") == "756.9217.0769.86"


def test_spellings_of_one_name_are_counted_together(caisse, browser):
    use_names(caisse, "insured")
    for typed in ("756.9217.0769.85", "7569217076985") * 5:
        assert give_password(browser, typed, "wrong").status_code == 422
    assert give_password(browser, "756 9217 0769 85", "wrong").status_code == 429


def test_page_says_what_is_asked_for(caisse, browser):
    assert 'type="email"' in browser.get("/sign-in/").content.decode()
    use_names(caisse, "user_id", "company", "email")
    page = browser.get("/sign-in/").content.decode()
    assert 'type="email"' not in page
    assert "K7M2-9QFX-4" in page
    assert "name-help" in page


def test_taken_name_gets_a_figure_and_a_number_is_new(caisse):
    with tenant_transaction(caisse):
        make_user("x", sign_in_name="10099769/martin")
        assert issue_name(wanted="10099769/martin") == "10099769/martin2"
        assert issue_name() != issue_name()


def test_accounts_share_an_address_or_have_none(caisse, browser):
    with tenant_transaction(caisse):
        for name in ("one", "two"):
            make_user(name, contact_email="office@example.ch")
        make_user("none", contact_email=None)
    for name in ("one", "two", "none"):
        assert give_password(browser, f"{name}@example.ch").status_code == 302
