"""P8: how many sign-ins a core does, beside how many bare hashes of the same cost it does.

A sign-in is the request with name and password: limits, the look-up, argon2id, what follows a right password.
The processor's time of the application and of the database's backends counts; the second factor comes by SMS and
takes none of the hash's time.
"""

from __future__ import annotations

import statistics
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from django.test.client import ClientHandler

from core.accounts.models import RateLimit, User
from core.kernel import clock
from core.notices.models import SmsUse
from tenants.scope import tenant_transaction
from tests.benchmarks.tenancy import Compared, cpu_seconds
from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.scope import CaisseRef

LIMIT = 0.90


def measure_sign_ins(caisse: CaisseRef, *, rounds: int = 7, size: int = 20) -> Compared:
    """Return seconds of CPU per sign-in and per bare hash, medians of interleaved rounds."""
    encoded = make_password(PASSWORD)
    names = _make_users(caisse, encoded, size)
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        _forget_counts(caisse)
        for work, times in zip((lambda: _sign_in(caisse, names), lambda: _hash(encoded, size)), spent, strict=True):
            seconds = _time(work)
            if number:  # the first round warms up
                times.append(seconds / size)
    return Compared(statistics.median(spent[0]), statistics.median(spent[1]))


def _make_users(caisse: CaisseRef, encoded: str, size: int) -> list[str]:
    names = [f"person{number}@example.ch" for number in range(size)]
    with tenant_transaction(caisse):
        User.objects.bulk_create(
            User(sign_in_name=name, password=encoded, mobile="+41790000001", created_at=clock.now()) for name in names
        )
    return names


def _forget_counts(caisse: CaisseRef) -> None:
    """Take away what the limiter and the budget for SMS have counted, as if an hour had passed."""
    with tenant_transaction(caisse):
        RateLimit.objects.all().delete()
        SmsUse.objects.all().delete()


@cache
def _application() -> ClientHandler:
    """The application as a server holds it: started once, for all who sign in."""
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


def _sign_in(caisse: CaisseRef, names: list[str]) -> None:
    for name in names:
        browser = Client(HTTP_HOST=f"{caisse.slug}.localhost")
        browser.handler = _application()
        form = urlencode({"name": name, "password": PASSWORD})
        answer = browser.post("/sign-in/", form, content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, answer["Location"][:9]) == (302, "/sign-in/"), answer.status_code


def _hash(encoded: str, times: int) -> None:
    for _ in range(times):
        assert check_password(PASSWORD, encoded)


def _time(work: Callable[[], None]) -> float:
    before = cpu_seconds()
    work()
    return cpu_seconds() - before
