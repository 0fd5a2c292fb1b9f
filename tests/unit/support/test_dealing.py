"""The order of a run on several workers: nothing lost, what takes long first in each share."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.dealing import LONG, deal

ROOT = Path(__file__).parents[3]


def made_of(file, n):
    return [SimpleNamespace(nodeid=f"{file}::test_{number}") for number in range(n)]


@pytest.fixture
def drawn():
    """Long and short files as a drawn order has them."""
    files = [("tests/unit/a/test_a.py", 40), (LONG[1], 4), ("tests/unit/test_b.py", 31), (LONG[0], 2)]
    walks = [(f"tests/journeys/test_{number}.py", 3) for number in range(5)]
    return [one for file, n in [*files, *walks, ("tests/unit/test_c.py", 25)] for one in made_of(file, n)]


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_each_share_begins_with_what_takes_long(drawn, workers):
    dealt = deal(drawn, workers=workers)
    assert len(dealt) == len(drawn)
    assert {one.nodeid for one in dealt} == {one.nodeid for one in drawn}
    begins = [len(drawn) * number // workers for number in range(workers)]
    assert dealt[0].nodeid.startswith(LONG[0])
    assert dealt[begins[1]].nodeid.startswith(LONG[1])
    for begin in begins:
        assert dealt[begin].nodeid.startswith(LONG)
    short = [one for one in dealt if not one.nodeid.startswith(LONG)]
    assert short == [one for one in drawn if not one.nodeid.startswith(LONG)]


def test_worker_alone_keeps_the_drawn_order(drawn):
    assert deal(drawn, workers=1) == drawn


def test_more_long_tests_than_a_share_holds_are_still_all_there():
    drawn = [*made_of(LONG[0], 9), *made_of("tests/unit/test_a.py", 2)]
    assert {one.nodeid for one in deal(drawn, workers=3)} == {one.nodeid for one in drawn}


@pytest.mark.parametrize("place", LONG)
def test_what_is_called_long_is_there(place):
    assert (ROOT / place).exists()
