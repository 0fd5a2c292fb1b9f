"""Sign-in names at the desk: shown, issued anew by kind, once, and the person is told where she can be."""

from __future__ import annotations

import pytest

from core.accounts.incidents import helping
from core.accounts.memberships import naming
from core.accounts.memberships.errors import NameNotFree, NameNotPossible
from core.accounts.models import Membership, User
from core.accounts.names import is_user_number, resolve_name, show_name
from core.audit.models import Entry
from core.kernel.errors import NotPermitted
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.configuring import set_section
from tests.support.people import give_password, make_mandate, make_member, make_party, make_user


@pytest.fixture(autouse=True)
def kinds(office):
    with tenant_transaction(office.caisse):
        set_section("sign_in", names=("user_id", "company", "insured", "email"))


def place_of(office, name="beat"):
    with tenant_transaction(office.caisse):
        found = Membership.objects.select_related("user", "party")
        return found.get(user=office.users[name], party=office.parties["factory"], substitute_for=None)


def issue(office, kind, name="beat", by="gilles", seen=None):
    place = place_of(office, name)
    with tenant_transaction(office.caisse):
        return naming.issue_member_name(
            actor=office.clerk(by), membership_id=place.id, kind=kind, seen=seen or place.user.sign_in_name
        )


def test_number_is_issued_told_and_the_earlier_name_opens_nothing(office):
    before = office.users["beat"].sign_in_name
    name = issue(office, "user_id")
    assert is_user_number(name)
    drain(caisse=office.caisse)
    told = mailbox.take_mails()
    assert [one["to"] for one in told if show_name(name) in one["text"]] == [office.users["beat"].contact_email]
    assert give_password(office.browser(), before).status_code == 422
    assert give_password(office.browser(), show_name(name)).status_code == 302
    with tenant_transaction(office.caisse):
        [entry] = Entry.objects.filter(action="sign_in_name_issued")
        assert name not in str(entry.data)


def test_company_number_and_family_name_get_a_figure_when_taken(office):
    first, second = issue(office, "company", "anne"), issue(office, "company", "beat")
    number = "".join(sign for sign in office.parties["factory"].number if sign.isalnum()).lower()
    assert first == f"{number}/{office.users['anne'].family_name.lower()}"
    assert second == f"{first}2"


def test_e_mail_is_free_for_one_only_and_an_old_page_changes_nothing(office):
    with tenant_transaction(office.caisse):
        User.objects.filter(id=office.users["beat"].id).update(contact_email=office.users["anne"].contact_email)
    with pytest.raises(NameNotFree):
        issue(office, "email")
    with pytest.raises(NameNotFree):
        issue(office, "user_id", seen="somebody@example.ch")


@pytest.mark.parametrize("kind", ["insured", "email", "nothing", ""])
def test_a_kind_that_does_not_fit_is_refused(office, kind):
    with pytest.raises(NameNotPossible):
        issue(office, kind)


def test_insured_person_gets_her_number(office):
    with tenant_transaction(office.caisse):
        zoe, party = make_user("zoe", contact_email=None), make_party("Zoé", kind="insured", number="756.9217.0769.85")
        make_mandate(party)
        place = make_member(zoe, party)
        assert naming.list_kinds(place) == ["user_id", "insured"]
        name = naming.issue_member_name(
            actor=office.clerk("gilles"), membership_id=place.id, kind="insured", seen=zoe.sign_in_name
        )
    assert resolve_name(office.caisse, "756 9217 0769 85") == name == "7569217076985"


@pytest.mark.parametrize("by", ["elena", "greta"])
def test_only_who_may_set_users_issues(office, by):
    with pytest.raises(NotPermitted):
        issue(office, "user_id", by=by)


def test_page_shows_and_issues_and_says_who_shares_an_address(office):
    with tenant_transaction(office.caisse):
        shared = office.users["anne"].contact_email
        User.objects.filter(id=office.users["beat"].id).update(contact_email=shared)
    place = place_of(office)
    page = f"/clerk/parties/{place.party_id}/users/{place.id}/"
    gilles = office.browser("gilles")
    shown = gilles.get(page).content.decode()
    assert place.user.sign_in_name in shown
    assert shared in shown
    assert 'value="user_id"' in shown
    assert 'name="kind"' not in office.browser("elena").get(page).content.decode()
    form = {"kind": "user_id", "seen": place.user.sign_in_name}
    assert gilles.post(f"{page}name/", form).status_code == 302
    assert show_name(place_of(office).user.sign_in_name) in gilles.get(page).content.decode()
    # A page from before: she has such a number already.
    assert gilles.post(f"{page}name/", form).status_code == 422


def test_help_understands_an_issued_number_in_any_spelling(office):
    name = issue(office, "user_id", "anne")
    drain(caisse=office.caisse)
    mailbox.take_mails()
    helping.send_help_code(caisse=office.caisse, name=f" {show_name(name).lower()} ", address="192.0.2.1")
    drain(caisse=office.caisse)
    assert [one["to"] for one in mailbox.take_mails()] == [office.users["anne"].contact_email]
    form = {"name": show_name(name), "kind": "lost_phone"}
    assert office.browser("elena").post("/clerk/incidents/new/", form).status_code == 302
