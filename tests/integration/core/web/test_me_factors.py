"""A person's pages of her second factors, and the stronger sign-in that a function asks for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.accounts.factors import totp_codes
from core.accounts.incidents.forgetting import remove_factors
from core.accounts.models import EnrolledFactor, Session, User
from core.accounts.seats import build_actor
from core.accounts.tokens import create_token
from core.catalogue import registry
from core.configuration.sections import SignInSection, ThemesSection
from core.configuration.sections.themes import ThemeOffer, TypeRule
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.outbox.models import Entry as OutboxEntry
from tenants.scope import tenant_transaction
from tests.support.factors import code_of, give_app, give_passkey, give_recovery_codes, make_device, wrong_code_of
from tests.support.mailbox import ENTRY, draft, open_office, sent, sign_in
from tests.support.people import PASSWORD, give_password, read_code
from tests.support.rest import Program

ACTOR = Actor.system("tests")


@pytest.fixture
def office(caisse):
    return open_office(caisse)


@pytest.fixture
def anne(office):
    return office.users["anne"]


@pytest.fixture
def browser(office):
    return office.browser("anne")


def level_of_session(office, name="anne"):
    with tenant_transaction(office.caisse):
        live = Session.objects.filter(user=office.users[name], ended_at__isnull=True)
        return live.order_by("-last_seen_at").first().assurance_level


def demand(office, level, theme="employees", key=ENTRY):
    """Have the caisse ask a level for one message type."""
    offers = [ThemeOffer(slug=one.slug) for one in registry.list_all_themes() if one.slug != theme]
    rule = ThemeOffer(slug=theme, types=(TypeRule(key=key, assurance=level),))
    with tenant_transaction(office.caisse):
        change_sections(actor=ACTOR, sections=[ThemesSection(offers=(rule, *offers))])


def set_policy(office, **fields):
    with tenant_transaction(office.caisse):
        change_sections(actor=ACTOR, sections=[SignInSection(**fields)])


def text_of(answer):
    return answer.content.decode()


def test_app_is_set_up_named_and_removed(office, anne, browser):
    page = browser.get("/me/factors/app/")
    offer = page.context["offer"]
    assert offer.grouped in text_of(page)
    assert "data:image/svg" in text_of(page)
    old_key = browser.cookies["relais_session"].value
    code = totp_codes.code_of(offer.secret, totp_codes.step_at(clock.now()))
    form = {"sealed": offer.sealed, "label": "Phone", "code": code}
    assert browser.post("/me/factors/app/", form | {"code": wrong_code_of(offer.secret)}).status_code == 422
    assert browser.post("/me/factors/app/", form)["Location"] == "/me/factors/codes/"
    assert browser.cookies["relais_session"].value != old_key
    with tenant_transaction(office.caisse):
        row = EnrolledFactor.objects.get(user=anne)
        assert OutboxEntry.objects.filter(payload__notice="factor_added").count() == 1
    assert level_of_session(office) == 3
    # Whoever has an app now proves herself with it, and no longer by SMS, before she changes anything.
    assert office.browser("anne").get(f"/me/factors/{row.id}/")["Location"] == "/sign-in/again/"
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert browser.get(f"/me/factors/{row.id}/")["Location"] == "/sign-in/again/"
        assert browser.post("/sign-in/again/", {"password": PASSWORD})["Location"] == "/sign-in/again/by/totp/"
        browser.post("/sign-in/again/by/totp/", {"code": code_of(offer.secret)})
        assert browser.post(f"/me/factors/{row.id}/", {"label": "New phone"})["Location"] == "/me/factors/"
        assert "New phone" in text_of(browser.get("/me/factors/"))
        assert browser.post(f"/me/factors/{row.id}/remove/")["Location"] == "/me/factors/"
    with tenant_transaction(office.caisse):
        assert not EnrolledFactor.objects.filter(user=anne).exists()
        assert OutboxEntry.objects.filter(payload__notice="factor_removed").count() == 1


def prove_by_app(browser, secret):
    """Walk from the page that asks back to where one was."""
    assert browser.get("/sign-in/again/")["Location"] == "/sign-in/again/ways/"
    assert [one.name for one in browser.get("/sign-in/again/ways/").context["ways"]] == ["totp"]
    assert browser.post("/sign-in/again/by/totp/start/")["Location"] == "/sign-in/again/by/totp/"
    return browser.post("/sign-in/again/by/totp/", {"code": code_of(secret)})


def test_sealed_secret_of_another_person_is_refused(office, browser):
    other = office.browser("beat").get("/me/factors/app/").context["offer"]
    code = totp_codes.code_of(other.secret, totp_codes.step_at(clock.now()))
    form = {"sealed": other.sealed, "label": "x", "code": code}
    assert browser.post("/me/factors/app/", form).status_code == 422


def test_passkeys_are_several_each_once(office, anne, browser):
    device = give_passkey(browser, make_device())
    browser = office.browser("anne")
    asked = browser.get("/me/factors/passkey/challenge/")
    assert asked["Location"] == "/sign-in/again/"
    challenge = browser.get("/sign-in/again/by/passkey/challenge/").json()
    assert browser.post("/sign-in/again/by/passkey/", device.use(challenge)).status_code == 302
    assert level_of_session(office) == 4
    again = browser.get("/me/factors/passkey/challenge/").json()
    assert len(again["options"]["excludeCredentials"]) == 1
    assert browser.post("/me/factors/passkey/", device.set_up(again) | {"label": "x"}).status_code == 409
    give_passkey(browser, make_device(), "Key")
    assert text_of(browser.get("/me/factors/")).count("/me/factors/0") >= 2


def test_foreign_factors_are_not_there(office, browser):
    give_app(office.caisse, office.users["beat"])
    with tenant_transaction(office.caisse):
        row = EnrolledFactor.objects.get()
    assert browser.get(f"/me/factors/{row.id}/").status_code == 404
    assert browser.post(f"/me/factors/{row.id}/remove/").status_code == 404


def test_recovery_codes_are_shown_once_and_replaced(office, anne, browser):
    assert browser.get("/me/factors/codes/")["Location"] == "/me/factors/"
    secret = give_app(office.caisse, anne)
    assert browser.post("/me/factors/codes/")["Location"] == "/sign-in/again/"
    prove_by_app(browser, secret)
    codes = browser.post("/me/factors/codes/").context["codes"]
    assert len(codes) == 10
    assert codes[0] not in text_of(browser.get("/me/factors/codes/"))
    with tenant_transaction(office.caisse):
        EnrolledFactor.objects.filter(kind="recovery_code").exclude(code_start=codes[0][0]).update(
            last_used_at=clock.now()
        )
    page = browser.get("/me/factors/")
    assert page.context["left"] == 1
    assert "alert-warning" in text_of(page)
    assert len(browser.post("/me/factors/codes/").context["codes"]) == 10


def test_recovery_code_is_enough_to_replace_a_lost_app(office, anne, browser):
    give_app(office.caisse, anne)
    codes = give_recovery_codes(office.caisse, anne)
    with tenant_transaction(office.caisse):
        row = EnrolledFactor.objects.get(kind="totp")
    assert browser.post(f"/me/factors/{row.id}/remove/")["Location"] == "/sign-in/again/"
    assert [one.name for one in browser.get("/sign-in/again/ways/").context["ways"]] == ["totp", "recovery_code"]
    done = browser.post("/sign-in/again/by/recovery_code/", {"code": codes[0]})
    assert done.context["path"] == f"/me/factors/{row.id}/remove/"
    other = sign_in(office.caisse, anne)
    assert browser.post(f"/me/factors/{row.id}/remove/")["Location"] == "/me/factors/"
    with tenant_transaction(office.caisse):
        # The recovery codes went with the last that they stood in for, and the other devices are signed out.
        assert not EnrolledFactor.objects.filter(user=anne).exists()
    elsewhere = office.browser()
    elsewhere.cookies["relais_session"] = other
    assert elsewhere.get("/me/")["Location"].startswith("/sign-in/")


def test_last_factor_stays_where_one_is_demanded(office, anne, browser):
    secret = give_app(office.caisse, anne)
    with tenant_transaction(office.caisse):
        User.objects.filter(pk=anne.pk).update(mobile="")
        row = EnrolledFactor.objects.get()
    assert browser.post(f"/me/factors/{row.id}/remove/")["Location"] == "/sign-in/again/"
    prove_by_app(browser, secret)
    assert browser.post(f"/me/factors/{row.id}/remove/").status_code == 409
    with tenant_transaction(office.caisse):
        assert EnrolledFactor.objects.filter(user=anne).exists()


def test_factor_that_the_caisse_does_not_name_is_not_offered(office, browser):
    set_policy(office, factors=("totp", "sms"))
    assert "/me/factors/passkey/" not in text_of(browser.get("/me/factors/"))
    assert browser.get("/me/factors/passkey/").status_code == 404
    assert "data-passkey" not in text_of(office.browser().get("/sign-in/"))
    assert office.browser().get("/sign-in/passkey/challenge/").status_code == 404


def test_passkey_alone_is_the_caisses_choice(office, browser):
    device = give_passkey(browser, make_device())
    asked = office.browser().get("/sign-in/passkey/challenge/").json()
    set_policy(office, passkey_alone=False)
    stranger = office.browser()
    assert "data-passkey" not in text_of(stranger.get("/sign-in/"))
    assert stranger.post("/sign-in/passkey/", device.use(asked)).status_code == 422


def test_enrolment_anew_forgets_all(office, anne):
    give_app(office.caisse, anne)
    with tenant_transaction(office.caisse):
        remove_factors(user_id=anne.id)
        assert not EnrolledFactor.objects.filter(user=anne).exists()


def test_too_weak_a_sign_in_is_raised_and_the_form_is_not_lost(office, anne, browser):
    secret = give_app(office.caisse, anne)
    demand(office, 3)
    begin = office.url(f"new/employees/{ENTRY}/")
    answer = browser.post(begin)
    assert answer["Location"] == "/sign-in/again/"
    old_key = browser.cookies["relais_session"].value
    # No password once more: the sign-in stands, it is only not strong enough.
    done = prove_by_app(browser, secret)
    assert (done.status_code, done.context["path"]) == (200, begin)
    assert browser.cookies["relais_session"].value != old_key
    assert level_of_session(office) == 3
    assert "/edit/" in browser.post(done.context["path"], dict(done.context["posted"]))["Location"]


def test_who_has_nothing_strong_enough_is_led_to_setting_it_up(office, browser):
    demand(office, 4)
    browser.post(office.url(f"new/employees/{ENTRY}/"))
    page = browser.get("/sign-in/again/")
    assert page.status_code == 403
    assert [one.name for one in page.context["could"]] == ["passkey"]
    assert "/me/factors/" in text_of(page)
    device = make_device()
    asked = browser.get("/me/factors/passkey/challenge/").json()
    made = browser.post("/me/factors/passkey/", device.set_up(asked) | {"label": "x"})
    assert made["Location"] == "/sign-in/again/"
    assert browser.get("/sign-in/again/").context["path"] == office.url(f"new/employees/{ENTRY}/")


def test_fragment_is_told_to_ask_on_a_page_of_its_own(office, anne, browser):
    secret = give_app(office.caisse, anne)
    demand(office, 3)
    call = {"headers": {"HX-Request": "true", "HX-Current-URL": "http://ak26.localhost/p/x/?a=1"}}
    answer = browser.post(office.url(f"new/employees/{ENTRY}/"), **call)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/again/")
    assert prove_by_app(browser, secret)["Location"] == "/p/x/?a=1"


def test_sending_too_asks_for_more(office, browser):
    with tenant_transaction(office.caisse):
        message = draft(office.actor())
    demand(office, 3)
    answer = browser.post(office.url(f"m/{message.id}/send/"), {"revision": message.revision, "confirmed": "1"})
    assert answer["Location"] == "/sign-in/again/"


def test_program_learns_the_level_that_is_needed(office):
    demand(office, 3)
    with tenant_transaction(office.caisse):
        token = create_token(actor=build_actor(office.users["anne"], office.parties["factory"].id), name="Payroll")
    program = Program("ak26.localhost", token.secret)
    answer = program.post("messages/", {"type": ENTRY, "payload": {}}, key="one")
    assert (answer.status_code, answer.json()["code"], answer.json()["needed_level"]) == (403, "assurance_too_low", 3)


def test_password_alone_reaches_what_the_caisse_left_to_it(office, anne):
    weak = office.browser("anne", "password")
    with tenant_transaction(office.caisse):
        message = sent(office.actor())
    address = office.url(f"m/{message.id}/")
    assert weak.get(address)["Location"] == "/sign-in/again/"
    assert weak.post(office.url(f"new/employees/{ENTRY}/"))["Location"] == "/sign-in/again/"
    demand(office, 1)
    assert weak.get(address).status_code == 200
    assert "/edit/" in weak.post(office.url(f"new/employees/{ENTRY}/"))["Location"]


def test_person_without_any_factor_sets_up_her_first(office, anne):
    set_policy(office, password_alone=True)
    with tenant_transaction(office.caisse):
        User.objects.filter(pk=anne.pk).update(mobile="")
    browser = office.browser()
    assert give_password(browser)["Location"] == "/"
    assert level_of_session(office) == 1
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert browser.get("/me/factors/app/")["Location"] == "/sign-in/again/"
        assert browser.post("/sign-in/again/", {"password": "wrong"}).status_code == 422
        assert browser.post("/sign-in/again/", {"password": PASSWORD})["Location"] == "/me/factors/app/"
        assert browser.get("/me/factors/app/").status_code == 200


def test_posted_secrets_stay_out_of_the_page(office, anne, browser):
    give_app(office.caisse, anne)
    page = text_of(browser.get("/me/factors/"))
    assert not re.search(r"secret|sealed", page)


def test_something_stronger_than_sms_is_offered_where_one_arrives_until_it_is_put_off(office):
    browser, home, later = office.browser(), office.url(), "/me/factors/later/"
    give_password(browser)
    browser.post("/sign-in/code/", {"code": read_code(office.caisse)})
    assert later in browser.get(home).content.decode()
    assert later not in browser.get(office.url("company/users/")).content.decode()
    assert browser.post(later, {"next": home})["Location"] == home
    assert later not in browser.get(home).content.decode()
