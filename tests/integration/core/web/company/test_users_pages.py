"""The pages about a company's users: found, invited, changed in one table, handed over; for its administrators only."""

from __future__ import annotations

import base64
import html
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from core.accounts.memberships import asking, substitutes
from core.accounts.models import AccessRequest, Activation, ApiToken, Membership, Party, User
from core.accounts.policy import caisse_today
from core.accounts.seats import build_actor
from core.accounts.tokens import create_token
from core.audit.models import Entry
from core.audit.services import record
from core.catalogue import registry
from core.documents.models import Document
from core.kernel.actors import Actor
from core.messaging import drafts
from core.messaging.models import Event, Message
from tenants import listening
from tenants.scope import tenant_transaction
from tests.support import letters, mailbox
from tests.support.configuring import set_section
from tests.support.hearing import hear_out
from tests.support.hostile_files import make_pdf
from tests.support.invitations import read_newest
from tests.support.members import member_of, set_access, told
from tests.support.people import give_password, make_member, make_staff, make_user
from tests.support.routes import pages

NEW = {
    "given_name": "Nora", "family_name": "Nouvelle", "email": "nora@fabrique.example", "language": "fr",
    "role": "member", "scope": "named", "theme": ["employees"], "acts": "read", "by": "mail",
}  # fmt: skip


@pytest.fixture
def browser(office):
    return office.browser("anne")


@pytest.fixture
def beat(office):
    with tenant_transaction(office.caisse):
        return member_of(office, "beat")


def names(answer):
    return [one["user"].given_name for one in answer.context["listed"]]


def test_users_are_searched_by_post_and_counted(office, browser):
    url = office.url("company/users/")
    assert names(browser.get(url)) == ["Anne", "Beat"]
    assert names(browser.get(f"{url}?q=beat")) == ["Anne", "Beat"]
    found = browser.post(url, {"q": "beat"})
    assert (names(found), {one[0]: one[2] for one in found.context["counts"]}["active"]) == (["Beat"], 1)
    assert names(browser.post(url, {"role": "administrator"})) == ["Anne"]
    assert browser.post(f"{url}export.xlsx", {})["Content-Type"].endswith("sheet")


@pytest.mark.parametrize("name", ["beat", "claire"])
def test_pages_do_not_exist_for_who_does_not_administer_the_company(office, beat, name):
    """A user without the role, and the administrator of the fiduciary who acts for the company."""
    browser = office.browser(name)
    values = {"party": office.parties["factory"].id, "membership_id": beat.id, "substitution_id": beat.id}
    routes = [one for one in pages("party") if "core.web.company.users" in one.view.__module__]
    assert len(routes) > 10
    for route in routes:
        path = route.path({**values, "wish_id": beat.id})
        assert {browser.get(path).status_code, browser.post(path).status_code} <= {404, 405}, str(route)
    assert "company/users/" not in browser.get(office.url("company/")).content.decode()


def test_what_changes_rights_asks_who_one_is():
    changing = [one for one in pages("party") if "core.web.company.users" in one.view.__module__]
    asked = {str(one).split("company/")[1] for one in changing if getattr(one.view, "recent", False)}
    unasked = {str(one).split("company/")[1] for one in changing} - asked
    assert unasked == {"users/", "users/export.xlsx", "users/<uuid:membership_id>/", "requests/", "changes/"}


def test_invited_user_has_her_rights_and_waits(office, browser):
    answer = browser.post(office.url("company/users/invite/"), NEW)
    assert answer.status_code == 302
    with tenant_transaction(office.caisse):
        made = Membership.objects.select_related("user").get(user__sign_in_name="nora@fabrique.example")
    assert (made.themes, made.may_act, made.role, made.user.state) == (["employees"], False, "member", "invited")
    assert browser.get(answer["Location"]).context["person"]["code_until"] is not None
    assert browser.post(f"{answer['Location']}code/", {"by": "mail"}).status_code == 302
    faulty = browser.post(office.url("company/users/invite/"), NEW | {"email": "x", "scope": "named", "theme": []})
    assert (faulty.status_code, 'value="Nora"' in faulty.content.decode()) == (422, True)


