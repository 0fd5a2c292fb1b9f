"""How an enrolment ends: with a factor that needs no SMS, under a name that the caisse issues, in an account that exists."""

from __future__ import annotations

import re

import pytest

from core.accounts.errors import PasskeyKnown
from core.accounts.invitations import joining, opening
from core.accounts.invitations.errors import ActivationTaken
from core.accounts.models import Activation, EnrolledFactor, Membership, User
from core.accounts.names import make_user_number, resolve_name, show_name
from core.audit.models import Entry
from core.enrolment.inviting import invite_companies
from core.letters.choosing import Selection
from tenants.scope import tenant_transaction
from tests.support import enrolment, letters
from tests.support.configuring import set_section
from tests.support.enrolling import finish, wait_for_letter, walk
from tests.support.factors import code_of, make_device, wrong_code_of
from tests.support.invitations import PASSWORD, read_newest
from tests.support.people import give_password, read_code
from tests.support.racing import race

FACTOR, CHALLENGE = "/activate/factor/", "/activate/factor/challenge/"
APP, PASSKEY = "/activate/?step=mobile&way=totp", "/activate/?step=mobile&way=passkey"


@pytest.fixture
def browser(office):
    return office.browser()


@pytest.fixture
def paula(office):
    """Her user and the code in her letter."""
    return wait_for_letter(office.caisse, office.clerk("gilles"))


@pytest.fixture
def before_factor(office, browser, paula):
    """She has come to the step of the second factor; the user."""
    walk(office.caisse, browser, paula[1], until="mobile")
    return paula[0]


def reload(office, user):
    with tenant_transaction(office.caisse):
        return User.objects.get(id=user.id)


def factors_of(office, user):
    with tenant_transaction(office.caisse):
        return list(EnrolledFactor.objects.filter(user=user).values_list("kind", flat=True))


def offer(browser):
    """Open the page of the app; return the secret and what goes back with the form."""
    shown = browser.get(APP).context["offer"]
    return shown.secret, {"way": "totp", "sealed": shown.sealed, "label": "Mon téléphone"}


def allow(office, *factors):
    with tenant_transaction(office.caisse):
        set_section("sign_in", factors=factors)


def test_sms_is_never_the_only_one_offered(office, browser, before_factor):
    page = browser.get("/activate/")
    assert (page.context["step"], page.context["label"], page.context["with_sms"]) == (
        "mobile",
        "Numéro de mobile",
        True,
    )
    assert [name for name, _ in page.context["others"]] == ["passkey", "totp"]


def test_app_makes_the_access_usable_without_any_number(office, browser, before_factor):
    secret, form = offer(browser)
    wrong = browser.post(FACTOR, form | {"code": wrong_code_of(secret)})
    assert (wrong.status_code, wrong.context["step"], wrong.context["offer"].secret) == (422, "mobile", secret)
    assert reload(office, before_factor).state == "invited"
    assert factors_of(office, before_factor) == []
    code = code_of(secret)
    assert browser.post(FACTOR, form | {"code": code})["Location"] == "/sign-in/"
    made = reload(office, before_factor)
    assert (made.state, made.mobile, made.mobile_confirmed_at) == ("active", "", None)
    assert factors_of(office, before_factor) == ["totp"]
    assert give_password(browser, "paula@example.ch", PASSWORD)["Location"] == "/sign-in/by/totp/"
    replayed = browser.post("/sign-in/by/totp/", {"code": code})
    assert replayed.status_code == 422
    assert browser.post("/sign-in/by/totp/", {"code": code_of(secret, ahead=1)})["Location"] == "/"


def test_passkey_makes_the_access_usable(office, browser, before_factor):
    device = make_device()
    assert "data-challenge" in browser.get(PASSKEY).content.decode()
    answer = device.set_up(browser.get(CHALLENGE).json()) | {"way": "passkey", "label": "Portable"}
    assert browser.post(FACTOR, answer)["Location"] == "/sign-in/"
    assert factors_of(office, before_factor) == ["passkey"]
    assert reload(office, before_factor).state == "active"


