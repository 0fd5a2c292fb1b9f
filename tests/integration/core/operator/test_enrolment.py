"""One-time links: printed by the command, opened as often as one likes, completed once."""

from __future__ import annotations

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from lxml import html

from core.accounts.factors import totp_codes as totp
from core.kernel import clock
from core.operator.models import Act, Enrolment
from tenants.models import Operator, OperatorPasskey, OperatorSession
from tenants.scope import platform_transaction
from tests.support.authenticator import Authenticator
from tests.support.browsing import Browser
from tests.support.factors import wrong_code_of
from tests.support.operators import make_operator, sign_in_operator

PASSWORD = "Am Murtensee steht eine Linde"
WRONG = object()


def platform_command(*arguments):
    output = io.StringIO()
    call_command("platform", "operator", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def link():
    said = platform_command("add", "Paula@Relais.example", "--name", "Paula  Neu")
    return re.search(r"http://localhost:\d+(/operator/enrol/[\w-]+/)", said)[1]


def entries(client, link, **changed):
    """Return the form of password and one-time password as the page offers it, filled in."""
    form = next(form for form in html.fromstring(client.get(link).text).forms if "sealed" in form.fields)
    secret = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", html.tostring(form, encoding="unicode"))[1].replace(" ", "")
    code = totp.code_of(secret, totp.step_at(clock.now()))
    typed = {"way": "password", "sealed": form.fields["sealed"], "password": PASSWORD, "again": PASSWORD, "code": code}
    return typed | changed, secret


def paula():
    with platform_transaction():
        return Operator.objects.get(email="paula@relais.example")


def test_link_leads_to_password_and_one_time_password(platform, link):
    form, secret = entries(platform, link)
    done = platform.post(link, form)
    assert done["Location"] == "/operator/sign-in/?enrolled=1"
    again = {"email": "paula@relais.example", "password": PASSWORD}
    assert platform.post("/operator/sign-in/", again | {"code": form["code"]}).status_code == 403  # used by setting up
    following = totp.code_of(secret, totp.step_at(clock.now()) + 1)
    assert platform.post("/operator/sign-in/", again | {"code": following}).status_code == 302
    assert paula().name == "Paula Neu"


def test_link_leads_to_a_passkey(platform, link):
    device = Authenticator()
    form = device.set_up(platform.get(f"{link}challenge/").json()) | {"label": "Blue key"}
    assert platform.post(link, form).status_code == 302
    asked = platform.get("/operator/sign-in/challenge/").json()
    assert platform.post("/operator/sign-in/", device.use(asked)).status_code == 302
    assert platform.get("/operator/").status_code == 200


def test_only_the_hash_of_a_link_is_kept(link):
    secret = link.split("/")[-2]
    with platform_transaction():
        kept = Enrolment.objects.get()
    assert secret.encode() not in bytes(kept.secret_hash)
    with platform_transaction():
        assert secret not in json.dumps(list(Act.objects.values_list("data", flat=True)))


def test_opening_uses_nothing_up_and_completing_does(platform, link):
    for _ in range(3):
        assert platform.get(link).status_code == 200
        assert platform.head(link).status_code == 200
    form, _secret = entries(platform, link)
    assert platform.post(link, form).status_code == 302
    assert platform.get(link).status_code == 404
    assert platform.get(f"{link}challenge/").status_code == 404
    assert platform.post(link, form).status_code == 404


def test_of_many_who_complete_one_link_one_does(platform, link):
    forms = [entries(platform, link)[0] for _ in range(3)]
    devices = [Authenticator().set_up(platform.get(f"{link}challenge/").json()) | {"label": "x"} for _ in range(3)]

    def complete(form):
        try:
            return Browser(HTTP_HOST="localhost").post(link, form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(complete, [*forms, *devices])) == [302] + [404] * 5
    with platform_transaction():
        ways = OperatorPasskey.objects.count() + Operator.objects.exclude(password="").count()
        assert (ways, Act.objects.filter(action="operator_enrolled").count()) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"again": "Am Murtensee steht eine Eiche"}, 422),
        ({"password": "kurz", "again": "kurz"}, 422),
        ({"password": "password123456", "again": "password123456"}, 422),
        ({"password": "paula@relais.example", "again": "paula@relais.example"}, 422),
        ({"password": "x" * 1025, "again": "x" * 1025}, 422),
        ({"code": WRONG}, 422),
        ({"code": ""}, 422),
        ({"sealed": "nonsense"}, 422),
        ({"sealed": ""}, 422),
    ],
)
def test_wrong_entries_leave_the_link_usable(platform, link, changed, status):
    form, secret = entries(platform, link, **changed)
    if changed.get("code") is WRONG:
        form["code"] = wrong_code_of(secret)
    answer = platform.post(link, form)
    assert answer.status_code == status
    assert "alert-danger" in answer.text
    assert (paula().password, paula().totp_secret) == ("", None)
    assert platform.get(link).status_code == 200