def test_table_changes_many_at_once_or_none(office, browser, beat):
    with tenant_transaction(office.caisse):
        nora = make_member(make_user("nora"), office.parties["factory"], role="member", themes=["employees"])
        anne = member_of(office, "anne")
    url = office.url("company/users/table/")
    page = browser.get(url)
    seen = {str(row["member"].id): row["seen"] for row in page.context["rows"]}
    sent = {"step": "save", "row": list(seen), **{f"seen-{one}": mark for one, mark in seen.items()}}
    sent |= {f"acts-{one}": "yes" for one in seen} | {f"theme-{anne.id}": "*"}
    none = browser.post(url, sent | {f"theme-{beat.id}": ["salary_declaration"]})
    assert none.status_code == 422
    with tenant_transaction(office.caisse):
        assert member_of(office, "beat").themes == ["employees"]
    both = sent | {f"theme-{beat.id}": ["employees", "salary_declaration"], f"theme-{nora.id}": "*"}
    assert browser.post(url, both).status_code == 302
    with tenant_transaction(office.caisse):
        assert member_of(office, "beat").themes == ["employees", "salary_declaration"]
        assert Membership.objects.get(id=nora.id).themes is None
    assert browser.post(url, both | {f"theme-{nora.id}": ["employees"]}).status_code == 409


def test_fiduciary_spreads_clients_in_the_same_table(office):
    browser = office.browser("claire")
    url = office.url("company/users/table/", "firm")
    page = browser.get(url)
    with tenant_transaction(office.caisse):
        dario, claire = member_of(office, "dario", "firm"), member_of(office, "claire", "firm")
    seen = {str(row["member"].id): row["seen"] for row in page.context["rows"]}
    sent = {"step": "save", "row": list(seen), **{f"seen-{one}": mark for one, mark in seen.items()}}
    sent |= (
        {f"acts-{one}": "yes" for one in seen} | {f"theme-{one}": "*" for one in seen} | {f"client-{claire.id}": "*"}
    )
    assert browser.post(url, sent).status_code == 422
    factory = str(office.parties["factory"].id)
    assert browser.post(url, sent | {f"client-{dario.id}": [factory]}).status_code == 302
    assert office.browser("dario").get(office.url()).status_code == 200
    assert office.browser("dario").get(office.url("", "bakery")).status_code == 404


def test_declined_theme_is_read_and_nothing_new_begins(office, browser):
    with tenant_transaction(office.caisse):
        firm = build_actor(office.users["claire"], office.parties["factory"].id)
    assert firm.may_act("employees")
    url = office.url("company/themes/")
    assert browser.post(url, {"theme": "employees", "step": "decline"}).status_code == 302
    with tenant_transaction(office.caisse):
        for name in ("anne", "claire"):
            actor = build_actor(office.users[name], office.parties["factory"].id)
            assert (actor.may_read("employees"), actor.may_act("employees")) == (True, False)
            assert actor.may_act("salary_declaration")
    assert browser.get(office.url("dossier/employees/")).status_code == 200
    assert browser.post(url, {"theme": "employees", "step": "take"}).status_code == 302
    with tenant_transaction(office.caisse):
        assert build_actor(office.users["anne"], office.parties["factory"].id).may_act("employees")
    assert browser.post(url, {"theme": "nothing", "step": "decline"}).status_code == 422


def test_theme_with_something_open_is_not_declined(office, browser):
    with tenant_transaction(office.caisse):
        _draft(office, "anne")
    answer = browser.post(office.url("company/themes/"), {"theme": "employees", "step": "decline"})
    assert (answer.status_code, "1" in answer.context["refusal"]) == (409, True)


def test_letters_of_a_declined_theme_go_by_post(office):
    from core.catalogue.document_kinds import DECISION
    from core.messaging.posting import _address

    with tenant_transaction(office.caisse):
        Party.objects.filter(id=office.parties["factory"].id).update(street="Rue 1", postcode="1700", town="Fribourg")
        message = _draft(office, "anne")
        message.party.refresh_from_db()
        assert _address(message, DECISION) == ()
        message.party.theme_choices = {"employees": {"taken": False, "on": "2026-01-01"}}
        assert _address(message, DECISION)


