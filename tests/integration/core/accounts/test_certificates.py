"""Client certificates: registered, used to sign in, refused, removed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY

from core.accounts.models import OutsideKey, Session, User
from core.accounts.outside import certificates
from core.accounts.outside.actors import actor_of
from core.accounts.outside.errors import CertificateTaken, CertificateUnknown, FingerprintNotValid
from core.accounts.outside.proxy import read_certificate
from core.accounts.seats import build_staff_actor
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.errors import NotFound
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.certificates import SECRET, Authority
from tests.support.configuring import set_section
from tests.support.people import make_staff, make_user

AUTHORITY = Authority()
ADDRESS = "/sign-in/certificate/"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/sign-out/")


@pytest.fixture(autouse=True)
def _served(settings):
    settings.CERTIFICATE_PROXY_SECRET = SECRET


@pytest.fixture
def card(caisse, anne, rf):
    """Anne's certificate, registered by herself."""
    issued = AUTHORITY.issue()
    register(caisse, anne, issued, rf)
    return issued


def register(caisse, user, issued, rf):
    with tenant_transaction(caisse):
        return certificates.register_certificate(
            actor=actor_of(user), user_id=user.id, certificate=read_certificate(rf.get("/", **issued.headers))
        )


def test_certificate_alone_signs_in_at_the_strongest_level(caisse, anne, browser, card):
    assert "Anne Exemple" in browser.get(ADDRESS, **card.headers).content.decode()
    answer = browser.post(ADDRESS, {"next": "/me/"}, **card.headers)
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    with tenant_transaction(caisse):
        session = Session.objects.get(user=anne)
        assert (session.assurance_level, session.methods) == (4, ["certificate"])
        assert OutsideKey.objects.get().last_used_at is not None
        assert list(Entry.objects.filter(object_type="user").order_by("at", "id").values_list("action", flat=True)) == [
            "certificate_registered",
            "signed_in",
        ]


def test_headers_from_outside_open_nothing(caisse, anne, browser, card):
    forged = {**card.headers, "HTTP_X_RELAIS_PROXY_SECRET": "guessed"}
    answer = browser.post(ADDRESS, **forged)
    assert answer.status_code == 422
    assert "Anne Exemple" not in answer.content.decode()
    with tenant_transaction(caisse):
        assert not Session.objects.filter(user=anne).exists()


def test_way_is_offered_only_where_caisse_and_installation_have_it(caisse, browser, settings):
    assert ADDRESS in browser.get("/sign-in/").content.decode()
    with tenant_transaction(caisse):
        set_section("sign_in", factors=["totp", "sms"])
    assert ADDRESS not in browser.get("/sign-in/").content.decode()
    assert browser.get(ADDRESS).status_code == 404
    with tenant_transaction(caisse):
        set_section("sign_in", factors=["totp", "sms", "certificate"])
    settings.CERTIFICATE_PROXY_SECRET = ""
    assert ADDRESS not in browser.get("/sign-in/").content.decode()


def test_unknown_expired_removed_and_blocked_open_nothing(caisse, anne, browser, card, rf):
    def status(issued):
        return browser.post(ADDRESS, **issued.headers).status_code

    assert status(AUTHORITY.issue()) == 422
    assert status(AUTHORITY.issue(days=-1)) == 422
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="blocked")
    assert status(card) == 422
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="active")
        key = OutsideKey.objects.get()
        certificates.remove_key(actor=actor_of(anne), key_id=key.id, user_id=anne.id)
    assert status(card) == 422
    register(caisse, anne, card, rf)
    assert status(card) == 302


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_certificate_never_leads_elsewhere(caisse, anne, browser, card, wanted):
    assert browser.post(ADDRESS, {"next": wanted}, **card.headers)["Location"] == "/"


def test_certificate_needs_the_form_s_own_token(caisse, anne, card):
    """Otherwise a foreign page could sign somebody in, as the browser sends the certificate by itself."""
    strict = Browser(HTTP_HOST="ak26.localhost", enforce_csrf_checks=True)
    assert strict.post(ADDRESS, **card.headers).status_code == 403