def test_secret_stays_the_same_while_entries_are_corrected(platform, link):
    form, secret = entries(platform, link, again="something else")
    page = platform.post(link, form)
    assert " ".join(secret[at : at + 4] for at in range(0, 32, 4)) in page.text


def test_secret_of_another_operators_page_is_refused(platform, link):
    other = re.search(r"(/operator/enrol/[\w-]+/)", platform_command("add", "erna@relais.example", "--name", "Erna"))[1]
    form, _secret = entries(platform, other)
    assert platform.post(link, form).status_code == 422


def test_link_runs_out_and_a_newer_one_replaces_it(platform, link):
    newer = re.search(r"(/operator/enrol/[\w-]+/)", platform_command("invite", "paula@relais.example"))[1]
    assert (platform.get(link).status_code, platform.get(newer).status_code) == (404, 200)
    with platform_transaction():
        Enrolment.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert platform.get(newer).status_code == 404


def test_page_of_a_spent_link_says_what_to_do(platform):
    answer = platform.get("/operator/enrol/nonsense/", headers={"Accept-Language": "fr"})
    assert answer.status_code == 404
    assert "Demandez-en un nouveau" in answer.text


def test_command_lists_blocks_admits_and_resets(platform, link):
    make_operator()
    listed = json.loads(platform_command("list", "--json"))
    assert [(one["email"], one["state"]) for one in listed] == [
        ("olga@relais.example", "active"), ("paula@relais.example", "invited"),
    ]  # fmt: skip
    assert "Paula Neu" in platform_command("list")
    platform_command("block", "paula@relais.example")
    assert platform.get(link).status_code == 404
    platform_command("unblock", "paula@relais.example")
    assert "/operator/enrol/" in platform_command("reset", "olga@relais.example")
    with platform_transaction():
        olga = Operator.objects.get(email="olga@relais.example")
        assert (olga.password, olga.totp_secret) == ("", None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "olga@relais.example", "--name", "Olga"), "already"),
        (("add", "no address", "--name", "Olga"), "needs a name"),
        (("add", "new@relais.example", "--name", "  "), "needs a name"),
        (("block", "olga@relais.example"), "last operator"),
        (("block", "nobody@relais.example"), "no such operator"),
        (("unblock", "olga@relais.example"), "Somebody else"),
        (("invite", "olga@relais.example"), "Somebody else"),
    ],
)
def test_command_says_what_is_wrong(arguments, says):
    make_operator()
    with pytest.raises(CommandError, match=says):
        platform_command(*arguments)


def test_setting_up_anew_ends_her_sessions(platform):
    olga = make_operator()
    browser = sign_in_operator(operator=olga)
    said = platform_command("reset", olga.email)
    assert browser.get("/operator/").status_code == 302
    link = re.search(r"(/operator/enrol/[\w-]+/)", said)[1]
    form, _secret = entries(platform, link)
    platform.post(link, form)
    with platform_transaction():
        assert OperatorSession.objects.count() == 0
