"""One operator, and browsers at the platform's own host."""

from __future__ import annotations

import pytest

from tests.support.browsing import Browser
from tests.support.operators import make_operator, sign_in_operator


@pytest.fixture
def olga():
    return make_operator()


@pytest.fixture
def platform():
    return Browser(HTTP_HOST="localhost")


@pytest.fixture
def console(olga):
    """Olga, signed in a moment ago."""
    return sign_in_operator(operator=olga)