def test_who_is_refused_by_certificate_does_not_learn_why(caisse, anne, browser, card):
    def seen(issued):
        answer = browser.post(ADDRESS, **issued.headers)
        return answer.status_code, answer.context["refusal"]

    unknown = seen(AUTHORITY.issue())
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="blocked")
    assert seen(card) == unknown
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="active")
        OutsideKey.objects.update(revoked_at=clock.now())
    assert seen(card) == unknown


def test_certificate_of_one_caisse_opens_nothing_at_another(other_caisse, client, card):
    assert client.post(ADDRESS, **card.headers, HTTP_HOST="ak99.localhost").status_code == 422


def test_renewed_certificate_is_known_by_its_names_where_the_caisse_says_so(caisse, anne, card, browser):
    renewed = AUTHORITY.issue()
    assert browser.post(ADDRESS, **renewed.headers).status_code == 422
    with tenant_transaction(caisse):
        set_section("sign_in", certificate_match="subject")
    assert browser.post(ADDRESS, **renewed.headers).status_code == 302


def test_same_names_by_another_authority_are_somebody_else(caisse, anne, card, browser):
    with tenant_transaction(caisse):
        set_section("sign_in", certificate_match="subject")
    assert browser.post(ADDRESS, **Authority("Other CA").issue().headers).status_code == 422


def test_names_that_stand_for_two_people_open_nothing(caisse, anne, card, rf):
    with tenant_transaction(caisse):
        bert = make_user("bert")
    other = AUTHORITY.issue()
    register(caisse, bert, other, rf)  # while the caisse went by fingerprints
    with tenant_transaction(caisse):
        set_section("sign_in", certificate_match="subject")
    renewed = read_certificate(rf.get("/", **AUTHORITY.issue().headers))
    with pytest.raises(CertificateUnknown):
        certificates.verify_certificate(caisse=caisse, certificate=renewed, address="192.0.2.1")
    with pytest.raises(CertificateTaken):
        register(caisse, bert, AUTHORITY.issue(), rf)


def test_certificate_is_registered_once(caisse, anne, card, rf):
    with tenant_transaction(caisse):
        bert = make_user("bert")
    for user in (anne, bert):
        with pytest.raises(CertificateTaken):
            register(caisse, user, card, rf)


def test_clerk_enters_a_fingerprint_for_a_user_and_for_no_colleague(caisse, anne, browser):
    issued = AUTHORITY.issue()
    typed = ":".join(issued.fingerprint[at : at + 2].upper() for at in range(0, 64, 2))
    with tenant_transaction(caisse):
        elena, auditor = (make_staff(make_user(name), role) for name, role in (("elena", "clerk"), ("aude", "auditor")))
        clerk = build_staff_actor(elena.user, elena, caisse=caisse)
        looking = build_staff_actor(auditor.user, auditor, caisse=caisse)
        certificates.enter_fingerprint(actor=clerk, user_id=anne.id, typed=typed, label="Card 12")
        for actor, user_id in ((clerk, auditor.user_id), (looking, anne.id), (actor_of(anne), anne.id)):
            with pytest.raises(NotFound):
                certificates.enter_fingerprint(actor=actor, user_id=user_id, typed="0" * 64)
        with pytest.raises(FingerprintNotValid):
            certificates.enter_fingerprint(actor=clerk, user_id=anne.id, typed="SHA-1")
    assert browser.post(ADDRESS, **issued.headers).status_code == 302
    with tenant_transaction(caisse):
        key = OutsideKey.objects.get()
        assert (key.label, key.subject) == ("Card 12", "CN=Anne Exemple,O=Fabrique SA")


def test_person_registers_what_her_browser_presents(caisse, anne, browser, card):
    browser.post(ADDRESS, **card.headers)
    fresh = AUTHORITY.issue("Anne E.")
    assert "Anne E." in browser.get("/me/certificate/", **fresh.headers).content.decode()
    assert browser.post("/me/certificate/", **fresh.headers).status_code == 302
    assert browser.post("/me/certificate/", **fresh.headers).status_code == 409
    assert browser.post("/me/certificate/").status_code == 422
    with tenant_transaction(caisse):
        key = OutsideKey.objects.get(fingerprint=fresh.fingerprint)
    assert browser.post(f"/me/certificate/{key.id}/remove/").status_code == 302
    browser.post("/sign-out/")
    assert browser.post(ADDRESS, **fresh.headers).status_code == 422