def test_passkey_for_another_challenge_opens_nothing(office, browser, before_factor):
    asked = browser.get(CHALLENGE).json()
    answer = make_device().set_up(asked) | {"way": "passkey", "label": "x", "state": asked["state"][:-2]}
    page = browser.post(FACTOR, answer)
    assert (page.status_code, page.context["step"], page.context["way"]) == (422, "mobile", "passkey")
    assert reload(office, before_factor).state == "invited"


def test_known_passkey_undoes_the_whole_step(office, browser, before_factor, monkeypatch):
    def known(*_args, **_kwargs):
        raise PasskeyKnown

    monkeypatch.setattr("core.accounts.factors.enrolling._keep", known)
    answer = make_device().set_up(browser.get(CHALLENGE).json()) | {"way": "passkey", "label": "x"}
    assert browser.post(FACTOR, answer).status_code == 409
    assert reload(office, before_factor).state == "invited"
    with tenant_transaction(office.caisse):
        assert Activation.objects.get().used_at is None


def test_who_leaves_at_the_second_factor_comes_back_to_it(office, browser, paula):
    walk(office.caisse, browser, paula[1], until="mobile")
    secret, form = offer(browser)
    browser.post("/activate/leave/")
    assert browser.get(CHALLENGE)["Location"] == "/activate/"
    late = browser.post(FACTOR, form | {"code": code_of(secret)})
    assert (late.status_code, late.context["step"]) == (422, "begin")
    elsewhere = office.browser()
    elsewhere.post("/activate/", {"code": paula[1]})
    assert elsewhere.get(APP).context["step"] == "mobile"
    secret, form = offer(elsewhere)
    assert elsewhere.post(FACTOR, form | {"code": code_of(secret)}).status_code == 302
    assert factors_of(office, paula[0]) == ["totp"]


def test_factor_waits_for_the_steps_before_it(office, browser, paula):
    walk(office.caisse, browser, paula[1], until="names")
    assert browser.get(APP).context["step"] == "names"
    assert browser.get(CHALLENGE)["Location"] == "/activate/"
    assert browser.post(FACTOR, {"way": "totp"}, follow=True).context["step"] == "names"


@pytest.mark.parametrize(
    ("factors", "closed"), [(("sms", "totp"), "passkey"), (("sms", "passkey"), "totp"), (("passkey", "totp"), "mobile")]
)
def test_what_the_caisse_does_not_offer_is_closed(office, browser, before_factor, factors, closed):
    allow(office, *factors)
    page = browser.get("/activate/")
    offered = {page.context.get("way"), *(name for name, _ in page.context["others"])}
    assert offered - {None} == set(factors) - {"sms"}
    assert page.context["with_sms"] == ("sms" in factors)
    if closed == "mobile":
        assert browser.post("/activate/mobile/", {"mobile": "079 100 20 30"}).status_code == 404
    else:
        assert browser.post(FACTOR, {"way": closed}).status_code == 404
    if closed == "passkey":
        assert browser.get(CHALLENGE).status_code == 404


def test_staff_may_choose_an_app_too(office, browser):
    _user, code = wait_for_letter(office.caisse, office.clerk("gilles"), kind="member", sign_in_name="nora@example.ch")
    walk(office.caisse, browser, code, until="mobile")
    assert browser.get(APP).context["offer"].uri.count("nora") == 1


# Names that the caisse issues.


def name_by(office, *names):
    with tenant_transaction(office.caisse):
        set_section("sign_in", names=names)


def write_letter(office, **values):
    """Make one party's letter; return its page and the code."""
    with tenant_transaction(office.caisse):
        party = letters.make_insured(1, **values)[0]
    chief = office.clerk("gilles")
    campaign = letters.make(office.caisse, chief, Selection(numbers=(party.number,)))
    page = letters.read_pages(office.caisse, chief, campaign)[0]
    return party, page, letters.read_codes([page])[0]


def user_for(office, party):
    with tenant_transaction(office.caisse):
        return Membership.objects.select_related("user").get(party=party, ended_at=None).user


