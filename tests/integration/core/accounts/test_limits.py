"""The limiter and the codes under many callers at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from threading import Barrier

from django.db import connections

from core.accounts import codes, limiter
from core.accounts.limiter import Limit
from core.accounts.models import OneTimeCode, RateLimit
from core.accounts.tasks import upkeep
from core.kernel import clock
from tenants.scope import tenant_transaction

FIVE = Limit("test", 5, 900)
TRIES, THREADS = 1000, 8


def in_parallel(work, times: int = TRIES) -> Counter:
    """Call ``work`` from eight threads at once, each with one connection throughout, and count the answers."""
    begin = Barrier(THREADS)

    def share(number: int):
        begin.wait()
        try:
            return [work() for _ in range(number, times, THREADS)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(chain.from_iterable(pool.map(share, range(THREADS))))


def take(caisse, subject: str = "anne", limit: Limit = FIVE) -> limiter.Verdict:
    with tenant_transaction(caisse):
        return limiter.take(limit, subject)


def test_of_many_parallel_tries_exactly_five_pass(caisse):
    assert in_parallel(lambda: take(caisse).allowed) == {True: 5, False: TRIES - 5}


def test_first_refusal_is_told_once(caisse):
    assert in_parallel(lambda: take(caisse).first_refusal, 40)[True] == 1


def test_window_begins_with_the_first_try_and_ends(caisse):
    for _ in range(5):
        assert take(caisse).allowed
    refused = take(caisse)
    assert not refused.allowed
    assert 0 < refused.wait_seconds <= 900
    assert refused.wait_minutes == 15
    with clock.travel(clock.now() + timedelta(seconds=901)):
        assert take(caisse).allowed


def test_subjects_limits_and_caisses_are_counted_apart(caisse, other_caisse):
    for _ in range(6):
        take(caisse)
    assert take(caisse, "beat").allowed
    assert take(caisse, limit=Limit("other", 5, 900)).allowed
    assert take(other_caisse).allowed


def test_try_given_back_can_be_used_again(caisse):
    for _ in range(20):
        assert take(caisse).allowed
        with tenant_transaction(caisse):
            limiter.give_back(FIVE, "anne")


def test_refusal_cannot_be_given_back(caisse):
    for _ in range(6):
        take(caisse)
    with tenant_transaction(caisse):
        limiter.give_back(FIVE, "anne")
    assert not take(caisse).allowed


def test_counter_holds_no_name(caisse):
    take(caisse, "anne@example.ch")
    with tenant_transaction(caisse):
        assert "anne" not in RateLimit.objects.get().bucket


def issue(caisse, binding: str = "browser") -> codes.IssuedCode:
    with tenant_transaction(caisse):
        return codes.issue_code(purpose="sign_in", user_id=None, binding=binding, minutes=10, max_tries=5)


def check(caisse, issued, typed: str, binding: str = "browser", purpose: str = "sign_in") -> codes.CodeCheck:
    with tenant_transaction(caisse):
        return codes.check_code(code_id=issued.id, purpose=purpose, binding=binding, typed=typed)


def wrong(issued: codes.IssuedCode) -> str:
    return f"{(int(issued.code) + 1) % 10**6:06}"


def test_of_many_parallel_guesses_five_are_compared(caisse):
    issued = issue(caisse)
    outcomes = in_parallel(lambda: check(caisse, issued, wrong(issued)).tries_left, 40)
    assert outcomes == {4: 1, 3: 1, 2: 1, 1: 1, 0: 36}
    assert check(caisse, issued, issued.code).outcome == "spent"


def test_right_code_is_accepted_once_under_concurrency(caisse):
    issued = issue(caisse)
    assert in_parallel(lambda: check(caisse, issued, issued.code).outcome, 40) == {"accepted": 1, "spent": 39}


def test_code_counts_only_where_it_was_asked_for(caisse):
    issued = issue(caisse)
    assert check(caisse, issued, issued.code, binding="elsewhere").outcome == "spent"
    assert check(caisse, issued, issued.code, purpose="activation").outcome == "spent"
    assert check(caisse, issued, issued.code).outcome == "accepted"


def test_new_code_leaves_other_browsers_alone(caisse):
    first, elsewhere = issue(caisse), issue(caisse, "elsewhere")
    issue(caisse)
    assert check(caisse, first, first.code).outcome == "spent"
    assert check(caisse, elsewhere, elsewhere.code, binding="elsewhere").outcome == "accepted"


def test_what_ran_out_is_removed_in_every_caisse(caisse, other_caisse):
    for one in (caisse, other_caisse):
        take(one)
        issue(one)
    assert upkeep() == 0
    with clock.travel(clock.now() + timedelta(days=31)):
        assert upkeep() == 4
    with tenant_transaction(caisse):
        assert not OneTimeCode.objects.exists()
