"""The platform on a loopback port within the test's process, with a worker beside it."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import Error, connections

from core.outbox.services import drain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.scope import CaisseRef

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # A browser opens several lines at once; one that finds no place comes again only after a second.
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing: the platform writes its own lines."""


@dataclass
class Live:
    """Where the platform answers."""

    port: int

    def base(self, slug: str) -> str:
        """Return a caisse's address."""
        return f"http://{slug}.localhost:{self.port}"


@dataclass
class Requests:
    """What is being answered just now: what one test asked must not write into the next one's database."""

    count: int = 0
    ended: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def begin(self) -> bool:
        """Count one more, unless it is over."""
        with self.changed:
            self.count += not self.ended
            return not self.ended

    def leave(self) -> None:
        """Count one less."""
        with self.changed:
            self.count -= 1
            self.changed.notify_all()

    def end(self) -> None:
        """Let no other begin, and wait for those that have."""
        with self.changed:
            self.ended = True
            assert self.changed.wait_for(lambda: not self.count, PATIENCE_SECONDS), "a request is still being answered"


def _close_after(application, requests):
    def wrapped(environ, start_response):
        if not requests.begin():
            start_response("503 Service Unavailable", [])
            return
        try:
            answer = application(environ, start_response)
            with contextlib.closing(answer) if hasattr(answer, "close") else contextlib.nullcontext():
                yield from answer
        finally:
            connections.close_all()
            requests.leave()

    return wrapped


@contextlib.contextmanager
def serve(*caisses: CaisseRef) -> Iterator[Live]:
    """Serve until the block ends; what falls due is worked off meanwhile."""
    from infra.wsgi import application

    requests = Requests()
    answering = _close_after(application, requests)
    server = make_server("127.0.0.1", 0, answering, server_class=_Server, handler_class=_Quiet)
    stop = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True),
        threading.Thread(target=_work, args=(stop, caisses), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield Live(server.server_port)
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        requests.end()


def _work(stop: threading.Event, caisses: tuple[CaisseRef, ...]) -> None:
    while not stop.wait(POLL_SECONDS):
        for caisse in caisses:
            with contextlib.suppress(Error):
                drain(caisse=caisse)
    connections.close_all()
