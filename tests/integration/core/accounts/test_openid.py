"""Signing in by a real OpenID provider on loopback, and by one that lies."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from core.accounts.models import OutsideKey, Session, User
from core.accounts.openid import network
from core.accounts.openid import provider as providers
from core.accounts.sessions import METHODS_KEY
from core.audit.models import Entry
from core.configuration.sections import OpenIdSection
from core.kernel import clock
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.configuring import set_section
from tests.support.false_provider import FalseProvider
from tests.support.openid import path_of, start_provider
from tests.support.people import give_password, make_user, read_code

HOST = "ak26.localhost"
BEGIN, MINE, AGAIN = "/sign-in/openid/", "/me/openid/", "/sign-in/again/openid/"
ID_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/sign-out/")


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """The real one."""
    running = start_provider(tmp_path_factory.mktemp("openid"), [f"http://{HOST}"])
    yield running
    running.stop()


@pytest.fixture
def liar():
    """One that says whatever the test wants."""
    running = FalseProvider()
    yield running
    running.stop()


@pytest.fixture
def offered(caisse, provider):
    """The caisse trusts the real one."""
    configure(caisse, **provider.settings())
    return provider


def configure(caisse, **values):
    providers.forget()
    with tenant_transaction(caisse):
        set_section("openid", **values)


def own_sign_in(browser, caisse, name="anne@example.ch"):
    give_password(browser, name)
    assert browser.post("/sign-in/code/", {"code": read_code(caisse)}).status_code == 302


def walk(browser, provider, name="anne", begin=BEGIN):
    """Go there, sign in there, come back; return the last answer."""
    there = browser.get(begin)
    assert there.status_code == 302, there.content.decode()
    return browser.get(path_of(provider.visit(there["Location"], name)))


def link(browser, caisse, provider):
    own_sign_in(browser, caisse)
    assert walk(browser, provider, begin=f"{MINE}link/")["Location"] == MINE
    assert "Anne Exemple" in browser.get(MINE).content.decode()
    assert browser.post(MINE).status_code == 302
    browser.post("/sign-out/")


def sessions(caisse):
    with tenant_transaction(caisse):
        return list(Session.objects.filter(user__isnull=False, ended_at__isnull=True))


def test_linked_account_signs_in_at_the_level_that_the_caisse_gives_it(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    answer = walk(browser, offered, begin=f"{BEGIN}?next=/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    [session] = sessions(caisse)
    assert (session.user_id, session.assurance_level, session.methods) == (anne.id, 3, ["openid_3"])
    with tenant_transaction(caisse):
        actions = list(Entry.objects.filter(object_type="user").order_by("at", "id").values_list("action", flat=True))
    assert actions[-3:] == ["openid_linked", "signed_out", "signed_in"]


def test_unknown_account_signs_nobody_in_and_can_be_linked_once_she_is_in_by_her_own_means(
    caisse, anne, browser, offered
):
    answer = walk(browser, offered)
    assert answer.status_code == 422
    assert "Ausweis" in answer.content.decode()
    assert sessions(caisse) == []
    own_sign_in(browser, caisse)
    with tenant_transaction(caisse):
        assert not OutsideKey.objects.exists()
    assert "Anne Exemple" in browser.get(MINE).content.decode()
    browser.post(MINE)
    with tenant_transaction(caisse):
        assert OutsideKey.objects.get().user_id == anne.id


def test_nobody_is_found_by_an_e_mail(caisse, anne, browser, offered):
    # Bert's account there carries Anne's address, verified.
    assert walk(browser, offered, "bert").status_code == 422
    assert sessions(caisse) == []


def test_account_is_linked_to_one_person_alone(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    with tenant_transaction(caisse):
        make_user("bert")
    own_sign_in(browser, caisse, "bert@example.ch")
    walk(browser, offered, begin=f"{MINE}link/")
    assert browser.post(MINE).status_code == 409


def test_link_that_is_undone_opens_nothing(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    walk(browser, offered)
    with tenant_transaction(caisse):
        key = OutsideKey.objects.get()
    assert browser.post(f"{MINE}{key.id}/remove/").status_code == 302
    browser.post("/sign-out/")
    assert walk(browser, offered).status_code == 422


def test_blocked_account_is_not_opened(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    with tenant_transaction(caisse):
        User.objects.filter(id=anne.id).update(state="blocked")
    assert walk(browser, offered).status_code == 422
    assert sessions(caisse) == []


def test_low_word_of_a_provider_needs_a_second_factor(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    configure(caisse, **offered.settings(levels=[]))
    assert walk(browser, offered)["Location"] == "/sign-in/code/"
    assert sessions(caisse) == []
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    [session] = sessions(caisse)
    assert (session.assurance_level, session.methods) == (2, ["openid_1", "sms_code"])


def test_other_claim_than_sub_can_find_the_user(caisse, anne, browser, offered):
    configure(caisse, **offered.settings(claim="staff_id"))
    link(browser, caisse, offered)
    with tenant_transaction(caisse):
        assert OutsideKey.objects.get().subject == "A-17"


def test_sign_out_leads_to_the_sign_out_there(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    walk(browser, offered)
    answer = browser.post("/sign-out/")
    assert answer["Location"] == f"{BEGIN}out/"
    assert f"{offered.issuer}/logout/?client_id=relais" in browser.get(f"{BEGIN}out/").content.decode()
    assert sessions(caisse) == []


def test_way_there_carries_pkce_state_nonce_and_the_exact_address(caisse, browser, offered):
    asked = parse_qs(urlsplit(browser.get(BEGIN)["Location"]).query)
    assert asked["redirect_uri"] == [f"http://{HOST}/sign-in/openid/back/"]
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert len(asked["state"][0]) >= 43
    assert len(asked["nonce"][0]) >= 43
    with tenant_transaction(caisse):
        kept = Session.objects.get(user__isnull=True).data["openid"]
    challenge = urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).decode().rstrip("=")
    assert asked["code_challenge"] == [challenge]


def test_answer_counts_once_in_its_own_browser_and_not_for_long(caisse, anne, browser, offered, monkeypatch):
    link(browser, caisse, offered)
    there = browser.get(BEGIN)["Location"]
    back = path_of(offered.visit(there))
    assert Browser(HTTP_HOST=HOST).get(back).status_code == 409
    assert browser.get(back).status_code == 302
    browser.post("/sign-out/")
    assert browser.get(back).status_code == 409
    back = path_of(offered.visit(browser.get(BEGIN)["Location"]))
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.get(back).status_code == 409
    assert sessions(caisse) == []


@pytest.mark.parametrize("change", [{"state": "x"}, {"state": ""}, {"iss": "http://evil.example"}, {"code": ""}])
def test_answer_that_was_changed_is_refused(caisse, anne, browser, offered, change):
    link(browser, caisse, offered)
    found = parse_qs(urlsplit(offered.visit(browser.get(BEGIN)["Location"])).query)
    answer = browser.get("/sign-in/openid/back/", {name: values[0] for name, values in found.items()} | change)
    assert answer.status_code in {409, 422}
    assert sessions(caisse) == []


def test_refusal_there_is_told_in_words(caisse, browser, offered):
    state = parse_qs(urlsplit(browser.get(BEGIN)["Location"]).query)["state"][0]
    answer = browser.get(
        "/sign-in/openid/back/", {"state": state, "error": "access_denied", "error_description": "<b>x"}
    )
    assert answer.status_code == 422
    assert "Ausweis" in answer.content.decode()
    assert "<b>x" not in answer.content.decode()


def test_other_site_begins_nothing(caisse, browser, offered):
    answer = browser.get(BEGIN, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer["Location"] == "/sign-in/"
    with tenant_transaction(caisse):
        assert not Session.objects.exists()


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_provider_s_answer_never_leads_elsewhere(caisse, browser, trusting, wanted):
    trust_fully(caisse, trusting)
    asked = parse_qs(urlsplit(browser.get(BEGIN, {"next": wanted})["Location"]).query)
    trusting.claims = {"nonce": asked["nonce"][0], "acr": "high"}
    answer = browser.get("/sign-in/openid/back/", {"state": asked["state"][0], "code": "c", "next": wanted})
    assert answer["Location"] == "/"


def test_way_there_is_not_bent_by_a_forwarded_host(caisse, browser, offered):
    there = browser.get(BEGIN, headers={"X-Forwarded-Host": "evil.example"})["Location"]
    assert parse_qs(urlsplit(there).query)["redirect_uri"] == [f"http://{HOST}/sign-in/openid/back/"]


def test_scopes_are_those_of_the_caisse_and_no_more(caisse, browser, offered):
    configure(caisse, **offered.settings(scopes=["openid", "profile"]))
    assert parse_qs(urlsplit(browser.get(BEGIN)["Location"]).query)["scope"] == ["openid profile"]


def test_no_token_of_the_provider_is_kept_or_shown(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    answer = walk(browser, offered, begin=f"{BEGIN}?next=/me/")
    [session] = sessions(caisse)
    kept = str(session.data) + str(dict(answer.headers)) + str(browser.cookies) + answer.content.decode()
    given = offered.list_tokens()
    assert given
    assert [token for token in given if token in kept] == []
    assert ID_TOKEN.search(kept) is None
    assert "access_token" not in kept
    assert "openid" not in session.data  # state, nonce and verifier are used up


def test_same_account_at_another_issuer_is_somebody_else(caisse, browser, trusting):
    with tenant_transaction(caisse):
        OutsideKey.objects.update(issuer="http://localhost:1")
    assert arrive(browser, trusting).status_code == 422
    assert sessions(caisse) == []


def test_way_in_is_not_there_where_the_caisse_has_none(caisse, browser):
    for path in (BEGIN, f"{BEGIN}back/", f"{BEGIN}out/"):
        assert browser.get(path).status_code == 404
    assert BEGIN not in browser.get("/sign-in/").content.decode()


def test_link_in_the_provider_s_name_alone_is_not_made(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    walk(browser, offered)  # in by the provider's word
    walk(browser, offered, "bert", begin=f"{MINE}link/")
    browser.post(MINE)
    with tenant_transaction(caisse):
        assert OutsideKey.objects.count() == 1


# --- proving anew, before what matters -------------------------------------------------------


FORM = {"to": "anne.new@example.ch"}
EMAIL = "/me/profile/email/"
LATER = timedelta(minutes=11)


def without_password(caisse, user):
    """She signs in by the provider alone: there is no password to enter again."""
    with tenant_transaction(caisse):
        user.set_unusable_password()
        user.save(update_fields=["password"])


def ask_again(browser):
    """Post a form that needs a recent proof; return the page that asks for it."""
    assert browser.post(EMAIL, FORM)["Location"] == "/sign-in/again/"
    return browser.get("/sign-in/again/")


def test_who_has_no_password_proves_anew_at_the_provider_and_finds_her_form(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    without_password(caisse, anne)
    walk(browser, offered)
    old_key = browser.cookies["relais_session"].value
    with clock.travel(clock.now() + LATER):
        page = ask_again(browser)
        assert [one.label for one in page.context["means"].outside] == ["Ausweis"]
        assert b'type="password"' not in page.content
        there = browser.get(f"{AGAIN}")["Location"]
        assert parse_qs(urlsplit(there).query)["prompt"] == ["login"]
    # The provider lives in today's time, so she goes there without the travel; its word is then of just now.
    assert walk(browser, offered, begin=AGAIN)["Location"] == "/sign-in/again/"
    page = browser.get("/sign-in/again/")
    assert page.context["posted"] == [list(one) for one in FORM.items()]
    assert browser.cookies["relais_session"].value != old_key
    assert browser.post(EMAIL, FORM)["Location"] == f"{EMAIL}code/"
    with tenant_transaction(caisse):
        assert Entry.objects.filter(action="reentered", data__method="openid_3", object_id=anne.id).count() == 1


def test_another_s_account_at_the_provider_proves_nothing(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    with tenant_transaction(caisse):
        bert = make_user("bert")
        OutsideKey.objects.create(kind="openid", user=bert, issuer=offered.issuer, subject="2", created_at=clock.now())
    walk(browser, offered)
    before = sessions(caisse)[0].data[METHODS_KEY]
    answer = walk(browser, offered, "bert", begin=AGAIN)
    assert answer.status_code == 409
    assert "/sign-in/again/" in answer.content.decode()
    [session] = sessions(caisse)
    assert (session.user_id, session.data[METHODS_KEY]) == (anne.id, before)


def test_unknown_account_at_the_provider_proves_nothing_and_is_not_kept_for_linking(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    walk(browser, offered)
    assert walk(browser, offered, "bert", begin=AGAIN).status_code == 409
    assert "openid_pending" not in sessions(caisse)[0].data


def test_low_word_again_needs_the_factor_beside_it(caisse, anne, browser, offered):
    link(browser, caisse, offered)
    without_password(caisse, anne)
    configure(caisse, **offered.settings(levels=[]))
    walk(browser, offered)
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    age_session(caisse, LATER)
    ask_again(browser)
    assert walk(browser, offered, begin=AGAIN)["Location"] == "/sign-in/again/"
    assert browser.get("/sign-in/again/")["Location"] == "/sign-in/again/ways/"
    browser.post("/sign-in/again/by/sms/start/")
    browser.post("/sign-in/again/code/", {"code": read_code(caisse)})
    assert browser.post(EMAIL, FORM)["Location"] == f"{EMAIL}code/"


def test_way_is_offered_to_who_has_linked_an_account_alone(caisse, anne, browser, offered):
    own_sign_in(browser, caisse)
    age_session(caisse, LATER)
    assert ask_again(browser).context["means"].outside == []


def age_session(caisse, by):
    """Let what was proved be so much older."""
    with tenant_transaction(caisse):
        row = Session.objects.get(user__isnull=False, ended_at__isnull=True)
        row.data[METHODS_KEY] = [one | {"at": one["at"] - by.total_seconds()} for one in row.data[METHODS_KEY]]
        row.save(update_fields=["data"])


# --- a provider that lies ------------------------------------------------------------------


@pytest.fixture
def trusting(caisse, anne, browser, liar):
    """The caisse trusts the liar, and Anne's account there is linked."""
    configure(caisse, name="Ausweis", issuer=liar.issuer, client_id="relais", client_secret="s" * 40)
    with tenant_transaction(caisse):
        OutsideKey.objects.create(kind="openid", user=anne, issuer=liar.issuer, subject="17", created_at=clock.now())
    return liar