def _draft(office, name):
    actor = build_actor(office.users[name], office.parties["factory"].id, assurance_level=2)
    kind = registry.get_type("employees.exit")
    return drafts.start_draft(actor=actor, message_type=kind, party_id=actor.party_id)


def test_who_leaves_hands_over_and_is_out_on_the_next_request(office, browser):
    """Her session and the token that she made are refused at once; nothing that she began is lost."""
    with tenant_transaction(office.caisse):
        make_member(office.users["nobody"], office.parties["factory"])
        leaver = build_actor(office.users["nobody"], office.parties["factory"].id, assurance_level=2)
        secret = create_token(actor=leaver, name="Paie").secret
        draft = _draft(office, "nobody")
        member = member_of(office, "nobody")
        Membership.objects.filter(user=office.users["beat"]).update(themes=["salary_declaration"])
        beat = member_of(office, "beat")
    hers, program = office.browser("nobody"), office.browser()
    headers = {"Authorization": f"Bearer {secret}"}
    assert hers.get(office.url()).status_code == 200
    assert program.get("/api/v1/messages/", headers=headers).status_code == 200
    url = office.url(f"company/users/{member.id}/leave/")
    page = browser.get(url)
    assert (page.context["leaving"].total, len(page.context["leaving"].tokens)) == (1, 1)
    assert browser.post(url, {}).status_code == 422
    assert browser.post(url, {"to": str(beat.id)}).status_code == 409
    assert hers.get(office.url()).status_code == 200
    assert browser.post(url, {"to": str(beat.id), "widen": "yes"}).status_code == 302
    assert hers.get(office.url(), headers={"HX-Request": "true"}).status_code == 401
    assert program.get("/api/v1/messages/", headers=headers).status_code == 401
    with tenant_transaction(office.caisse):
        assert Message.objects.get(id=draft.id).created_by == office.users["beat"].id
        assert Event.objects.filter(message=draft, name="handed_over").count() == 1
        assert member_of(office, "beat").themes is None
        assert User.objects.get(id=office.users["nobody"].id).state == "left"
        assert ApiToken.objects.filter(revoked_at=None).count() == 0
    assert "1" in told(office)["beat@example.ch"]


def test_who_works_elsewhere_as_well_keeps_that(office, browser):
    with tenant_transaction(office.caisse):
        member = make_member(office.users["hugo"], office.parties["factory"], role="member")
        elsewhere = build_actor(office.users["hugo"], office.parties["elsewhere"].id, assurance_level=2)
        token = create_token(actor=elsewhere, name="Paie").token
    assert browser.post(office.url(f"company/users/{member.id}/leave/"), {}).status_code == 302
    with tenant_transaction(office.caisse):
        assert User.objects.get(id=office.users["hugo"].id).state == "active"
        assert ApiToken.objects.get(id=token.id).revoked_at is None


def test_substitute_acts_for_the_other_until_her_day(office, browser, beat):
    today = caisse_today(office.caisse)
    with tenant_transaction(office.caisse):
        anne = member_of(office, "anne")
    sent = {"by": str(beat.id), "first": today.isoformat(), "last": (today + timedelta(days=5)).isoformat()}
    assert browser.post(office.url(f"company/users/{anne.id}/substitute/"), sent).status_code == 302
    with tenant_transaction(office.caisse):
        actor = build_actor(office.users["beat"], office.parties["factory"].id, assurance_level=2)
        assert actor.may_act("salary_declaration")
        assert "administrator" not in actor.roles
        assert actor.signature("salary_declaration") == "Beat Exemple (pour Anne Exemple)"
        assert actor.signature("employees") == "Beat Exemple"
        draft = drafts.start_draft(
            actor=actor, message_type=registry.get_type("salary_declaration.annual"), party_id=actor.party_id
        )
        assert (draft.changed_by_name, draft.created_by) == ("Beat Exemple (pour Anne Exemple)", beat.user_id)
        made = Membership.objects.get(substitute_for=anne)
        Membership.objects.filter(id=made.id).update(valid_from="2020-01-01", valid_until="2020-02-01")
        assert not build_actor(office.users["beat"], actor.party_id).may_read("salary_declaration")
        Membership.objects.filter(id=made.id).update(valid_until=sent["last"])
        Membership.objects.filter(id=anne.id).update(themes=["employees"])
        assert not build_actor(office.users["beat"], actor.party_id).may_read("salary_declaration")


