"""Password and one-time password: right, wrong, blocked, replayed, too often; and the session that follows."""

from __future__ import annotations

import io
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from core.accounts.factors.totp_codes import step_at
from core.kernel import clock
from core.operator import factors, sign_in
from core.operator.errors import OperatorLocked, OperatorRefused
from core.operator.factors import spend_step
from core.operator.models import Act, SpentChallenge, TryCounter
from core.operator.sessions import OperatorSessionStore, hash_key
from core.operator.tasks import upkeep
from infra.telemetry import logs
from tenants.models import Operator, OperatorSession
from tenants.scope import platform_transaction
from tests.support.browsing import Browser
from tests.support.factors import wrong_code_of
from tests.support.operators import PASSWORD, code_of, make_operator

SIGN_IN = "/operator/sign-in/"


def enter(client, email="olga@relais.example", password=PASSWORD, code=None, **extra):
    return client.post(SIGN_IN, {"email": email, "password": password, "code": code, **extra})


def acts():
    with platform_transaction():
        return [(act.action, act.data.get("reason"), act.about_name) for act in Act.objects.order_by("at", "id")]


def test_right_entries_open_the_console(platform, olga):
    answer = enter(platform, email=" Olga@Relais.example ", code=code_of(olga), next="/operator/acts/")
    assert (answer.status_code, answer["Location"]) == (302, "/operator/acts/")
    page = platform.get("/operator/")
    assert (page.status_code, olga.name in page.text) == (200, True)
    assert acts() == [("signed_in", None, "")]
    cookie = platform.cookies["relais_operator"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/", "")
    with platform_transaction():
        row = OperatorSession.objects.get()
        assert bytes(row.key_hash) == hash_key(cookie.value)
        assert cookie.value not in str(row.data)


def test_cookie_is_bound_to_the_host_where_the_connection_is_safe(platform, olga):
    platform.post(SIGN_IN, {"email": olga.email, "password": PASSWORD, "code": code_of(olga)}, secure=True)
    assert platform.cookies["__Host-relais_operator"]["secure"] is True


@pytest.mark.parametrize(
    "where", ["https://foreign.example/", "//foreign.example", "/", "/operator/sign-out/", "/operator/../dev/outbox/"]
)
def test_way_back_stays_in_the_console(platform, olga, where):
    assert enter(platform, code=code_of(olga), next=where)["Location"] == "/operator/"


def wrong(olga):
    make_operator("Blanche", "blanche@relais.example")
    with platform_transaction():
        Operator.objects.filter(email="blanche@relais.example").update(state="blocked")
        Operator.objects.create(email="neu@relais.example", name="Neu", created_at=clock.now())
        blocked = Operator.objects.get(email="blanche@relais.example")
    code = code_of(olga)
    return [
        ("nobody@relais.example", PASSWORD, code),
        (olga.email, "Lac-de-Morat-2025", code),
        (olga.email, PASSWORD, wrong_code_of(factors.open_secret(olga))),
        (olga.email, PASSWORD, ""),
        (olga.email, "", code),
        (blocked.email, PASSWORD, code_of(blocked)),
        ("neu@relais.example", "", "000000"),
    ]


def test_refusals_are_all_alike(platform, olga):
    said = set()
    for email, password, code in wrong(olga):
        answer = enter(Browser(HTTP_HOST="localhost"), email=email, password=password, code=code)
        shown = answer.text.replace(email, "").split("<main")[1].split("</main")[0]
        said.add((answer.status_code, tuple(line for line in shown.splitlines() if "csrf" not in line)))
    assert len(said) == 1
    assert next(iter(said))[0] == 403
    assert {reason for _action, reason, _about in acts()} == {"unknown", "password_or_code", "blocked"}
    assert platform.get("/operator/").status_code == 302


def test_unknown_address_costs_the_same_hash(platform, olga, monkeypatch):
    """Time is not measured, which would be the machine's mood: the work is counted."""
    compared = []
    real = factors.check_password
    monkeypatch.setattr(factors, "check_password", lambda typed, kept: compared.append(kept[:20]) or real(typed, kept))
    for email, password, code in wrong(olga):
        enter(Browser(HTTP_HOST="localhost"), email=email, password=password, code=code)
    assert len(compared) == 7
    assert len(set(compared)) == 1


def test_one_time_password_opens_once(platform, olga):
    code = code_of(olga)
    assert enter(platform, code=code).status_code == 302
    assert enter(Browser(HTTP_HOST="localhost"), code=code).status_code == 403
    assert enter(Browser(HTTP_HOST="localhost"), code=code_of(olga, ahead=-1)).status_code == 403
    assert enter(Browser(HTTP_HOST="localhost"), code=code_of(olga, ahead=1)).status_code == 302


def in_threads(times, work, threads=16):
    """Do it so many times, each thread with a connection of its own."""

    def share(first):
        try:
            return [work(number) for number in range(first, times, threads)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return [answer for answers in pool.map(share, range(threads)) for answer in answers]


def test_of_many_at_once_with_one_code_one_comes_in(olga):
    step = step_at(clock.now())

    def spend(_number):
        with platform_transaction():
            return spend_step(olga, step)

    assert sorted(in_threads(20, spend)) == [False] * 19 + [True]


def test_of_a_thousand_tries_five_are_compared(olga, monkeypatch):
    compared = []
    monkeypatch.setattr(sign_in, "find_fitting_step", lambda *_args, **_options: compared.append(1))

    def attempt(number):
        try:
            sign_in.sign_in_by_password(
                session=OperatorSessionStore(), email=olga.email, password="x", typed="1", address=f"10.0.{number}.1"
            )
        except (OperatorRefused, OperatorLocked) as error:
            return error.code

    answers = in_threads(1000, attempt)
    assert len(compared) == 5
    assert (answers.count("operator_refused"), answers.count("operator_locked")) == (5, 995)
    assert [reason for _action, reason, _about in acts()].count("limited") == 1


def test_who_is_locked_out_is_told_how_long_and_others_are_not(platform, olga):
    for _ in range(5):
        enter(platform, password="wrong", code="000000")
    answer = enter(platform, code=code_of(olga))
    assert answer.status_code == 429
    assert "15" in answer.text
    erna = make_operator("Erna", "erna@relais.example")
    assert enter(platform, email=erna.email, code=code_of(erna)).status_code == 302


def test_lock_is_the_same_for_an_address_that_nobody_has(platform):
    answers = [enter(platform, email="nobody@relais.example", code="1").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


def test_own_success_uses_no_try_up(platform, olga):
    with clock.travel(clock.now()):  # the oldest code that opens may run out on its way
        for ahead in range(-1, 2):
            assert enter(Browser(HTTP_HOST="localhost"), code=code_of(olga, ahead=ahead)).status_code == 302
    for _ in range(5):
        assert enter(platform, password="wrong", code="1").status_code == 403


def test_form_from_elsewhere_is_refused(olga):
    strict = Browser(HTTP_HOST="localhost", enforce_csrf_checks=True)
    assert enter(strict, code=code_of(olga)).status_code == 403
    assert acts() == []


def test_new_sign_in_ends_the_session_that_this_browser_had(console, olga):
    before = console.cookies["relais_operator"].value
    enter(console, code=code_of(olga))
    after = console.cookies["relais_operator"].value
    assert before != after
    stale = Browser(HTTP_HOST="localhost")
    stale.cookies["relais_operator"] = before
    assert stale.get("/operator/").status_code == 302


def test_proof_goes_on_under_a_new_key(console, olga):
    before = console.cookies["relais_operator"].value
    with platform_transaction():
        OperatorSession.objects.update(data={"proved_at": (clock.now() - timedelta(minutes=11)).isoformat()})
    asked = console.get("/operator/people/add/")
    assert asked["Location"] == "/operator/prove/?next=%2Foperator%2Fpeople%2Fadd%2F"
    assert console.get(asked["Location"]).status_code == 200
    wrong_code = console.post(
        "/operator/prove/", {"password": PASSWORD, "code": wrong_code_of(factors.open_secret(olga))}
    )
    assert wrong_code.status_code == 403
    proved = console.post(
        "/operator/prove/", {"password": PASSWORD, "code": code_of(olga), "next": "/operator/people/add/"}
    )
    assert proved["Location"] == "/operator/people/add/"
    assert console.cookies["relais_operator"].value != before
    assert console.get("/operator/people/add/").status_code == 200
    stale = Browser(HTTP_HOST="localhost")
    stale.cookies["relais_operator"] = before
    assert stale.get("/operator/").status_code == 302
    assert [action for action, _reason, _about in acts()] == ["proof_refused", "proof_given"]


@pytest.mark.parametrize(
    ("field", "ago"), [("last_seen_at", timedelta(minutes=31)), ("expires_at", timedelta(seconds=1))]
)
def test_session_ends_by_itself(console, field, ago):
    with platform_transaction():
        OperatorSession.objects.update(**{field: clock.now() - ago})
    assert console.get("/operator/").status_code == 302
    assert console.cookies["relais_operator"].value == ""


def test_use_keeps_a_session_alive_but_not_for_ever(console):
    with platform_transaction():
        OperatorSession.objects.update(last_seen_at=clock.now() - timedelta(minutes=29))
        until = OperatorSession.objects.get().expires_at
    assert console.get("/operator/").status_code == 200
    with platform_transaction():
        row = OperatorSession.objects.get()
    assert clock.now() - row.last_seen_at < timedelta(seconds=10)
    assert row.expires_at == until


def test_sign_out_ends_the_session_at_once(console):
    key = console.cookies["relais_operator"].value
    assert console.post("/operator/sign-out/")["Location"] == SIGN_IN
    stale = Browser(HTTP_HOST="localhost")
    stale.cookies["relais_operator"] = key
    assert stale.get("/operator/").status_code == 302
    assert acts() == [("signed_out", None, "")]
    assert console.post("/operator/sign-out/")["Location"] == SIGN_IN


def test_secret_is_sealed_and_belongs_to_its_operator(olga):
    erna = make_operator("Erna", "erna@relais.example")
    assert factors.open_secret(olga).encode() not in bytes(olga.totp_secret)
    erna.totp_secret = olga.totp_secret
    assert factors.open_secret(erna) is None


def test_what_ran_out_is_let_go_of_and_what_was_done_stays(console, olga, platform):
    enter(platform, code="000000", password="wrong")
    with platform_transaction():
        kept = Act.objects.count()
        OperatorSession.objects.update(last_seen_at=clock.now() - timedelta(hours=1))
        SpentChallenge.objects.create(digest=b"x" * 32, expires_at=clock.now() - timedelta(seconds=1))
        TryCounter.objects.update(resets_at=clock.now() - timedelta(seconds=1))
    assert upkeep() == 4
    assert upkeep() == 0
    with platform_transaction():
        assert Act.objects.count() == kept


@pytest.fixture
def written():
    """What is written to the log meanwhile, as production writes it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.make_formatter())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_log_holds_the_route_and_nobody(olga, platform, written):
    platform.get("/operator/enrol/very-secret-token/")
    enter(platform, email="somebody@relais.example", password="hidden-password", code="typed-code")
    text = written.getvalue()
    assert "operator/enrol/<str:token>/" in text
    for secret in ("very-secret-token", "somebody", "hidden-password", "typed-code", olga.name):
        assert secret not in text


def test_outbox_of_the_embedded_mode_shows_the_demo_operators_code_and_nobody_elses(platform, olga):
    erna = make_operator("Erna", "erna@relais.example")
    page = platform.get("/dev/outbox/").text
    shown = re.search(r"data-operator-code>(\d{6})<", page)[1]
    assert erna.email not in page
    assert enter(platform, code=shown).status_code == 302
    following = re.search(r"data-operator-code>(\d{6})<", platform.get("/dev/outbox/").text)[1]
    assert following != shown
    assert enter(Browser(HTTP_HOST="localhost"), code=following).status_code == 302