def trust_fully(caisse, liar):
    """Let the liar's word be enough by itself."""
    configure(
        caisse,
        name="Ausweis",
        issuer=liar.issuer,
        client_id="relais",
        client_secret="s" * 40,
        levels=[{"claim": "acr", "value": "high", "level": 3}],
    )


def arrive(browser, liar, begin=BEGIN, **claims):
    """Go there and come back with a token of these claims."""
    asked = parse_qs(urlsplit(browser.get(begin)["Location"]).query)
    liar.claims = {"nonce": asked["nonce"][0], **claims}
    return browser.get("/sign-in/openid/back/", {"state": asked["state"][0], "code": "c"})


def test_token_that_is_right_opens(caisse, browser, trusting):
    assert arrive(browser, trusting).status_code == 302
    assert trusting.asked[0]["code_verifier"]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["relais", "somebody-else"]},
        {"azp": "somebody-else"},
        {"iss": "http://localhost:1"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": {"a": 1}},
        {"sub": "x" * 600},
    ],
)
def test_token_that_is_wrong_opens_nothing(caisse, browser, trusting, claims):
    assert arrive(browser, trusting, **claims).status_code == 422
    assert sessions(caisse) == []


@pytest.mark.parametrize(
    "said", [None, 0, -1, True, "now", [], lambda now: now - 3600], ids=lambda one: "old" if callable(one) else str(one)
)
def test_provider_that_has_not_asked_anew_proves_nothing_again(caisse, browser, trusting, said):
    now = int(clock.now().timestamp())
    arrive(browser, trusting, auth_time=now)
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    before = sessions(caisse)[0].data[METHODS_KEY]
    answer = arrive(browser, trusting, AGAIN, auth_time=said(now) if callable(said) else said)
    assert answer.status_code == 422
    assert sessions(caisse)[0].data[METHODS_KEY] == before


