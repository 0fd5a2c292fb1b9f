"""Which tests begin a run on several workers: each file that takes long comes early, and each worker gets some."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

# The longest first; a test or a file with a platform of its own takes up to a minute, a walk some ten seconds.
LONG = (
    "tests/integration/docs/test_add_a_theme.py",
    "tests/integration/infra/supervisor/test_serve.py",
    "tests/integration/core/web/test_query_counts.py",
    "tests/integration/infra/test_telemetry.py",
    "tests/integration/core/web/test_routes.py",
    "tests/journeys/",
    "tests/integration/infra/test_queues.py",
    "tests/integration/tenants/test_provisioning.py",
)


def deal(items: Sequence[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """Return the tests in the order in which xdist cuts them into equal shares, one for each worker.

    The drawn order stays within long files and among all others; one worker alone keeps it whole.
    """
    if workers == 1:
        return list(items)
    piles, rest = _pile(items, workers)
    dealt: list[pytest.Item] = []
    for number, pile in enumerate(piles):
        end = len(items) * (number + 1) // workers
        more = max(0, end - len(dealt) - len(pile))
        dealt += pile + rest[:more]
        del rest[:more]
    return dealt + rest


def _pile(items: Sequence[pytest.Item], workers: int) -> tuple[list[list[pytest.Item]], list[pytest.Item]]:
    """Return the long files dealt out in turn, the longest first, and the other tests."""
    files = [(_rank(next(iter(one))), one) for one in _files(items)]
    long = sorted((one for one in files if one[0] < len(LONG)), key=lambda one: one[0])
    piles = [[item for _rank, file in long[number::workers] for item in file] for number in range(workers)]
    return piles, [item for rank, file in files if rank == len(LONG) for item in file]


def _files(items: Sequence[pytest.Item]) -> list[list[pytest.Item]]:
    return [list(group) for _path, group in groupby(items, key=lambda item: item.nodeid.split("::")[0])]


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG))