def test_request_by_number_reveals_nothing(office):
    """A company that exists and one that does not answer with the same page, also after a refusal."""
    browser, number = office.browser("hugo"), office.parties["factory"].number
    pages_seen = []
    for typed in (number, "999-9999.9"):
        assert browser.post("/me/access/join/", {"number": typed}).status_code == 302
        pages_seen.append(browser.get("/me/access/").content.decode())
    told(office)
    assert "anne@example.ch" in told(office)
    with tenant_transaction(office.caisse):
        anne = office.actor()
        [asked] = asking.list_waiting(anne)
        asking.refuse_request(actor=anne, request_id=asked.id, why="Inconnu")
    page = browser.get("/me/access/")
    assert [one["asked"].state for one in page.context["asked"]] == ["waiting", "waiting"]
    assert "Inconnu" not in page.content.decode()
    assert [browser.post("/me/access/join/", {"number": typed}).status_code for typed in (number, "999-9999.9")] == [
        409,
        409,
    ]
    assert "hugo@example.ch" not in told(office)
    with tenant_transaction(office.caisse):
        for one in AccessRequest.objects.filter(user=office.users["hugo"]):
            assert browser.post(f"/me/access/requests/{one.id}/withdraw/").status_code == 302


def test_requests_are_capped(office):
    browser = office.browser("hugo")
    statuses = [browser.post("/me/access/join/", {"number": f"1-{n}"}).status_code for n in range(6)]
    assert statuses == [302] * 5 + [429]


def test_administrator_admits_who_asked(office, browser):
    asker = office.browser("hugo")
    asker.post("/me/access/join/", {"number": office.parties["factory"].number, "why": "Remplacement"})
    page = browser.get(office.url("company/requests/"))
    [one] = page.context["listed"]
    url = office.url(f"company/requests/{one['asked'].id}/admit/")
    assert browser.get(url).status_code == 200
    granted = browser.post(url, {"role": "member", "scope": "named", "theme": ["employees"], "acts": "act"})
    assert granted.status_code == 302
    assert asker.get(office.url()).status_code == 200
    assert browser.post(url, {}).status_code == 404


def test_user_asks_for_a_theme_and_gets_it(office, browser, beat):
    his = office.browser("beat")
    assert his.get("/me/access/").status_code == 200
    sent = {"place": str(beat.id), "theme": ["salary_declaration", "nothing"], "why": "Clôture"}
    assert his.post("/me/access/ask/", sent).status_code == 302
    assert his.post("/me/access/ask/", sent).status_code == 409
    with tenant_transaction(office.caisse):
        [asked] = AccessRequest.objects.all()
        assert asked.themes == ["salary_declaration"]
    url = office.url(f"company/requests/{asked.id}/")
    assert browser.post(url, {"step": "grant"}).status_code == 302
    with tenant_transaction(office.caisse):
        assert member_of(office, "beat").themes == ["employees", "salary_declaration"]
    assert browser.post(url, {"step": "grant"}).status_code == 409


def test_nobody_names_a_substitute_for_another(office, beat):
    with tenant_transaction(office.caisse):
        anne = member_of(office, "anne")
    today = caisse_today(office.caisse).isoformat()
    sent = {"place": str(anne.id), "by": str(beat.id), "first": today, "last": today}
    assert office.browser("beat").post("/me/access/substitute/", sent).status_code == 404