@pytest.mark.parametrize(("said", "is_asked"), [(0, False), (3600, True), (None, True), (-3600, False)])
def test_sign_in_is_as_recent_as_the_provider_says(caisse, browser, trusting, said, is_asked):
    trust_fully(caisse, trusting)
    at = None if said is None else int(clock.now().timestamp()) - said
    arrive(browser, trusting, acr="high", auth_time=at)
    answer = browser.get(EMAIL)
    assert (answer.status_code == 302) is is_asked
    with clock.travel(clock.now() + LATER):
        assert browser.get(EMAIL).status_code == 302


def test_proving_more_by_a_session_that_is_open_there_makes_nothing_recent(caisse, browser, trusting):
    own_sign_in(browser, caisse)
    age_session(caisse, LATER)
    hour_ago = int(clock.now().timestamp()) - 3600
    arrive(browser, trusting, auth_time=hour_ago)
    assert browser.get(EMAIL)["Location"] == "/sign-in/again/"


def test_token_by_another_key_or_none_opens_nothing(caisse, browser, trusting):
    known = trusting.key
    trusting.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert arrive(browser, trusting).status_code == 422
    trusting.key, trusting.algorithm = known, "none"
    assert arrive(browser, trusting).status_code == 422


def test_new_key_of_the_provider_is_asked_for(caisse, browser, trusting, monkeypatch):
    assert arrive(browser, trusting).status_code == 302
    browser.post("/sign-out/")
    trusting.key = RSAKey.generate_key(2048, {"kid": "two"})
    trusting.published = [trusting.key]
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert arrive(browser, trusting).status_code in {302}