def test_nobody_removes_what_is_not_hers(caisse, anne, card):
    with tenant_transaction(caisse):
        bert, key = make_user("bert"), OutsideKey.objects.get()
        for user_id in (bert.id, anne.id):
            with pytest.raises(NotFound):
                certificates.remove_key(actor=actor_of(bert), key_id=key.id, user_id=user_id)


def test_signed_in_person_proves_more_by_her_certificate(caisse, anne, browser, card):
    from tests.support.people import give_password, read_code

    give_password(browser)
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    before = browser.cookies["relais_session"].value
    browser.post(ADDRESS, **card.headers)
    assert browser.cookies["relais_session"].value != before
    with tenant_transaction(caisse):
        session = Session.objects.get(user=anne, ended_at__isnull=True)
    assert session.assurance_level == 4


EMAIL, AGAIN = "/me/profile/email/", "/sign-in/again/certificate/"
FORM = {"to": "anne.new@example.ch"}


def test_who_has_no_password_proves_anew_by_her_certificate_and_finds_her_form(caisse, anne, browser, card):
    with tenant_transaction(caisse):
        anne.set_unusable_password()
        anne.mobile = ""
        anne.save(update_fields=["password", "mobile"])
    browser.post(ADDRESS, **card.headers)
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert browser.post(EMAIL, FORM)["Location"] == "/sign-in/again/"
        page = browser.get("/sign-in/again/", **card.headers)
        assert b'type="password"' not in page.content
        assert AGAIN in page.content.decode()
        assert "Anne Exemple" in browser.get(AGAIN, **card.headers).content.decode()
        old_key = browser.cookies["relais_session"].value
        assert browser.post(AGAIN, **card.headers)["Location"] == "/sign-in/again/"
        assert browser.cookies["relais_session"].value != old_key
        assert browser.get("/sign-in/again/").context["posted"] == [["to", FORM["to"]]]
        assert browser.post(EMAIL, FORM)["Location"] == f"{EMAIL}code/"
    with tenant_transaction(caisse):
        assert Entry.objects.filter(action="reentered", data__method="certificate").count() == 1


def test_certificate_of_another_forged_or_missing_proves_nothing_again(caisse, anne, browser, card, rf):
    with tenant_transaction(caisse):
        bert = make_user("bert")
    others = AUTHORITY.issue("Bert")
    register(caisse, bert, others, rf)
    browser.post(ADDRESS, **card.headers)
    forged = {**card.headers, "HTTP_X_RELAIS_PROXY_SECRET": "guessed"}
    with clock.travel(clock.now() + timedelta(minutes=11)):
        for headers, status in ((others.headers, 409), (forged, 422), ({}, 422)):
            assert browser.post(AGAIN, **headers).status_code == status
        assert browser.post(EMAIL, FORM)["Location"] == "/sign-in/again/"
    with tenant_transaction(caisse):
        assert Session.objects.get(ended_at__isnull=True).user_id == anne.id


def test_certificate_stands_beside_the_password_where_a_level_is_too_low(caisse, anne, browser, card):
    from tests.support.people import give_password, read_code

    give_password(browser)
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    with clock.travel(clock.now() + timedelta(minutes=11)):
        browser.get(EMAIL)
        page = browser.get("/sign-in/again/")
        assert b'type="password"' in page.content
        assert AGAIN in page.content.decode()


def test_who_can_prove_nothing_anew_is_told_so_and_not_led_in_a_circle(caisse, anne, browser, card):
    browser.post(ADDRESS, **card.headers)
    with tenant_transaction(caisse):
        anne.set_unusable_password()
        anne.save(update_fields=["password"])
        OutsideKey.objects.update(revoked_at=clock.now())
    with tenant_transaction(caisse):
        row = Session.objects.get(user=anne, ended_at__isnull=True)
        row.data[HASH_SESSION_KEY] = anne.get_session_auth_hash()
        row.save(update_fields=["data"])
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert browser.get(EMAIL)["Location"] == "/sign-in/again/"
        assert browser.get("/sign-in/again/").status_code == 403