def test_review_shows_who_is_due_and_confirms(office, browser, beat):
    url = office.url("company/review/")
    assert browser.get(url).context["listed"] == []
    set_access(office, review_months=12)
    assert sorted(names(browser.get(url))) == ["Anne", "Beat"]
    assert browser.post(url, {"member": [str(beat.id), "x"]}).status_code == 302
    with tenant_transaction(office.caisse):
        assert member_of(office, "beat").confirmed_on == caisse_today(office.caisse)
        assert member_of(office, "anne").confirmed_on is None


def test_history_says_who_changed_what(office, browser, beat):
    page = browser.get(office.url(f"company/users/{beat.id}/"))
    form = {"seen": page.context["seen"], "role": "member", "scope": "all", "acts": "read", "from": "2020-01-01"}
    assert browser.post(office.url(f"company/users/{beat.id}/change/"), form).status_code == 302
    page = browser.get(office.url("company/changes/"), headers={"accept-language": "en"})
    [entry] = page.context["history"]
    assert (entry["concerned"], entry["actor"]) == ("Beat Exemple", "Anne Exemple")
    assert entry["parts"] == [("Themes", "Employees", "All"), ("May", "reads and sends", "reads only")]


def test_last_administrator_reads_why_she_must_stay(office, browser):
    with tenant_transaction(office.caisse):
        anne = member_of(office, "anne")
    assert browser.post(office.url(f"company/users/{anne.id}/leave/"), {}).status_code == 409


@pytest.mark.usefixtures("still_clock")
def test_lists_cost_as_many_queries_for_a_thousand_as_for_one(office, browser):
    set_access(office, review_months=12)
    with listening.connect() as session:
        assert hear_out(session)  # what is read of the caisse from now on stays read
    counted = {}
    for more in (1, 2, 997):
        _grow(office, more)
        for rest in ("users/", "users/table/", "changes/", "requests/", "review/"):
            browser.get(office.url(f"company/{rest}"))
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(office.url(f"company/{rest}")).status_code == 200
            counted.setdefault(rest, []).append(len(queries))
    assert all(len(set(found)) == 1 and found[0] <= 30 for found in counted.values()), counted


def _grow(office, more):
    start = office.__dict__.setdefault("grown", 0)
    office.__dict__["grown"] = start + more
    with tenant_transaction(office.caisse):
        source = office.users["beat"]
        users = [
            User(sign_in_name=f"g{n}@example.ch", given_name=f"G{n:04}", family_name="X", password=source.password,
                 created_at=source.created_at)
            for n in range(start, start + more)
        ]  # fmt: skip
        User.objects.bulk_create(users)
        pattern = member_of(office, "beat")
        Membership.objects.bulk_create(
            Membership(user=one, party=pattern.party, role="member", valid_from=pattern.valid_from,
                       created_at=pattern.created_at)
            for one in users
        )  # fmt: skip
        AccessRequest.objects.bulk_create(
            AccessRequest(user=one, party=pattern.party, number="1", asked_at=pattern.created_at) for one in users
        )
        actor = Actor(kind="party", name="X")
        for one in users[:60]:
            asking.record(
                actor=actor, action="member_changed", object_type="membership", object_id=pattern.id,
                for_party_id=pattern.party_id, data={"user": str(one.id)},
            )  # fmt: skip


