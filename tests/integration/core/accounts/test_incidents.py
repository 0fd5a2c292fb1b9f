"""Reports about one's own access: what is blocked and ended, who is told, and how somebody gets back in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.accounts.incidents import helping, recovery, selectors
from core.accounts.incidents.errors import (
    HelpLocked,
    HelpPasswordWrong,
    IncidentChanged,
    IncidentKindMissing,
    NotYourOwnCase,
    ProofMissing,
)
from core.accounts.incidents.selectors import Filters, Marks
from core.accounts.incidents.services import Report, report_incident
from core.accounts.models import EnrolledFactor, Incident, OneTimeCode, OutsideKey, Session, User
from core.accounts.tokens import create_token, find_actor
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import invitations
from tests.support.mailbox import take_mails
from tests.support.people import PASSWORD, give_password, make_member, make_user, read_code
from tests.support.racing import race

LOST = Report("lost_phone", "session")


def report(office, name="anne", wanted=LOST):
    with tenant_transaction(office.caisse):
        user = User.objects.get(id=office.users[name].id)
        return report_incident(actor=helping.actor_of(user), user=user, report=wanted)


def state_of(office, name="anne"):
    with tenant_transaction(office.caisse):
        return User.objects.get(id=office.users[name].id).state


def mails(office):
    drain(caisse=office.caisse)
    drain(caisse=office.caisse)  # what a handler put there in turn
    return take_mails()


def test_everything_ends_with_the_report(office):
    office.browser("anne")
    with tenant_transaction(office.caisse):
        secret = create_token(actor=office.actor(), name="Paie").secret
    made = report(office)
    assert (state_of(office), made.ended_sessions, made.ended_tokens) == ("blocked", 1, 1)
    with tenant_transaction(office.caisse):
        assert find_actor(secret) is None
        assert not Session.objects.filter(user=office.users["anne"], ended_at__isnull=True).exists()


def test_page_of_who_was_blocked_is_closed_at_once(office):
    browser = office.browser("anne")
    assert browser.get(office.url()).status_code == 200
    report(office)
    assert browser.get(office.url())["Location"].startswith("/sign-in/")


def test_suspicious_request_may_leave_the_access_open(office):
    browser = office.browser("anne")
    made = report(office, wanted=Report("suspicious", "session", block=False))
    assert (state_of(office), made.blocked, made.ended_sessions) == ("active", False, 1)
    assert browser.get(office.url()).status_code == 302


def test_lost_phone_always_blocks(office):
    assert report(office, wanted=Report("lost_phone", "session", block=False)).blocked


def test_only_named_kinds_are_taken(office):
    with pytest.raises(IncidentKindMissing):
        report(office, wanted=Report("storm", "session"))
    assert state_of(office) == "active"


def test_second_report_gives_the_first_receipt(office):
    assert report(office).reference == report(office).reference


def test_of_two_reports_at_once_one_is_kept(office):
    user = office.users["anne"]

    def act():
        return report_incident(actor=helping.actor_of(user), user=user, report=LOST).reference

    first, second = race(office.caisse, act, act)
    assert first == second


def test_person_company_and_caisse_are_told_without_saying_whom(office):
    report(office, "beat")
    sent = {one["to"]: one for one in mails(office)}
    assert set(sent) == {"beat@example.ch", "anne@example.ch", "gilles@example.ch"}
    assert "Beat" not in sent["anne@example.ch"]["subject"] + sent["gilles@example.ch"]["subject"]
    assert f"/p/{office.parties['factory'].id}/company/incidents/" in sent["anne@example.ch"]["text"]
    assert "/clerk/incidents/" in sent["gilles@example.ch"]["text"]


def test_report_stands_in_the_history_of_person_and_company(office):
    report(office)
    with tenant_transaction(office.caisse):
        found = Entry.objects.filter(action="incident_reported")
        assert {(one.object_type, one.for_party_id) for one in found} == {
            ("user", None),
            ("incident", office.parties["factory"].id),
        }


def test_acts_before_and_after_are_told_apart(office):
    made = report(office)
    user_id, step = office.users["anne"].id, timedelta(seconds=1)
    with tenant_transaction(office.caisse):
        marks = Marks([user_id])
        assert marks.find(user_id, made.reported_at - step).is_after is False
        assert marks.find(user_id, made.reported_at).is_after is True
        recovery.give_back_access(actor=office.clerk(), incident_id=made.id, proof="Carte vue")
        again = Marks([user_id])
        assert again.find(user_id, clock.now() + step) is None
        assert again.find(office.users["beat"].id, made.reported_at) is None


# The way without a sign-in.


def with_password(office, name="anne@example.ch", password=PASSWORD, kind="not_me"):
    return helping.report_with_password(
        caisse=office.caisse, name=name, password=password, address="192.0.2.1", report=Report(kind, "password")
    )


def test_password_blocks_at_once(office):
    assert with_password(office).proof == "password"
    assert state_of(office) == "blocked"


@pytest.mark.parametrize("name", ["anne@example.ch", "unknown@example.ch"])
def test_wrong_password_does_nothing_and_tells_nothing(office, name):
    with pytest.raises(HelpPasswordWrong):
        with_password(office, name, "not-her-password")
    assert state_of(office) == "active"


def send_code(office, name="anne@example.ch", address="192.0.2.1"):
    return helping.send_help_code(caisse=office.caisse, name=name, address=address)


def test_code_by_mail_blocks(office):
    sent = send_code(office)
    [mail] = mails(office)
    code = re.findall(r"\b\d{6}\b", mail["text"])[0]
    made = helping.report_with_code(
        caisse=office.caisse, sent=sent, typed=f"{code[:3]} {code[3:]}", report=Report("lost_phone", "mail_code")
    )
    assert (made.user_id, state_of(office)) == (office.users["anne"].id, "blocked")


def test_unknown_name_leaves_the_same_traces_but_no_mail(office):
    def traces():
        with tenant_transaction(office.caisse):
            return OneTimeCode.objects.count()

    send_code(office)
    known = traces()
    send_code(office, "unknown@example.ch")
    assert traces() == 2 * known
    assert [one["to"] for one in mails(office)] == ["anne@example.ch"]


def test_name_alone_blocks_nobody_however_often(office):
    for number in range(3):
        send_code(office, address=f"192.0.2.{number}")
    with pytest.raises(HelpLocked):
        send_code(office, address="192.0.2.9")
    assert state_of(office) == "active"


def test_address_that_asks_for_many_names_is_stopped(office):
    for number in range(10):
        send_code(office, f"name{number}@example.ch")
    with pytest.raises(HelpLocked):
        send_code(office, "anne@example.ch")
    send_code(office, "anne@example.ch", "198.51.100.1")


# The way back.


def test_given_back_on_proof_with_the_old_password(office):
    made = report(office)
    clerk = office.clerk()
    with tenant_transaction(office.caisse):
        with pytest.raises(ProofMissing):
            recovery.give_back_access(actor=clerk, incident_id=made.id, proof=" ")
        recovery.give_back_access(actor=clerk, incident_id=made.id, proof="Carte vue au guichet")
    assert state_of(office) == "active"
    assert give_password(office.browser()).status_code == 302


@pytest.mark.parametrize("by", ["mail", "letter", "counter"])
def test_enrolment_anew_forgets_password_and_number(office, by):
    made = report(office)
    with tenant_transaction(office.caisse):
        app = {"kind": "totp", "secret": b"x", "created_at": clock.now()}
        EnrolledFactor.objects.create(user=office.users["anne"], **app)
        done = recovery.enrol_anew(
            actor=office.clerk(), incident_id=made.id, by=by, proof="Carte vue", address=["Rue 1", "1700 Fribourg"]
        )
        user = User.objects.get(id=made.user_id)
        assert not EnrolledFactor.objects.exists()
    assert (user.state, user.mobile, user.has_usable_password()) == ("invited", "", False)
    assert bool(done.code) is (by == "counter")
    assert give_password(office.browser()).status_code == 422


def test_enrolment_anew_forgets_what_an_intruder_may_have_added(office):
    """A certificate or an account elsewhere opens without the password: it must not outlive the report."""
    made = report(office)
    with tenant_transaction(office.caisse):
        for user in (office.users["anne"], office.users["beat"]):
            own = {"user": user, "created_at": clock.now()}
            OutsideKey.objects.create(kind="certificate", fingerprint=user.id.hex * 2, **own)
            OutsideKey.objects.create(kind="openid", issuer="https://id.example", subject=str(user.id), **own)
        recovery.enrol_anew(actor=office.clerk(), incident_id=made.id, by="counter", proof="Carte vue")
        live = OutsideKey.objects.filter(revoked_at__isnull=True)
        assert {one.user_id for one in live} == {office.users["beat"].id}
        assert OutsideKey.objects.count() == 4


@pytest.mark.parametrize("address", [None, "office@example.ch"])
def test_who_has_no_address_of_her_own_comes_back_by_letter(office, address):
    with tenant_transaction(office.caisse):
        both = User.objects.filter(id__in=[office.users["anne"].id, office.users["beat"].id])
        both.update(contact_email=address)
    name = office.users["anne"].sign_in_name
    mails(office)
    assert office.browser().post("/sign-in/forgotten/", {"name": name}).status_code == 302
    assert mails(office) == []
    elena = office.browser("elena")
    assert elena.post("/clerk/incidents/new/", {"name": name, "kind": "suspicious"}).status_code == 302
    with tenant_transaction(office.caisse):
        made = Incident.objects.get(user=office.users["anne"])
    page = f"/clerk/incidents/{made.id}/enrol/"
    lines = {"letter": "yes", "proof": "Rappelée au numéro connu", "address": "Rue du Lac 3\n1700 Fribourg"}
    assert elena.post(page, lines).status_code == 302
    code = invitations.read_code(office.caisse, "letter")
    opened = office.browser().post("/activate/", {"code": code})
    assert opened.status_code == 302


def test_counter_needs_a_proof(office):
    made = report(office)
    with tenant_transaction(office.caisse), pytest.raises(ProofMissing):
        recovery.enrol_anew(actor=office.clerk(), incident_id=made.id, by="counter")
    assert state_of(office) == "blocked"


def test_of_two_who_give_back_one_does(office):
    made, clerk = report(office), office.clerk()

    def act():
        recovery.give_back_access(actor=clerk, incident_id=made.id, proof="Carte vue")

    first, second = race(office.caisse, act, act)
    assert (first, type(second)) == (None, IncidentChanged)


def test_administrator_of_the_company_re_enrols_her_own_people_only(office):
    beat, claire = report(office, "beat"), report(office, "claire")
    anne = office.actor("anne")
    with tenant_transaction(office.caisse):
        recovery.enrol_anew(actor=anne, incident_id=beat.id, by="mail")
        with pytest.raises(NotFound):
            recovery.enrol_anew(actor=anne, incident_id=claire.id, by="mail")
    assert (state_of(office, "beat"), state_of(office, "claire")) == ("invited", "blocked")


def test_who_works_for_two_companies_is_not_re_enrolled_by_one(office):
    with tenant_transaction(office.caisse):
        make_member(office.users["beat"], office.parties["elsewhere"], role="member")
    made = report(office, "beat")
    with tenant_transaction(office.caisse), pytest.raises(NotPermitted):
        recovery.enrol_anew(actor=office.actor("anne"), incident_id=made.id, by="mail")


def test_nobody_gives_back_her_own(office):
    elena, made = office.clerk("elena"), report(office, "elena")
    with tenant_transaction(office.caisse), pytest.raises(NotYourOwnCase):
        recovery.give_back_access(actor=elena, incident_id=made.id, proof="Moi")


def test_clerks_access_is_given_back_by_an_administrator(office):
    made = report(office, "felix")
    with tenant_transaction(office.caisse):
        with pytest.raises(NotPermitted):
            recovery.give_back_access(actor=office.clerk("elena"), incident_id=made.id, proof="Carte vue")
        recovery.give_back_access(actor=office.clerk("gilles"), incident_id=made.id, proof="Carte vue")
    assert state_of(office, "felix") == "active"


def test_auditor_sees_and_changes_nothing(office):
    made, greta = report(office), office.clerk("greta")
    with tenant_transaction(office.caisse):
        assert selectors.access_incident(greta, made.id) == made
        with pytest.raises(NotPermitted):
            recovery.take_incident(actor=greta, incident_id=made.id)


def test_unblocked_otherwise_a_new_report_blocks_again(office):
    first = report(office)
    with tenant_transaction(office.caisse):
        User.objects.filter(id=first.user_id).update(state="active")
    assert report(office).reference != first.reference
    assert state_of(office) == "blocked"


def test_list_is_filtered_counted_and_paged(office):
    for name in ("anne", "beat", "claire"):
        report(office, name)
    elena, beat = office.clerk(), office.actor("beat")
    with tenant_transaction(office.caisse):
        recovery.take_incident(actor=elena, incident_id=Incident.objects.get(user=office.users["beat"]).id)
        assert selectors.count_incidents(elena) == {"open": 2, "in_hand": 1, "closed": 0}
        assert [one.user.given_name for one in selectors.list_incidents(elena, Filters(search="clai")).rows] == [
            "Claire"
        ]
        first = selectors.list_incidents(elena, Filters(), limit=2)
        rest = selectors.list_incidents(elena, Filters(), limit=2, cursor=first.next_cursor)
        assert [one.user.given_name for one in [*first.rows, *rest.rows]] == ["Claire", "Beat", "Anne"]
        assert selectors.list_incidents(beat, Filters()).rows == []


def test_foreign_caisse_knows_nothing_of_it(office, other_office):
    made = report(office)
    with tenant_transaction(other_office.caisse), pytest.raises(NotFound):
        selectors.access_incident(other_office.clerk(), made.id)


# A browser that the account has not used before.


def walk_in(office, browser):
    give_password(browser)
    assert browser.post("/sign-in/code/", {"code": read_code(office.caisse)}).status_code == 302
    return [one["to"] for one in mails(office)]


def test_new_device_is_told_once(office):
    own, other = office.browser(), office.browser()
    assert walk_in(office, own) == []  # the first one of all is no news
    own.post("/sign-out/")
    assert walk_in(office, own) == []
    assert walk_in(office, other) == ["anne@example.ch"]
    other.post("/sign-out/")
    assert walk_in(office, other) == []


def test_device_of_another_account_is_new_to_this_one(office):
    own, shared = office.browser(), office.browser()
    walk_in(office, own)
    with tenant_transaction(office.caisse):
        User.objects.filter(id=office.users["beat"].id).update(mobile="+41790000002")
    give_password(shared, "beat@example.ch")
    shared.post("/sign-in/code/", {"code": read_code(office.caisse)})
    mails(office)
    shared.post("/sign-out/")
    assert walk_in(office, shared) == ["anne@example.ch"]


def test_invited_person_is_blocked_too(office):
    with tenant_transaction(office.caisse):
        user = make_user("zoe", state="invited")
        report_incident(actor=helping.actor_of(user), user=user, report=LOST)
        assert User.objects.get(id=user.id).state == "blocked"
