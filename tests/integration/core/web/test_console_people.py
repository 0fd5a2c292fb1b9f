"""The console's page of people: found, invited, changed, blocked; asked who one is before; seen by auditors only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import StaffMember, User
from core.kernel import clock
from core.messaging import desk_teams
from tenants.scope import tenant_transaction
from tests.support.invitations import read_code as read_letter
from tests.support.people import PASSWORD, make_staff, make_user, read_code
from tests.support.routes import CAISSE, list_routes

NEW = {
    "given_name": "Nora",
    "family_name": "Nouvelle",
    "email": "nora@caisse.example",
    "language": "fr",
    "role": ["clerk"],
    "scope": "named",
    "theme": ["employees"],
    "by": "mail",
}


@pytest.fixture
def browser(office):
    return office.browser("gilles")


def page_of(office, name="felix"):
    return f"/console/people/{office.users[name].id}/"


def names(answer):
    return [one["user"].given_name for one in answer.context["listed"]]


def test_people_are_searched_by_post_and_counted(office, browser):
    with tenant_transaction(office.caisse):
        team = desk_teams.save_team(
            actor=office.clerk("gilles"), team_id=None, name="Salaires", themes=[], user_ids=[office.users["felix"].id]
        )
    assert names(browser.get("/console/people/")) == ["Elena", "Felix", "Gilles", "Greta"]
    assert names(browser.get("/console/people/?q=felix")) == ["Elena", "Felix", "Gilles", "Greta"]
    assert names(browser.post("/console/people/", {"q": "felix"})) == ["Felix"]
    found = browser.post("/console/people/", {"role": "clerk", "team": str(team.id)})
    assert names(found) == ["Felix"]
    assert "Salaires" in found.content.decode()
    assert browser.post("/console/people/", {"q": "nobody"}).context["listed"] == []


def test_list_leaves_as_a_workbook(office, browser):
    answer = browser.post("/console/people/people.xlsx", {"role": "auditor"})
    assert answer["Content-Type"].endswith("sheet")
    assert len(answer.content) > 2000


def test_invited_person_appears_and_gets_her_code(office, browser):
    answer = browser.post("/console/people/invite/", NEW)
    assert answer.status_code == 302
    with tenant_transaction(office.caisse):
        staff = StaffMember.objects.select_related("user").get(user__sign_in_name="nora@caisse.example")
    assert (staff.roles, staff.themes, staff.user.state) == (["clerk"], ["employees"], "invited")
    assert answer["Location"] == f"/console/people/{staff.user_id}/"
    first = read_letter(office.caisse)
    person = browser.get(answer["Location"])
    assert person.context["person"]["code_until"] is not None
    assert browser.post(f"{answer['Location']}invitation/", {"by": "mail"}).status_code == 302
    assert office.browser().post("/activate/", {"code": first}).status_code == 422
    assert office.browser().post("/activate/", {"code": read_letter(office.caisse)}).status_code == 302


def test_faulty_invitation_keeps_what_was_entered(office, browser):
    answer = browser.post(
        "/console/people/invite/", NEW | {"email": "elena@example.ch", "by": "letter", "street": "X 1"}
    )
    assert answer.status_code == 422
    assert 'value="elena@example.ch"' in answer.content.decode()
    assert 'value="X 1"' in answer.content.decode()
    answer = browser.post("/console/people/invite/", NEW | {"email": "elena@example.ch"})
    assert answer.status_code == 409
    assert browser.post("/console/people/invite/", NEW | {"from": "nonsense"}).status_code == 422


def form_of(browser, office, name="felix"):
    page = browser.get(page_of(office, name))
    staff = page.context["person"]["staff"]
    return {
        "seen": page.context["seen"],
        "role": staff.roles,
        "scope": page.context["scope"],
        "theme": page.context["chosen_themes"],
        "from": page.context["first"],
        "until": page.context["last"],
    }


def test_roles_are_changed_and_told_with_before_and_after(office, browser):
    entered = form_of(browser, office) | {"role": ["clerk", "administrator"], "scope": "all"}
    assert browser.post(f"{page_of(office)}change/", entered).status_code == 302
    page = browser.get(page_of(office), headers={"accept-language": "en"})
    [entry] = page.context["history"]
    assert entry["parts"] == [("Roles", "Clerk", "Administrator, Clerk"), ("Themes", "Employees", "All")]
    assert browser.post(f"{page_of(office)}change/", entered).status_code == 409


def test_last_administrator_reads_why_she_must_stay(office, browser):
    for step, values in (("end", {}), ("block", {"reason": "Vol"})):
        answer = browser.post(f"{page_of(office, 'gilles')}{step}/", values)
        assert (answer.status_code, bool(answer.context["refusal"])) == (409, True)
    assert browser.get("/console/people/").status_code == 200


def test_who_takes_her_own_rights_away_is_signed_out(office, browser):
    with tenant_transaction(office.caisse):
        make_staff(make_user("ines"), "administrator")
    entered = form_of(browser, office, "gilles") | {"role": ["clerk"]}
    assert browser.post(f"{page_of(office, 'gilles')}change/", entered).status_code == 302
    assert browser.get("/console/people/")["Location"].startswith("/sign-in/")


def test_block_unblock_end(office, browser):
    felix = office.browser("felix")
    assert browser.post(f"{page_of(office)}block/", {"reason": " "}).status_code == 422
    browser.post(f"{page_of(office)}block/", {"reason": "Mobile perdu"})
    assert felix.get("/clerk/").status_code == 302
    assert "Mobile perdu" in browser.get(page_of(office)).content.decode()
    browser.post(f"{page_of(office)}unblock/")
    assert office.browser("felix").get("/clerk/").status_code == 200
    browser.post(f"{page_of(office)}end/")
    with tenant_transaction(office.caisse):
        assert User.objects.get(id=office.users["felix"].id).state == "left"
    assert names(browser.get("/console/people/")) == ["Elena", "Gilles", "Greta"]
    page = browser.get(page_of(office))
    assert page.context["may_change"] is False
    assert len(page.context["history"]) == 3


def test_auditor_sees_and_cannot_change(office):
    auditor = office.browser("greta")
    page = auditor.get(page_of(office))
    assert (page.status_code, page.context["may_change"]) == (200, False)
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main")[0]
    assert auditor.get("/console/people/").status_code == 200
    assert auditor.get("/console/people/invite/").status_code == 404
    for step in ("change", "block", "unblock", "end", "invitation"):
        assert auditor.post(f"{page_of(office)}{step}/", {"reason": "x"}).status_code == 404


def go_on(office, browser):
    """Prove again who sits there."""
    assert browser.post("/sign-in/again/", {"password": "wrong"}).status_code == 422
    assert browser.post("/sign-in/again/", {"password": PASSWORD})["Location"] == "/sign-in/again/code/"
    assert browser.get("/sign-in/again/code/").context["tries_left"] == 5
    sent = read_code(office.caisse)
    wrong = f"{(int(sent) + 1) % 10**6:06}"
    assert browser.post("/sign-in/again/code/", {"code": wrong}).status_code == 422
    return browser.post("/sign-in/again/code/", {"code": sent})


def test_after_ten_minutes_she_proves_again_who_she_is_and_loses_nothing(office, browser):
    entered = form_of(browser, office) | {"role": ["clerk", "administrator"]}
    later = clock.now() + timedelta(minutes=11)
    with clock.travel(later):
        answer = browser.post(f"{page_of(office)}change/", entered)
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/again/")
        with tenant_transaction(office.caisse):
            assert StaffMember.objects.get(user_id=office.users["felix"].id).roles == ["clerk"]
        old_key = browser.cookies["relais_session"].value
        back = go_on(office, browser)
        assert browser.cookies["relais_session"].value != old_key
        assert back.context["path"] == f"{page_of(office)}change/"
        again = {}
        for name, value in back.context["posted"]:
            again.setdefault(name, []).append(value)
        assert browser.post(back.context["path"], again)["Location"] == page_of(office)
        with tenant_transaction(office.caisse):
            roles = StaffMember.objects.get(user_id=office.users["felix"].id).roles
    assert roles == ["administrator", "clerk"]


def test_page_with_a_form_asks_before_one_types(office, browser):
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert browser.get("/console/people/invite/")["Location"] == "/sign-in/again/"
        assert go_on(office, browser)["Location"] == "/console/people/invite/"
        assert browser.get("/console/people/invite/").status_code == 200


def test_password_alone_proves_nothing_anew(office, browser):
    with clock.travel(clock.now() + timedelta(minutes=11)):
        browser.get("/console/people/invite/")
        browser.post("/sign-in/again/", {"password": PASSWORD})
        assert browser.get("/console/people/invite/")["Location"] == "/sign-in/again/"
        assert browser.post("/console/people/invite/", NEW)["Location"] == "/sign-in/again/"


@pytest.mark.usefixtures("still_clock")
def test_list_costs_as_many_queries_for_a_thousand_as_for_one(office, browser):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/console/people/").status_code == 200
        return len(queries)

    with tenant_transaction(office.caisse):
        StaffMember.objects.exclude(user_id=office.users["gilles"].id).delete()
    count()
    one = count()
    for n in (2, 997):
        with tenant_transaction(office.caisse):
            users = User.objects.bulk_create(
                User(sign_in_name=f"{n}-{i}@x.ch", family_name=f"F{i:04}", created_at=clock.now()) for i in range(n)
            )
            StaffMember.objects.bulk_create(
                StaffMember(user=user, roles=["clerk"], valid_from="2020-01-01") for user in users
            )
        assert count() == one
    assert one <= 20


def test_every_step_that_changes_rights_asks_who_one_is():
    changing = ("/console/people/invite/", "/console/people/<uuid:user_id>/", "/console/support/grant/")
    steps = [
        one for one in list_routes(CAISSE) if one.pattern.startswith(changing) and not one.pattern.endswith("id>/")
    ]
    assert len(steps) == 7
    assert [str(one) for one in steps if not getattr(one.view, "recent", False)] == []