def test_caisse_limits_a_user_and_appoints_on_proof(office, beat):
    url = f"/clerk/parties/{office.parties['factory'].id}/users/{beat.id}/"
    clerk, chief = office.browser("elena"), office.browser("gilles")
    page = clerk.get(url)
    assert (page.status_code, page.context["may_set"]) == (200, False)
    limit = {"seen": page.context["seen"], "scope": "named", "theme": ["salary_declaration"], "reason": "Doute"}
    assert clerk.post(f"{url}cap/", limit).status_code == 403
    assert chief.post(f"{url}cap/", limit | {"reason": ""}).status_code == 422
    assert chief.post(f"{url}cap/", limit).status_code == 302
    assert office.browser("beat").get(office.url("dossier/employees/")).status_code == 404
    assert chief.post(f"{url}cap/", limit).status_code == 409
    assert {"anne@example.ch", "beat@example.ch"} <= set(told(office))
    assert chief.post(f"{url}appoint/", {"reason": "Décès"}).status_code == 422
    unsound = SimpleUploadedFile("extrait.pdf", b"<html><script>1</script></html>")
    assert chief.post(f"{url}appoint/", {"reason": "Décès", "proof": unsound}).status_code == 422
    proof = SimpleUploadedFile("extrait.pdf", make_pdf())
    assert chief.post(f"{url}appoint/", {"reason": "Décès", "proof": proof}).status_code == 302
    [kept] = proofs_of(office)
    assert f"/clerk/documents/{kept.id}/" in chief.get(url).content.decode()
    assert chief.get(f"/clerk/documents/{kept.id}/").status_code == 200
    # The company reads on what it rests; a user of hers without that duty, and others, do not.
    anne = office.browser("anne")
    assert office.url(f"documents/{kept.id}/") in anne.get(office.url("company/changes/")).content.decode()
    assert anne.get(office.url(f"documents/{kept.id}/")).status_code == 200
    assert office.browser("hugo").get(office.url(f"documents/{kept.id}/", "elsewhere")).status_code == 404
    with tenant_transaction(office.caisse):
        assert member_of(office, "beat").role == "administrator"
    set_access(office, clerks_set_themes=True)
    assert clerk.get(url).context["may_set"]
    assert not office.browser("felix").get(url).context["may_set"]


def proofs_of(office):
    with tenant_transaction(office.caisse):
        return list(Document.objects.filter(kind="mandate_proof"))


NEWCOMER = {"given_name": "Paula", "family_name": "Neuve", "email": "paula@example.ch", "language": "de", "by": "mail"}


def test_caisse_appoints_a_newcomer_on_proof(office):
    url = f"/clerk/parties/{office.parties['factory'].id}/users/appoint/"
    clerk, chief = office.browser("elena"), office.browser("gilles")
    assert url not in clerk.get(f"/clerk/parties/{office.parties['factory'].id}/").content.decode()
    assert url in chief.get(f"/clerk/parties/{office.parties['factory'].id}/").content.decode()
    assert (clerk.get(url).status_code, chief.get(url).status_code) == (403, 200)
    sent = {**NEWCOMER, "reason": "Décès de la gérante"}
    refused = (
        sent,
        {**sent, "reason": "", "proof": SimpleUploadedFile("a.pdf", make_pdf())},
        {**sent, "email": "no address", "proof": SimpleUploadedFile("a.pdf", make_pdf())},
        {**sent, "email": "anne@example.ch", "proof": SimpleUploadedFile("a.pdf", make_pdf())},
    )
    assert [chief.post(url, one).status_code for one in refused] == [422, 422, 422, 409]
    assert proofs_of(office) == []
    answer = chief.post(url, {**sent, "proof": SimpleUploadedFile("a.pdf", make_pdf())})
    assert answer.status_code == 302
    [kept] = proofs_of(office)
    assert f"/clerk/documents/{kept.id}/" in chief.get(answer["Location"]).content.decode()
    mails = told(office)
    assert {"anne@example.ch", "paula@example.ch"} <= set(mails)
    with tenant_transaction(office.caisse):
        member = Membership.objects.select_related("user").get(user__sign_in_name="paula@example.ch")
        assert (member.role, member.themes, member.user.state) == ("administrator", None, "invited")


def leave(office, browser, name, **posted):
    with tenant_transaction(office.caisse):
        member = member_of(office, name)
    url = office.url(f"company/users/{member.id}/leave/")
    return dict(browser.get(url).context["held"]), browser.post(url, posted)


