"""``make run`` inside the venv: prepare, start, watch, and leave nothing running."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from typing import TYPE_CHECKING, NoReturn

from infra.embedded.postgres import Cluster
from infra.embedded.server import ServerFailed
from infra.supervisor import banner, build
from infra.supervisor.children import GivenUp, stop_all
from infra.supervisor.lock import AlreadyRuns, single_instance
from infra.supervisor.paths import DATA_DIR
from infra.supervisor.prepare import Preparation
from infra.supervisor.programs import list_programs
from infra.supervisor.progress import StepFailed, say, step

if TYPE_CHECKING:
    from infra.supervisor.children import Child

READY_WITHIN_SECONDS = 90.0
WATCH_EVERY_SECONDS = 0.5
DATABASE_EVERY_SECONDS = 3.0
DEFAULT_PORT = 8000
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the platform to stop."""


class NotServed(StepFailed):
    """The web server does not answer."""


def main() -> int:
    """Run until asked to stop; return the exit status: 0 stopped, 1 failed, 2 runs already."""
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or DEFAULT_PORT)
    for number in _SIGNALS:
        signal.signal(number, _raise_stopped)
    try:
        with single_instance(f"http://localhost:{port}/"):
            return _run(host, port)
    except AlreadyRuns as answer:
        say(str(answer))
        return 2
    except Stopped:
        return 0


def _run(host: str, port: int) -> int:
    children: list[Child] = []
    cluster = Cluster(DATA_DIR)
    try:
        _refuse_taken_port(host, port)
        build.build_all()
        Preparation(cluster).run()
        children += list_programs(host, port)
        _start(children, port)
        print(banner.compose(port), flush=True)
        _watch(children, cluster)
    except (StepFailed, GivenUp, ServerFailed) as failure:
        say(f"Stopped: {failure}")
        return 1
    except Stopped:
        return 0
    finally:
        _stop(children, cluster)


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StepFailed(f"Port {port} is taken ({error.strerror}). Another one: make run PORT=8080") from error


def _start(children: list[Child], port: int) -> None:
    """Start the web server, wait until it answers, then start the rest: pages need only the first."""
    web, *others = children
    with step("Starting the web server"):
        web.start()
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not _answers(port):
            web.watch()
            if time.monotonic() > deadline:
                raise NotServed(f"The web server does not answer. Its log: {web.log}")
            time.sleep(0.1)
    with step("Starting workers and scheduler"):
        for child in others:
            child.start()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _watch(children: list[Child], cluster: Cluster) -> NoReturn:
    next_look = time.monotonic() + DATABASE_EVERY_SECONDS
    while True:
        time.sleep(WATCH_EVERY_SECONDS)
        for child in children:
            child.watch()
        if time.monotonic() >= next_look:
            _revive(cluster)
            next_look = time.monotonic() + DATABASE_EVERY_SECONDS


def _revive(cluster: Cluster) -> None:
    if not cluster.is_running():
        say("PostgreSQL is gone; it is started again")
        cluster.start()


def _stop(children: list[Child], cluster: Cluster) -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    print(flush=True)
    if any(child.process for child in children):
        with step("Stopping web server, workers and scheduler"):
            stop_all(children)
    if cluster.is_made():
        with step("Stopping PostgreSQL"):
            cluster.stop()


def _raise_stopped(_number: int, _frame: object) -> None:
    raise Stopped
