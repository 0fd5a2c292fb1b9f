"""An operator's own page: where she is signed in, and signing out there."""

from __future__ import annotations

import re

import pytest

from core.operator import people, services
from core.operator.errors import OperatorChanged
from core.operator.models import Act
from core.operator.sessions import OperatorSessionStore
from tenants.models import OperatorSession
from tenants.scope import platform_transaction
from tests.support.away import away
from tests.support.browsing import Browser
from tests.support.operators import make_operator, operator_actor, sign_in_operator

ME = "/operator/me/"


def named(client):
    """Return how the page names the sessions that may be ended."""
    return re.findall(r'name="session" value="(\w+)"', client.get(ME).text)


def actions():
    with platform_transaction():
        return list(Act.objects.order_by("at").values_list("action", flat=True))


def test_another_device_is_signed_out_and_this_one_is_not_offered(console, olga):
    other = sign_in_operator(operator=olga)
    (name,) = named(console)
    assert console.post(f"{ME}session/end/", {"session": name})["Location"] == ME
    assert other.get(ME).status_code == 302
    assert console.get(ME).status_code == 200
    assert named(console) == []
    assert actions() == ["session_ended"]


@pytest.mark.parametrize("name", ["", "zz", "00" * 32])
def test_session_that_is_not_there_cannot_be_ended(console, name):
    assert console.post(f"{ME}session/end/", {"session": name}).status_code == 404


def test_nobody_ends_anothers_session(console, olga):
    hers = sign_in_operator(operator=make_operator("Erna", "erna@relais.example"))
    sign_in_operator(operator=olga)
    (name,) = named(console)
    assert hers.post(f"{ME}session/end/", {"session": name}).status_code == 404
    with platform_transaction():
        assert OperatorSession.objects.filter(operator=olga).count() == 2


def test_page_never_holds_the_key_of_a_session(console, olga):
    other = sign_in_operator(operator=olga)
    text = console.get(ME).text
    for client in (console, other):
        assert client.cookies["relais_operator"].value not in text


def test_all_devices_at_once(console, olga):
    other = sign_in_operator(operator=olga)
    assert console.post(f"{ME}sign-out-everywhere/")["Location"] == "/operator/sign-in/"
    for client in (console, other):
        assert client.get(ME).status_code == 302
    assert actions() == ["signed_out_everywhere"]


def test_session_that_ends_while_a_page_is_made_stays_ended(console):
    """The answer must not bring it back: its row is gone, and the cookie goes."""
    key = console.cookies["relais_operator"].value
    with platform_transaction():
        OperatorSession.objects.all().delete()
    console.get(ME)
    again = Browser(HTTP_HOST="localhost")
    again.cookies["relais_operator"] = key
    assert again.get(ME).status_code == 302
    with platform_transaction():
        assert OperatorSession.objects.count() == 0


def test_request_that_was_on_its_way_sets_nothing_up_after_a_reset(olga):
    """Whoever held the device when it was taken away must not come back by its last request."""
    erna = make_operator("Erna", "erna@relais.example")
    session = OperatorSessionStore()
    with platform_transaction():
        session.begin(olga, level=3)
    with platform_transaction():
        people.reset_operator(actor=operator_actor(erna), operator_id=olga.id)
    with pytest.raises(OperatorChanged), platform_transaction():
        services._locked(olga, session)
    with pytest.raises(OperatorChanged), platform_transaction():
        session.note_proof(level=4)


@pytest.mark.parametrize("step", ["add", "invite", "unblock"])
def test_blocked_operators_last_request_changes_nobody(olga, step):
    erna = make_operator("Erna", "erna@relais.example")
    actor = operator_actor(olga)
    with platform_transaction():
        people.block_operator(actor=operator_actor(erna), operator_id=olga.id)
    calls = {
        "add": lambda: people.add_operator(actor=actor, email="x@relais.example", name="X"),
        "invite": lambda: people.invite_again(actor=actor, operator_id=erna.id),
        "unblock": lambda: people.unblock_operator(actor=actor, operator_id=olga.id),
    }
    with pytest.raises(OperatorChanged), platform_transaction():
        calls[step]()


def test_pages_are_kept_by_no_cache(console):
    for path in ("/operator/", ME, "/operator/people/", "/operator/acts/", "/operator/sign-in/"):
        assert "no-store" in console.get(path)["Cache-Control"]


def test_console_says_so_while_the_database_is_away_and_goes_on_afterwards(olga):
    browser = sign_in_operator(Browser(HTTP_HOST="localhost", raise_request_exception=False), olga)
    assert browser.get(ME).status_code == 200
    with away():
        for path in ("/operator/", ME, "/operator/people/"):
            answer = browser.get(path)
            assert (answer.status_code, answer["Retry-After"]) == (503, "30")
            assert "relais_operator" not in answer.cookies
    assert browser.get(ME).status_code == 200
