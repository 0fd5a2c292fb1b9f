"""Passkeys: set up, used, and every answer that must not open the console."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from core.kernel import clock
from core.operator.models import Act
from tenants.models import Operator, OperatorPasskey, OperatorSession
from tenants.scope import platform_transaction
from tests.support.authenticator import PRESENT, Authenticator
from tests.support.browsing import Browser
from tests.support.operators import make_operator, sign_in_operator

SIGN_IN, CHALLENGE = "/operator/sign-in/", "/operator/sign-in/challenge/"


@pytest.fixture
def device(console):
    """Olga's device, set up in the console."""
    made = Authenticator()
    assert add(console, made)["Location"] == "/operator/me/"
    return made


def add(console, device, label="Work computer"):
    asked = console.get("/operator/me/challenge/").json()
    return console.post("/operator/me/passkey/", device.set_up(asked) | {"label": label})


def ask(client):
    return client.get(CHALLENGE).json()


def enter(client, form):
    return client.post(SIGN_IN, form)


def reasons(action="sign_in_refused"):
    with platform_transaction():
        return [act.data.get("reason") for act in Act.objects.filter(action=action).order_by("at")]


def test_passkey_opens_the_console(platform, device, olga):
    answer = enter(platform, device.use(ask(platform)) | {"next": "/operator/me/"})
    assert (answer.status_code, answer["Location"]) == (302, "/operator/me/")
    assert "Work computer" in platform.get("/operator/me/").text
    with platform_transaction():
        session = OperatorSession.objects.order_by("-created_at").first()
        assert (session.operator_id, session.assurance_level) == (olga.id, 4)
        assert OperatorPasskey.objects.get().last_used_at is not None


def test_what_is_asked_names_no_passkey_and_nobody(platform, device):
    options = ask(platform)["options"]
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert not options.get("allowCredentials")


def test_setting_up_asks_for_a_passkey_that_the_device_finds_and_that_checks_its_user(console, device):
    options = console.get("/operator/me/challenge/").json()["options"]
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert len(options["excludeCredentials"]) == 1


DEVICES = {
    "user not checked": {"flags": PRESENT},
    "nobody present": {"flags": 0},
    "a caisse's host": {"origin": "http://ak26.localhost"},
    "another port": {"origin": "http://localhost:8000"},
    "another domain": {"rp_id": "relais.example"},
    "another key": {"key": Authenticator().key},
    "unknown passkey": {"credential_id": bytes(32)},
}


def by_hand(state):
    """Return a state with one character of its signature exchanged for another."""
    other = "B" if state[-9] == "A" else "A"
    return f"{state[:-9]}{other}{state[-8:]}"


ANSWERS = {
    "another person": lambda device, browser, asked: device.use(asked, userHandle=bytes(16)),
    "another challenge": lambda device, browser, asked: device.use(asked) | {"state": ask(browser)["state"]},
    "state by hand": lambda device, browser, asked: device.use(asked) | {"state": by_hand(asked["state"])},
    "state for setting up": lambda device, browser, asked: (
        device.use(asked) | {"state": sign_in_operator().get("/operator/me/challenge/").json()["state"]}
    ),
}


def altered(device, browser, change):
    """Return the form of an answer in which something is not as it should be."""
    for name, value in DEVICES.get(change, {}).items():
        setattr(device, name, value)
    answer = ANSWERS.get(change, lambda device, _browser, asked: device.use(asked))
    return answer(device, browser, ask(browser))


@pytest.mark.parametrize("change", [*DEVICES, *ANSWERS])
def test_wrong_answer_opens_nothing(platform, device, change):
    assert enter(platform, altered(device, platform, change)).status_code == 403
    assert platform.get("/operator/").status_code == 302
    assert reasons() == ["passkey"]


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", '"x"', "{", "[" * 9000, json.dumps({"id": "AA", "rawId": "AA", "type": "public-key"}), "x" * 30_000,
     json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"}}),
     json.dumps({"id": 1, "rawId": [], "type": {}, "response": []})],
)  # fmt: skip
def test_bytes_of_no_authenticator_open_nothing(platform, device, console, credential):
    form = {"way": "passkey", "state": ask(platform)["state"], "credential": credential}
    assert enter(platform, form).status_code == 403
    made = console.get("/operator/me/challenge/").json()
    answer = console.post("/operator/me/passkey/", form | {"state": made["state"], "label": "x"})
    assert answer.status_code == 422