def test_user_number_stands_on_the_letter_and_at_the_end(office, browser):
    name_by(office, "user_id", "email")
    party, page, code = write_letter(office)
    walk(office.caisse, browser, code, until="mobile")
    assert browser.post("/activate/mobile/", {"mobile": "079 100 20 30"}).status_code == 302
    assert finish(office.caisse, browser)["Location"] == "/activate/"
    last = browser.get("/activate/")
    shown = last.context["sign_in_name"]
    assert (last.context["number"], re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", shown) is None) == (8, False)
    assert shown in page
    user = user_for(office, party)
    assert (user.state, user.contact_email) == ("active", "paula@example.ch")
    assert give_password(browser, shown, PASSWORD).status_code == 302


def test_company_gets_its_number_and_the_delegates_name(office, browser):
    name_by(office, "company", "email")
    party, page, code = write_letter(office, kind="employer", number="100-9001.1")
    assert "Votre numéro d’utilisateur" not in page
    walk(office.caisse, browser, code)
    assert finish(office.caisse, browser)["Location"] == "/activate/"
    assert browser.get("/activate/").context["sign_in_name"] == "10090011/rente"
    assert user_for(office, party).sign_in_name == "10090011/rente"
    assert give_password(browser, "100-9001.1 / Rente", PASSWORD).status_code == 302


def test_second_delegate_of_one_name_gets_a_figure(office, browser):
    name_by(office, "company")
    with tenant_transaction(office.caisse):
        User.objects.filter(id=office.users["beat"].id).update(sign_in_name="10090011/rente")
    party, _page, code = write_letter(office, kind="employer", number="100-9001.1")
    walk(office.caisse, browser, code)
    finish(office.caisse, browser)
    assert user_for(office, party).sign_in_name == "10090011/rente2"


def test_insured_person_signs_in_by_her_number(office, browser):
    name_by(office, "insured", "email")
    party, _page, code = write_letter(office, number="756.1234.5678.97")
    walk(office.caisse, browser, code)
    finish(office.caisse, browser)
    name = user_for(office, party).sign_in_name
    assert name.replace(".", "") == "7561234567897"
    assert give_password(browser, "756 1234 5678 97", PASSWORD).status_code == 302


def test_number_that_no_reader_knows_is_no_name(office):
    name_by(office, "insured", "email")
    party, page, _code = write_letter(office, number="P-4711")
    assert "Votre numéro d’utilisateur" in page
    assert user_for(office, party).sign_in_name != "p-4711"


def test_name_is_shown_until_somebody_leaves_the_page(office, browser):
    name_by(office, "user_id")
    walk(office.caisse, browser, write_letter(office)[2])
    finish(office.caisse, browser)
    assert browser.get("/activate/").context["step"] == browser.get("/activate/").context["step"] == "sign_in"
    browser.post("/activate/leave/")
    assert browser.get("/activate/").context["step"] == "begin"


# An account that exists.


@pytest.fixture
def letter(office):
    """A letter to an insured person whose account may exist: the party and the code."""
    party, _page, code = write_letter(office)
    return party, code


def test_who_signs_in_here_takes_the_access_into_her_account(office, letter):
    party, code = letter
    anne = office.users["anne"]
    with tenant_transaction(office.caisse):
        waiting = Membership.objects.get(party=party).user_id
    browser = office.browser("anne")
    browser.post("/activate/", {"code": code})
    page = browser.get("/activate/account/")
    assert page.context["may_join"]
    assert "Paula Rente" not in page.content.decode()
    assert browser.post("/activate/account/", follow=True).status_code == 200
    assert user_for(office, party).id == anne.id
    assert browser.get(f"/p/{party.id}/", follow=True).status_code == 200
    assert reload(office, anne).password == office.users["anne"].password
    with tenant_transaction(office.caisse):
        assert User.objects.get(id=waiting).state == "left"
        assert Activation.objects.get().used_at is not None
        assert Entry.objects.filter(action="activation_joined", for_party_id=party.id).count() == 1
    assert read_newest(office.caisse)["to"] == "anne@example.ch"
    assert office.browser().post("/activate/", {"code": code}).status_code == 422


def test_who_is_signed_out_signs_in_first_and_comes_back(office, browser, letter):
    browser.post("/activate/", {"code": letter[1]})
    assert "/activate/account/" in browser.get("/activate/").content.decode()
    assert browser.get("/activate/account/")["Location"] == "/sign-in/?next=%2Factivate%2Faccount%2F"
    give_password(browser, "anne@example.ch")
    browser.post("/sign-in/code/", {"code": read_code(office.caisse)})
    assert browser.get("/activate/account/").context["may_join"]


def test_place_that_she_has_already_is_not_doubled(office):
    _user, code = wait_for_letter(office.caisse, office.clerk("gilles"))
    anne = office.users["anne"]
    with tenant_transaction(office.caisse):
        place = Membership.objects.select_related("party").get(user=_user)
        Membership.objects.create(
            user=anne, party=place.party, role="administrator", valid_from=place.valid_from, created_at=place.created_at
        )
    browser = office.browser("anne")
    browser.post("/activate/", {"code": code})
    assert browser.post("/activate/account/").status_code == 302
    assert user_for(office, place.party).id == anne.id


def test_enrolment_anew_is_no_access_to_take(office):
    user, code = wait_for_letter(office.caisse, office.clerk("gilles"))
    with tenant_transaction(office.caisse):
        User.objects.filter(id=user.id).update(state_changed_at=user.created_at)
    browser = office.browser("anne")
    browser.post("/activate/", {"code": code})
    assert not browser.get("/activate/").context["may_join"]
    assert browser.get("/activate/account/").status_code == 409
    assert browser.post("/activate/account/").status_code == 409
    assert user_for(office, place_of(office, user)).id == user.id


def place_of(office, user):
    with tenant_transaction(office.caisse):
        return Membership.objects.select_related("party").get(user=user).party


def test_without_a_code_there_is_nothing_to_take(office):
    browser = office.browser("anne")
    assert browser.get("/activate/account/")["Location"] == "/activate/"
    assert browser.post("/activate/account/")["Location"] == "/activate/"


def test_of_two_with_one_code_one_takes_it(office, letter):
    row = opening.open_activation(caisse=office.caisse, typed=letter[1], address="192.0.2.1")
    take = [
        lambda name=name: joining.join_with_account(
            actor=office.actor(name), caisse=office.caisse, activation=row, user=office.users[name]
        )
        for name in ("anne", "beat")
    ]
    outcomes = race(office.caisse, *take)
    assert [type(one) for one in outcomes] == [type(None), ActivationTaken]


def test_who_was_invited_by_mail_may_take_it_too(office, browser):
    user, code = wait_for_letter(office.caisse, office.clerk("gilles"), kind="member")
    with tenant_transaction(office.caisse):
        Activation.objects.filter(user=user).update(way="mail", address=[])
    browser.post("/activate/", {"code": code})
    page = browser.get("/activate/")
    assert (page.context["step"], page.context["may_join"]) == ("names", True)
    assert "/activate/account/" in page.content.decode()


@pytest.mark.parametrize(
    ("names", "begins"), [(("email",), "waiting:"), (("company", "email"), "delegate:"), (("user_id", "email"), "")]
)
def test_company_invited_without_a_name_waits_for_hers(office, names, begins):
    name_by(office, *names)
    enrolment.set_enrolment(office.caisse, ways=["invitation"])
    address = {"street": "Rue 9", "postcode": "1700", "town": "Fribourg", "country": "CH"}
    with tenant_transaction(office.caisse):
        party = enrolment.make_company("100-9001.1", name="Menuiserie", **address)
        assert invite_companies(actor=office.clerk("gilles"), party_ids=[party.id]) == (1, [])
    name = user_for(office, party).sign_in_name
    assert name.startswith(begins)
    assert ":" in name or len(name) == 9


def test_issued_number_is_understood_whatever_the_caisse_asks_for(office):
    number = make_user_number()
    assert resolve_name(office.caisse, f" {show_name(number)} ") == number
    assert resolve_name(office.caisse, "Anne") == "anne"
