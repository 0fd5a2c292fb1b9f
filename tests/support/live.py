"""The platform on a loopback port within the test's process, with a worker beside it."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import Error, connections

from core.outbox.services import drain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.scope import CaisseRef

POLL_SECONDS = 0.1


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


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


def _close_after(application):
    def wrapped(environ, start_response):
        answer = application(environ, start_response)
        try:
            yield from answer
        finally:
            with contextlib.closing(answer) if hasattr(answer, "close") else contextlib.nullcontext():
                connections.close_all()

    return wrapped


@contextlib.contextmanager
def serve(*caisses: CaisseRef) -> Iterator[Live]:
    """Serve until the block ends; what falls due is worked off meanwhile."""
    from infra.wsgi import application

    server = make_server("127.0.0.1", 0, _close_after(application), server_class=_Server, handler_class=_Quiet)
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
            thread.join(30)


def _work(stop: threading.Event, caisses: tuple[CaisseRef, ...]) -> None:
    while not stop.wait(POLL_SECONDS):
        for caisse in caisses:
            with contextlib.suppress(Error):
                drain(caisse=caisse)
    connections.close_all()