def test_leaving_hands_over_drafts_requests_and_substitutions(office, browser, beat):
    with tenant_transaction(office.caisse):
        anne = member_of(office, "anne")
        place = Membership.objects.get(id=beat.id)
        ines = make_member(make_user("ines"), office.parties["factory"], role="member", themes=["salary_declaration"])
        today = caisse_today(office.caisse)
        substitutes.name_substitute(
            actor=office.actor(), membership_id=anne.id, by=place.id, first=today, last=today + timedelta(9)
        )
        # Beat alone may act in the theme of the request: Anne only looks.
        Membership.objects.filter(id=anne.id).update(may_act=False)
    with tenant_transaction(office.caisse):
        mailbox.draft(office.actor("beat"), mailbox.ENTRY)
    asked = mailbox.ask(office, "beat")
    held, answer = leave(office, office.browser("anne", HTTP_ACCEPT_LANGUAGE="en"), "beat", to=str(ines.id))
    assert held == {
        "Drafts": 1, "Delegated": 0, "Requests that only she can answer": 1, "Answers begun to requests": 0,
        "Stands in for colleagues": 1,
    }  # fmt: skip
    assert answer.status_code == 409  # Ines has not the theme
    _held, answer = leave(office, browser, "beat", to=str(ines.id), widen="yes")
    assert answer.status_code == 302
    with tenant_transaction(office.caisse):
        assert not Message.objects.filter(created_by=office.users["beat"].id, state="draft").exists()
        assert asked.events.filter(name="handed_over").count() == 1
        stands_in = Membership.objects.filter(substitute_for=anne, ended_at=None).get()
        assert (stands_in.user_id, stands_in.valid_until) == (ines.user_id, today + timedelta(9))


def test_themes_open_for_a_company_with_an_address(office, browser):
    with tenant_transaction(office.caisse):
        Party.objects.filter(id=office.parties["factory"].id).update(
            street="Rue du Lac 1", postcode="1700", town="Fribourg", country="CH"
        )
    page = browser.get(office.url("company/themes/"))
    assert (page.status_code, "1700 Fribourg" in page.content.decode()) == (200, True)


UNNAMED = {**NEW, "email": ""}


def slip_text(answer):
    found = re.search(r"data:application/pdf;base64,([^\"]+)", answer.content.decode())
    return PdfReader(io.BytesIO(base64.b64decode(html.unescape(found[1])))).pages[0].extract_text()


def issue_names(office):
    with tenant_transaction(office.caisse):
        set_section("sign_in", names=("user_id", "email"))


def newcomer(office):
    with tenant_transaction(office.caisse):
        return Membership.objects.select_related("user").get(user__family_name="Nouvelle")


