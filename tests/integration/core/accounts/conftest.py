"""Who is there in the tests of accounts."""

from __future__ import annotations

import pytest

from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.people import make_mandate, make_member, make_party, make_user

HOST = "ak26.localhost"


@pytest.fixture
def anne(caisse):
    """The administrator of an employer."""
    with tenant_transaction(caisse):
        user, party = make_user(), make_party()
        make_mandate(party)
        make_member(user, party)
    return user


@pytest.fixture
def browser():
    """A browser at the caisse ak26, with CSRF protection as in life."""
    return Browser(HTTP_HOST=HOST)
