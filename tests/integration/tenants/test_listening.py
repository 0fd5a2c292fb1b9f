"""The thread that hears: who subscribes while it runs is heard too, and nothing falls between looking and waiting."""

from __future__ import annotations

import threading

import pytest

from tenants import listening
from tests.integration.tenants.support import wait_until


@pytest.fixture
def own_channels(database, monkeypatch):
    """Let a test subscribe for itself alone: what it adds is gone afterwards, and so is the thread that hears it."""
    listening.stop()
    monkeypatch.setattr(listening, "_subscriptions", listening._subscriptions)
    yield
    listening.stop()


def _notify(channel, payload):
    with listening.connect() as other:
        other.execute("SELECT pg_notify(%s, %s)", [channel, payload])


@pytest.mark.usefixtures("own_channels")
def test_who_subscribes_while_the_thread_runs_is_heard_on_the_same_line():
    listening.start()
    lines, heard = [], []
    subscription = listening.Subscription(
        lambda _connection, payload: heard.append(payload),
        lambda connection: lines.append(connection.info.backend_pid),
    )
    listening.subscribe("late", subscription)
    wait_until(lambda: lines)
    _notify("late", "first")
    wait_until(lambda: heard == ["first"])
    assert len(lines) == 1
    listening.subscribe("later", subscription)
    wait_until(lambda: len(lines) == 2)
    assert len(set(lines)) == 1, "the line was not renewed for it"


@pytest.mark.usefixtures("own_channels")
def test_who_takes_anothers_place_looks_once_and_hears_from_then_on():
    heard, looked = [], threading.Event()
    listening.subscribe("place", listening.Subscription(lambda *_: heard.append("old"), lambda _: None))
    listening.start()
    listening.subscribe("place", listening.Subscription(lambda *_: heard.append("new"), lambda _: looked.set()))
    wait_until(looked.is_set)
    _notify("place", "")
    wait_until(lambda: heard)
    assert heard == ["new"]


@pytest.mark.usefixtures("own_channels")
def test_notice_that_comes_while_a_subscriber_looks_is_not_left_lying():
    heard = []

    def look(connection):
        _notify("between", "now")
        connection.execute("SELECT 1")  # takes the notice off the wire together with its answer

    listening.subscribe("between", listening.Subscription(lambda _connection, payload: heard.append(payload), look))
    listening.start()
    wait_until(lambda: heard == ["now"], seconds=listening._PROBE_SECONDS / 2)
