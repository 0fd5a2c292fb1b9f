"""The provisioning worker beside a served platform, in a thread of the test's process."""

from __future__ import annotations

import contextlib
import threading

from django.db import Error, connections

from core.outbox.services import drain
from tenants import hosts
from tenants.jobs.worker import Worker


@contextlib.contextmanager
def working():
    """Do what operators ask for until the block ends; what the new caisses send leaves too."""
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)


def _work(stop):
    worker = Worker()
    while not stop.wait(0.1):
        worker.work_off()
        # Each time: that a caisse is new may be heard of only after the work that made it.
        for entry in hosts.list_entries():
            with contextlib.suppress(Error):
                drain(caisse=entry.ref)
    connections.close_all()