def test_provider_that_names_itself_otherwise_is_not_asked(caisse, browser, trusting):
    providers.forget()
    trusting.metadata = {"issuer": "http://localhost:1"}
    assert browser.get(BEGIN).status_code == 503


def test_provider_never_leads_into_the_platform_s_own_network(liar, settings):
    address = f"{liar.issuer}/keys"
    assert network.fetch_json(address)["keys"]
    settings.EMBEDDED, settings.HOST_CHECK_NETWORKS = False, []
    with pytest.raises(network.Unreachable):
        network.fetch_json(address)
    settings.HOST_CHECK_NETWORKS = ["127.0.0.0/8", "::1/128"]
    assert network.fetch_json(address)["keys"]


def test_answer_without_end_is_not_read_to_the_end(liar):
    liar.metadata = {"more": "x" * network.LARGEST}
    with pytest.raises(network.Unreachable):
        network.fetch_json(f"{liar.issuer}/.well-known/openid-configuration")


def test_silent_provider_is_told_in_words(caisse, browser, trusting):
    providers.forget()
    trusting.stop()
    answer = browser.get(BEGIN)
    assert answer.status_code == 503
    assert "Ausweis" in answer.content.decode()
    trusting.server.server_close()


@pytest.mark.parametrize("claim", ["email", "preferred_username", "name"])
def test_claim_that_can_change_hands_is_refused(claim):
    with pytest.raises(ValueError):
        OpenIdSection(claim=claim)
