"""The eight steps of who is invited by letter: in order, resumable, never mixed between two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password

from core.accounts.invitations import send_activation
from core.accounts.invitations.steps import STEPS
from core.accounts.models import Activation, User
from core.audit.models import Entry
from core.kernel import clock
from core.terms.models import Answer
from tenants.scope import tenant_transaction
from tests.support.enrolling import STREET, finish, read_mail_code, wait_for_letter, walk
from tests.support.invitations import PASSWORD, read_newest
from tests.support.people import give_password
from tests.support.people import read_code as read_sms
from tests.support.terms import publish


@pytest.fixture
def chief(office):
    return office.clerk("gilles")


@pytest.fixture
def browser(office):
    return office.browser()


@pytest.fixture
def paula(office, chief):
    """Her user and the code in her letter."""
    return wait_for_letter(office.caisse, chief)


def reload(office, user):
    with tenant_transaction(office.caisse):
        return User.objects.get(id=user.id)


def step_of(browser):
    return browser.get("/activate/").context["step"]


@pytest.mark.parametrize("kind", ["person", "member"])
def test_eight_steps_lead_to_an_account(office, chief, browser, kind):
    user, code = wait_for_letter(office.caisse, chief, kind=kind)
    assert browser.get("/activate/").context["number"] == 1
    for number, step in enumerate(STEPS[1:-1], 2):
        walk(office.caisse, browser, code, until=step)
        page = browser.get("/activate/")
        assert (page.context["step"], page.context["number"], page.context["total"]) == (step, number, 8)
        assert "Rente" not in page.content.decode()
    walk(office.caisse, browser, code)
    assert finish(office.caisse, browser)["Location"] == "/sign-in/"
    made = reload(office, user)
    assert (made.sign_in_name, made.contact_email) == ("paula@example.ch", "paula@example.ch")
    assert (made.state, made.language, made.mobile) == ("active", "de", "+41791002030")
    assert check_password(PASSWORD, made.password)
    with tenant_transaction(office.caisse):
        row = Activation.objects.get()
        assert (row.email, row.given_name, row.password, row.agreed, row.address) == ("", "", "", {}, [])
        acts = Entry.objects.filter(object_type="user", object_id=str(user.id)).values_list("action", flat=True)
        assert {"activation_opened", "activation_completed"} <= set(acts)
    assert give_password(browser, "paula@example.ch", PASSWORD).status_code == 302


def test_later_step_waits_for_the_earlier_one(browser, paula):
    _user, code = paula
    browser.post("/activate/", {"code": code})
    for path, data in {
        "password": {"password": PASSWORD, "again": PASSWORD},
        "mobile": {"mobile": "079 100 20 30"},
        "confirm": {"code": "123456"},
        "names": {"given_name": "A", "family_name": "B"},
        "email/confirm": {"code": "123456"},
    }.items():
        answer = browser.post(f"/activate/{path}/", data, follow=True)
        assert answer.context["step"] == "email"
        assert [str(one) for one in answer.context["messages"]]


def test_address_typed_into_the_bar_shows_the_step_that_comes_next(browser, paula):
    browser.post("/activate/", {"code": paula[1]})
    assert browser.get("/activate/password/", follow=True).context["step"] == "email"
    assert browser.get("/activate/?step=mobile").context["step"] == "email"
    assert step_on(browser.get("/activate/?step=nonsense")) == "email"


def step_on(page):
    return page.context["step"]


def test_who_leaves_goes_on_elsewhere_by_the_code(office, browser, paula):
    user, code = paula
    walk(office.caisse, browser, code, until="password")
    browser.post("/activate/leave/")
    assert step_of(browser) == "begin"
    elsewhere = office.browser()
    elsewhere.post("/activate/", {"code": code})
    assert step_of(elsewhere) == "password"
    walk_rest(office, elsewhere)
    assert reload(office, user).state == "active"


def walk_rest(office, browser):
    browser.post("/activate/password/", {"password": PASSWORD, "again": PASSWORD})
    browser.post("/activate/mobile/", {"mobile": "079 100 20 30"})
    assert finish(office.caisse, browser).status_code == 302


def test_unconfirmed_address_is_asked_anew_elsewhere(office, browser, paula):
    walk(office.caisse, browser, paula[1], until="email_code")
    elsewhere = office.browser()
    elsewhere.post("/activate/", {"code": paula[1]})
    page = elsewhere.get("/activate/")
    assert (page.context["step"], page.context["typed"]) == ("email", "paula@example.ch")


def test_two_with_one_code_never_mix(office, browser, paula):
    """Whoever typed the code last goes on; the other is told, and nothing of hers is taken silently."""
    user, code = paula
    walk(office.caisse, browser, code)
    sms = read_sms(office.caisse)
    thief = office.browser()
    thief.post("/activate/", {"code": code})
    answer = browser.post("/activate/confirm/", {"code": sms})
    assert (answer.status_code, answer.context["step"]) == (422, "begin")
    assert "elsewhere" in answer.context["refusal"] or "ailleurs" in answer.context["refusal"]
    assert reload(office, user).state == "invited"
    assert thief.post("/activate/confirm/", {"code": sms}, follow=True).context["step"] == "mobile"
    with tenant_transaction(office.caisse):
        assert Entry.objects.filter(action="activation_opened_again", object_id=str(user.id)).count() == 1


def test_two_tabs_of_one_browser_go_on_together(office, browser, paula):
    walk(office.caisse, browser, paula[1], until="password")
    assert browser.post("/activate/password/", {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    other = "huit mots encore plus calmes"
    assert browser.post("/activate/password/", {"password": other, "again": other}).status_code == 302
    assert step_of(browser) == "mobile"
    browser.post("/activate/email/", {"email": "other@example.ch"})
    assert step_of(browser) == "email_code"


@pytest.mark.parametrize(
    ("way", "told"), [("expired", "abgelaufen"), ("replaced", "ersetzt"), ("used", "bereits aktiv")]
)
def test_what_ends_in_the_middle_is_told_to_who_held_the_code(office, browser, paula, way, told):
    user, code = paula
    walk(office.caisse, browser, code, until="password")
    with tenant_transaction(office.caisse):
        if way == "replaced":
            send_activation(actor=office.clerk("gilles"), user=user, kind="person", by="letter", address=STREET)
        elif way == "used":
            Activation.objects.update(used_at=clock.now())
        else:
            Activation.objects.update(
                created_at=clock.now() - timedelta(days=31), expires_at=clock.now() - timedelta(seconds=1)
            )
    data = {"password": PASSWORD, "again": PASSWORD}
    answer = browser.post("/activate/password/", data, headers={"accept-language": "de"})
    assert (answer.status_code, answer.context["step"]) == (422, "begin")
    assert told in answer.context["refusal"]
    assert step_of(browser) == "begin"


def test_address_of_another_is_told_only_to_who_reads_its_mails(office, browser, paula):
    user, code = paula
    browser.post("/activate/", {"code": code})
    free = browser.post("/activate/email/", {"email": "free@example.ch"})
    taken = browser.post("/activate/email/", {"email": "Anne@example.ch"})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    mailed = read_mail_code(office.caisse)
    wrong = f"{(int(mailed) + 1) % 10**6:06}"
    assert browser.post("/activate/email/confirm/", {"code": wrong}).status_code == 422
    answer = browser.post("/activate/email/confirm/", {"code": mailed})
    assert (answer.status_code, answer.context["step"]) == (409, "email")
    assert reload(office, user).sign_in_name.startswith("waiting:")


def test_address_taken_since_it_was_proven_leads_back_to_it(office, browser, paula):
    user, code = paula
    walk(office.caisse, browser, code)
    with tenant_transaction(office.caisse):
        User.objects.filter(id=office.users["anne"].id).update(sign_in_name="paula@example.ch")
    answer = finish(office.caisse, browser)
    assert (answer.status_code, answer.context["step"]) == (409, "email")
    assert reload(office, user).state == "invited"


def test_code_goes_to_the_address_entered_last(office, browser, paula):
    walk(office.caisse, browser, paula[1], until="email_code")
    first = read_mail_code(office.caisse)
    browser.post("/activate/email/", {"email": "second@example.ch"})
    assert read_newest(office.caisse)["to"] == "second@example.ch"
    assert browser.post("/activate/email/confirm/", {"code": first}).status_code == 422
    assert browser.post("/activate/email/confirm/", {"code": read_mail_code(office.caisse)}).status_code == 302


def test_mail_holds_no_link_that_could_be_opened_for_her(office, browser, paula):
    walk(office.caisse, browser, paula[1], until="email_code")
    links = [word for word in read_newest(office.caisse)["text"].split() if "://" in word]
    assert {link.rstrip(".,;") for link in links} == {"http://ak26.localhost:8000/activate/"}


def test_who_signs_in_by_another_name_may_go_without_an_address(office, chief, browser):
    user, code = wait_for_letter(office.caisse, chief, sign_in_name="p-4711")
    browser.post("/activate/", {"code": code})
    assert browser.get("/activate/").context["may_go_without"]
    assert browser.post("/activate/email/", {"without": "1"}).status_code == 302
    assert step_of(browser) == "names"
    browser.post("/activate/names/", {"given_name": "Paula", "family_name": "Rente", "language": "fr"})
    walk_rest(office, browser)
    made = reload(office, user)
    assert (made.sign_in_name, made.contact_email, made.state) == ("p-4711", None, "active")


def test_nobody_else_goes_without(browser, paula):
    browser.post("/activate/", {"code": paula[1]})
    assert browser.post("/activate/email/", {"without": "1"}).status_code == 422
    assert step_of(browser) == "email"


@pytest.mark.parametrize(("name", "value"), [("given_name", " "), ("family_name", "")])
def test_names_are_needed(office, browser, paula, name, value):
    walk(office.caisse, browser, paula[1], until="names")
    answer = browser.post("/activate/names/", {"given_name": "A", "family_name": "B", name: value})
    assert (answer.status_code, answer.context["step"]) == (422, "names")


def test_terms_are_shown_agreed_to_and_written_down(office, browser, paula):
    user, code = paula
    version = publish(office, clock.today("Europe/Zurich"), audience="insured")
    walk(office.caisse, browser, code, until="names")
    page = browser.get("/activate/")
    terms = page.context["terms"]
    names = {"given_name": "Paula", "family_name": "Rente", "language": "it", "read_in": terms.language}
    assert browser.post("/activate/names/", names).status_code == 422
    changed = browser.post("/activate/names/", names | {"terms": "0" * 64})
    assert (changed.status_code, changed.context["step"]) == (409, "names")
    assert browser.post("/activate/names/", names | {"terms": terms.sha256}).status_code == 302
    with tenant_transaction(office.caisse):
        assert not Answer.objects.exists()
    walk_rest(office, browser)
    with tenant_transaction(office.caisse):
        answers = Answer.objects.filter(user_id=user.id, version_id=version.id)
        assert set(answers.values_list("kind", "sha256", "assurance_level")) == {
            ("accepted", terms.sha256, 2),
            ("acknowledged", terms.sha256, 2),
        }


def test_first_steps_say_nothing_of_whose_access_it_is(browser, paula):
    browser.post("/activate/", {"code": paula[1]})
    page = browser.get("/activate/").content.decode()
    assert "P… R…" in page
    assert "Paula" not in page
