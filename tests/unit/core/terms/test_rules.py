"""Where somebody stands with the terms: each state, and the days at its edges."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.terms.memory import Published
from core.terms.rules import Answers, judge

FIRST, SECOND = date(2026, 1, 1), date(2026, 6, 1)


def version(number, valid_from, *, asks=True, grace=30):
    return Published(uuid4(), "employer", number, valid_from, grace, asks)


TWO = [version(1, FIRST), version(2, SECOND)]
BOTH_FIRST = Answers(accepted={1}, acknowledged={1})


def test_without_terms_nothing_asks():
    assert judge([], Answers(), FIRST).state == "free"


def test_terms_that_are_still_to_come_ask_nothing_but_are_told():
    standing = judge([version(1, SECOND)], Answers(), FIRST)
    assert (standing.state, standing.coming.number) == ("free", 1)


@pytest.mark.parametrize(
    ("answers", "day", "state"),
    [
        (Answers(), FIRST, "closed"),
        (Answers(accepted={1}), FIRST, "closed"),
        (BOTH_FIRST, SECOND - timedelta(days=1), "accepted"),
        (BOTH_FIRST, SECOND, "reading"),
        (BOTH_FIRST, SECOND + timedelta(days=30), "reading"),
        (BOTH_FIRST, SECOND + timedelta(days=31), "closed"),
        (Answers(accepted={1, 2}, acknowledged={1}), SECOND, "reading"),
        (Answers(accepted={1, 2}, acknowledged=()), SECOND, "closed"),
        (Answers(accepted={1}, acknowledged={1, 2}), SECOND, "reading"),
        (Answers(accepted={1, 2}, acknowledged={1, 2}), SECOND, "accepted"),
        (Answers(accepted={2}, acknowledged={2}), FIRST, "accepted"),
    ],
)
def test_states_and_their_edges(answers, day, state):
    assert judge(TWO, answers, day).state == state


def test_a_version_that_does_not_ask_changes_nothing():
    versions = [version(1, FIRST), version(2, SECOND, asks=False)]
    assert judge(versions, BOTH_FIRST, SECOND).state == "accepted"
    assert judge(versions, Answers(), SECOND).version.number == 1


def test_says_whose_answer_is_missing_and_until_when():
    standing = judge(TWO, BOTH_FIRST, SECOND)
    assert (standing.company_missing, standing.own_missing, standing.until) == (True, True, SECOND + timedelta(days=30))
    standing = judge(TWO, Answers({1, 2}, {1}), SECOND)
    assert (standing.company_missing, standing.own_missing) == (False, True)


@given(
    days=st.lists(st.integers(0, 40), min_size=1, max_size=5, unique=True),
    accepted=st.sets(st.integers(1, 5)),
    acknowledged=st.sets(st.integers(1, 5)),
    today=st.integers(-5, 80),
)
def test_one_more_answer_never_closes(days, accepted, acknowledged, today):
    """Answering can only open: with any further acceptance or acknowledgement nobody stands worse."""
    versions = [version(n, FIRST + timedelta(days=day), grace=10) for n, day in enumerate(sorted(days), 1)]
    day, rank = FIRST + timedelta(days=today), {"closed": 0, "reading": 1, "accepted": 2, "free": 3}
    before = rank[judge(versions, Answers(accepted, acknowledged), day).state]
    for number in range(1, len(days) + 1):
        more = Answers(accepted | {number}, acknowledged | {number})
        assert rank[judge(versions, more, day).state] >= before