def test_answer_counts_once(platform, device):
    form = device.use(ask(platform))
    assert enter(platform, form).status_code == 302
    assert enter(Browser(HTTP_HOST="localhost"), form).status_code == 403


def test_of_many_who_send_one_answer_one_comes_in(device):
    form = device.use(ask(Browser(HTTP_HOST="localhost")))

    def attempt(_number):
        try:
            return enter(Browser(HTTP_HOST="localhost"), form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(12))) == [302] + [403] * 11


def test_challenge_runs_out(platform, device):
    form = device.use(ask(platform))
    with platform_transaction():
        OperatorPasskey.objects.update(sign_count=0)
    import time as clocks

    real = clocks.time
    try:
        clocks.time = lambda: real() + 301
        assert enter(platform, form).status_code == 403
    finally:
        clocks.time = real


def test_counter_that_goes_back_is_refused_and_written_down(platform, device):
    device.count = 5
    assert enter(platform, device.use(ask(platform))).status_code == 302
    device.count = 3
    assert enter(Browser(HTTP_HOST="localhost"), device.use(ask(platform))).status_code == 403
    with platform_transaction():
        act = Act.objects.get(action="passkey_copied")
        assert (act.data["counted"], act.data["known"]) == (4, 6)


def test_blocked_operators_passkey_opens_nothing(platform, device):
    with platform_transaction():
        Operator.objects.update(state="blocked")
    assert enter(platform, device.use(ask(platform))).status_code == 403
    assert reasons() == ["blocked"]


def test_passkey_proves_but_only_ones_own(console, device, olga):
    erna = make_operator("Erna", "erna@relais.example")
    hers = sign_in_operator(operator=erna)
    assert hers.post("/operator/prove/", device.use(ask(hers))).status_code == 403
    before = console.cookies["relais_operator"].value
    with platform_transaction():
        OperatorSession.objects.filter(operator=olga).update(data={})
    assert console.get("/operator/people/add/")["Location"].startswith("/operator/prove/")
    assert console.post("/operator/prove/", device.use(ask(console))).status_code == 302
    assert console.cookies["relais_operator"].value != before
    assert console.get("/operator/people/add/").status_code == 200


def test_setting_up_needs_a_fresh_proof(console):
    with platform_transaction():
        OperatorSession.objects.update(data={"proved_at": (clock.now() - timedelta(minutes=11)).isoformat()})
    for path in ("/operator/me/passkey/", "/operator/me/challenge/", "/operator/me/password/"):
        assert console.get(path)["Location"].startswith("/operator/prove/")
    with platform_transaction():
        assert OperatorPasskey.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"flags": PRESENT}, {"origin": "http://ak26.localhost"}, {"rp_id": "relais.example"}]
)
def test_unsound_passkey_is_not_kept(console, wrong):
    assert add(console, Authenticator(**wrong)).status_code == 422
    with platform_transaction():
        assert OperatorPasskey.objects.count() == 0


def test_challenge_of_another_operator_sets_nothing_up(console):
    hers = sign_in_operator(operator=make_operator("Erna", "erna@relais.example"))
    asked = hers.get("/operator/me/challenge/").json()
    assert console.post("/operator/me/passkey/", Authenticator().set_up(asked) | {"label": "x"}).status_code == 422


def test_same_passkey_twice_is_told(console, device):
    assert add(console, device).status_code == 409


def test_removed_passkey_opens_nothing_and_signs_other_devices_out(console, platform, device, olga):
    other = sign_in_operator(operator=olga)
    with platform_transaction():
        passkey = OperatorPasskey.objects.get()
    assert console.post(f"/operator/me/passkey/{passkey.id}/remove/").status_code == 302
    assert console.get("/operator/").status_code == 200
    assert other.get("/operator/").status_code == 302
    assert enter(platform, device.use(ask(platform))).status_code == 403


def test_last_way_in_stays(console, device, olga):
    assert console.post("/operator/me/password/remove/").status_code == 302
    with platform_transaction():
        passkey = OperatorPasskey.objects.get()
    assert console.post(f"/operator/me/passkey/{passkey.id}/remove/").status_code == 409
    with platform_transaction():
        assert OperatorPasskey.objects.count() == 1
        assert Operator.objects.get(pk=olga.pk).totp_secret is None


def test_nobody_removes_anothers_passkey(device):
    hers = sign_in_operator(operator=make_operator("Erna", "erna@relais.example"))
    with platform_transaction():
        passkey = OperatorPasskey.objects.get()
    assert hers.post(f"/operator/me/passkey/{passkey.id}/remove/").status_code == 404
