"""The people of a mailbox, at each of the two caisses."""

from __future__ import annotations

import pytest

from core.kernel import clock
from tests.support.mailbox import open_office


@pytest.fixture
def still_clock():
    """Let the time stand still where queries are counted: once a minute a session notes that it is in use."""
    with clock.travel(clock.now()):
        yield


@pytest.fixture
def office(caisse):
    """The cast at ak26."""
    return open_office(caisse)


@pytest.fixture
def other_office(other_caisse):
    """The cast at ak99."""
    return open_office(other_caisse)