def test_who_has_no_email_gets_a_slip_with_a_code_that_a_newer_one_replaces(office, browser):
    answer = browser.post(office.url("company/users/invite/"), UNNAMED | {"by": "code"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    first = slip_text(answer)
    made = newcomer(office)
    assert (made.user.contact_email, made.user.state, "@" in made.user.sign_in_name) == (None, "invited", False)
    page = browser.get(office.url(f"company/users/{made.id}/"))
    assert [way for way, _label in page.context["deliveries"]] == ["letter", "code"]
    second = slip_text(browser.post(office.url(f"company/users/{made.id}/code/"), {"by": "code"}))
    old, new = (letters.CODE.findall(text)[0] for text in (first, second))
    assert office.browser().post("/activate/", {"code": old}).status_code == 422
    assert office.browser().post("/activate/", {"code": new}).status_code == 302
    with tenant_transaction(office.caisse):
        acts = [one.action for one in Entry.objects.filter(object_id=str(made.id)).order_by("at", "id")]
    assert acts == ["member_invited", "slip_printed", "slip_printed"]
    assert browser.post(office.url(f"company/users/{made.id}/leave/"), {}).status_code == 302
    third = office.browser()
    assert third.post("/activate/", {"code": new}).status_code == 422


def test_letter_goes_to_the_companys_address_that_stands_in_the_form(office, browser):
    with tenant_transaction(office.caisse):
        Party.objects.filter(id=office.parties["factory"].id).update(street="Quai 3", postcode="1700", town="Fribourg")
    offered = browser.get(office.url("company/users/invite/")).context["typed"]
    assert browser.post(office.url("company/users/invite/"), UNNAMED | {"by": "mail"}).status_code == 422
    assert browser.post(office.url("company/users/invite/"), UNNAMED | {"by": "letter"} | offered).status_code == 302
    lines = read_newest(office.caisse, "letter")["to"].splitlines()
    assert lines == ["Nora Nouvelle", "Factory", "Quai 3", "1700 Fribourg"]
    assert browser.post(office.url("company/users/invite/"), UNNAMED | {"by": "code"}).status_code == 409


def test_provisional_password_is_printed_where_the_caisse_issues_names_and_only_until_she_chose_hers(office, browser):
    refused = browser.post(office.url("company/users/invite/"), UNNAMED | {"by": "password"})
    assert refused.status_code == 422
    issue_names(office)
    assert browser.post(office.url("company/users/invite/"), NEW | {"by": "password"}).status_code == 422
    answer = browser.post(office.url("company/users/invite/"), UNNAMED | {"by": "password"})
    text = slip_text(answer)
    made = newcomer(office)
    login = answer.context["login"]
    password = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)[0]
    assert login in text
    assert (made.user.state, made.user.password_must_change) == ("active", True)
    page = browser.get(office.url(f"company/users/{made.id}/"))
    assert [way for way, _label in page.context["deliveries"]] == ["password"]
    assert give_password(office.browser(), login, password).status_code == 302
    again = browser.post(office.url(f"company/users/{made.id}/code/"), {"by": "password"})
    assert again.status_code == 200
    assert give_password(office.browser(), login, password).status_code != 302
    with tenant_transaction(office.caisse):
        record(actor=Actor.system("test"), action="password_chosen", object_type="user", object_id=made.user_id)
    assert browser.post(office.url(f"company/users/{made.id}/code/"), {"by": "password"}).status_code == 409


def test_password_of_an_account_that_opens_something_else_is_not_printed(office, browser):
    issue_names(office)
    browser.post(office.url("company/users/invite/"), UNNAMED | {"by": "password"})
    made = newcomer(office)
    with tenant_transaction(office.caisse):
        make_member(made.user, office.parties["firm"])
    assert browser.post(office.url(f"company/users/{made.id}/code/"), {"by": "password"}).status_code == 409


def _wait_elsewhere(office, *, as_clerk):
    """Make Nora, who waits for her first sign-in at another company, or at the caisse itself."""
    with tenant_transaction(office.caisse):
        waiting = make_user("nora", sign_in_name=NEW["email"], contact_email=NEW["email"], state="invited")
        if as_clerk:
            make_staff(waiting, "administrator")
        else:
            make_member(waiting, office.parties["firm"])


@pytest.mark.parametrize("as_clerk", [True, False], ids=["clerk", "other company"])
@pytest.mark.parametrize("by", ["code", "letter", "mail"])
def test_code_of_who_waits_elsewhere_too_goes_to_her_own_address_only(office, browser, by, as_clerk):
    _wait_elsewhere(office, as_clerk=as_clerk)
    address = {"street": "Quai 3", "place": "1700 Fribourg"}
    assert browser.post(office.url("company/users/invite/"), NEW | {"by": by} | address).status_code == 302
    with tenant_transaction(office.caisse):
        made = Membership.objects.get(user__sign_in_name=NEW["email"], party=office.parties["factory"])
        sent = Activation.objects.get(user=made.user_id, revoked_at__isnull=True)
    assert (sent.way, sent.address) == ("mail", []), "whoever holds a code may name another address"
    page = browser.get(office.url(f"company/users/{made.id}/"))
    assert [way for way, _label in page.context["deliveries"]] == ["mail"]
    again = browser.post(office.url(f"company/users/{made.id}/code/"), {"by": by} | address)
    assert again.status_code == (302 if by == "mail" else 409)


def test_slip_is_void_as_soon_as_its_owner_is_given_access_elsewhere(office, browser):
    code = letters.CODE.findall(slip_text(browser.post(office.url("company/users/invite/"), NEW | {"by": "code"})))[0]
    other = office.browser("claire")
    assert other.post(office.url("company/users/invite/", party="firm"), NEW).status_code == 302
    assert office.browser().post("/activate/", {"code": code}).status_code == 422
