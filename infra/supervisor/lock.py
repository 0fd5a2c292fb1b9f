"""At most one ``make run`` for each data folder, and who it is."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from infra.supervisor.paths import DATA_DIR, make_data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = DATA_DIR / "run.json"


class AlreadyRuns(Exception):
    """Another ``make run`` works on this data folder."""


@contextmanager
def single_instance(address: str) -> Iterator[None]:
    """Hold the lock for the life of this process; raises :class:`AlreadyRuns`.

    The operating system lets go of it whatever way the process ends, so it is never stale.
    """
    make_data_dir()
    with FILE.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns(_describe(read_holder())) from None
        file.truncate(0)
        json.dump({"pid": os.getpid(), "address": address}, file)
        file.flush()
        yield
        file.truncate(0)


def read_holder() -> dict[str, Any]:
    """Return pid and address of the instance that runs, as far as it wrote them."""
    try:
        holder: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return holder


def _describe(holder: dict[str, Any]) -> str:
    address, pid = holder.get("address", "?"), holder.get("pid", "?")
    return f"Relais already runs here: {address} (process {pid}). Stop it with Ctrl-C, or: kill {pid}"
