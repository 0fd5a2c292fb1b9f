"""One account with several roles: clerk, employer's user, insured person; switched in the frame and never mixed."""

from __future__ import annotations

import pytest

from core.accounts.invitations.errors import EmailTaken, PersonKnown
from core.accounts.models import Activation, Session, StaffMember, User
from core.accounts.staff.services import end_person
from core.audit.models import Entry
from core.catalogue import offers
from tenants.scope import tenant_transaction
from tests.integration.core.accounts.test_forgotten import mails
from tests.support.invitations import invite
from tests.support.people import make_mandate, make_member, make_party, make_staff, make_user


@pytest.fixture
def chief(office):
    return office.clerk("gilles")


def fresh(office, name):
    with tenant_transaction(office.caisse):
        office.users[name] = User.objects.get(id=office.users[name].id)
    return office.browser(name)


def roles_of(page):
    """Return the labels in the menu of roles, the current one marked."""
    from lxml import html

    links = html.fromstring(page.content.decode()).xpath("//nav[@aria-label='Mes rôles']//a")
    return [(link.text, link.get("aria-current") == "true") for link in links]


def test_users_account_serves_at_the_desk_too(office, chief):
    before = office.browser("anne")
    made = invite(office.caisse, chief, email="anne@example.ch", given_name="Other", family_name="Name")
    assert made.activation_id is None
    with tenant_transaction(office.caisse):
        assert StaffMember.objects.get(user=office.users["anne"]).roles == ["clerk"]
        assert not Activation.objects.exists()
        assert User.objects.get(id=office.users["anne"].id).given_name == "Anne"
        assert Session.objects.get(user=office.users["anne"]).end_reason == "rights_changed"
        assert Entry.objects.filter(action="staff_invited").exists()
    assert before.get("/me/").status_code == 302
    assert mails(office.caisse)[-1]["to"] == "anne@example.ch"
    browser = fresh(office, "anne")
    assert browser.get("/clerk/").status_code == 200
    assert browser.get(office.url()).status_code == 200


def test_menu_says_as_whom_she_works_on_every_page(office, chief):
    assert roles_of(office.browser("anne").get(office.url())) == []
    with tenant_transaction(office.caisse):
        herself = make_party("Anne Exemple", kind="insured")
        make_mandate(herself)
        make_member(office.users["anne"], herself)
        make_staff(office.users["anne"], "clerk")
    browser = fresh(office, "anne")
    company = f"Pour {office.parties['factory'].name}"
    person, desk = "En tant que personne assurée", "Au guichet de la caisse"
    assert roles_of(browser.get("/clerk/")) == [(person, False), (company, False), (desk, True)]
    assert roles_of(browser.get(office.url())) == [(person, False), (company, True), (desk, False)]
    assert roles_of(browser.get(f"/p/{herself.id}/")) == [(person, True), (company, False), (desk, False)]
    assert roles_of(browser.get("/me/")) == [(person, False), (company, False), (desk, False)]


def test_own_company_does_not_exist_at_the_desk(office, chief):
    invite(office.caisse, chief, email="anne@example.ch")
    browser = fresh(office, "anne")
    factory, elsewhere = office.parties["factory"], office.parties["elsewhere"]
    assert browser.get(f"/clerk/parties/{factory.id}/").status_code == 404
    assert browser.get(f"/clerk/parties/{elsewhere.id}/").status_code == 200
    listed = browser.get("/clerk/parties/").content.decode()
    assert f"/clerk/parties/{factory.id}/" not in listed
    assert f"/clerk/parties/{elsewhere.id}/" in listed


def test_end_of_the_work_leaves_the_company(office, chief):
    invite(office.caisse, chief, email="anne@example.ch")
    with tenant_transaction(office.caisse):
        end_person(actor=chief, user_id=office.users["anne"].id)
    browser = fresh(office, "anne")
    assert browser.get("/clerk/").status_code == 404
    assert browser.get(office.url()).status_code == 200
    assert roles_of(browser.get(office.url())) == []


def test_account_that_was_left_is_taken_up_again_and_a_blocked_one_is_not(office, chief):
    with tenant_transaction(office.caisse):
        make_user("gone", state="left")
        make_user("blocked", state="blocked")
    assert invite(office.caisse, chief, email="gone@example.ch").activation_id
    with pytest.raises(EmailTaken):
        invite(office.caisse, chief, email="blocked@example.ch")
    with pytest.raises(PersonKnown):
        invite(office.caisse, chief, email="elena@example.ch")


def test_who_waits_for_her_access_gets_one_code_for_both(office, chief):
    with tenant_transaction(office.caisse):
        waiting = make_user("waiting", state="invited", password="!")
        make_member(waiting, office.parties["factory"])
    invite(office.caisse, chief, email="waiting@example.ch")
    with tenant_transaction(office.caisse):
        assert Activation.objects.get(used_at=None, revoked_at=None).user_id == waiting.id


@pytest.mark.parametrize("kind", ["insured", "employer"])
def test_rail_names_only_the_themes_for_such_a_party(office, kind):
    with tenant_transaction(office.caisse):
        party = make_party("Nina Neuve", kind=kind)
        make_mandate(party)
        make_member(make_user("nina"), party)
        office.users["nina"] = User.objects.get(sign_in_name="nina@example.ch")
    links = fresh(office, "nina").get(f"/p/{party.id}/").context["page"].themes
    named = {link.url.rstrip("/").rsplit("/", 1)[-1] for link in links}
    all_of_them = {theme.slug: theme for theme in offers.list_themes(office.caisse)}
    assert named == {slug for slug, theme in all_of_them.items() if theme.serves(kind)}
    assert (named == set(all_of_them)) is (kind == "employer")
