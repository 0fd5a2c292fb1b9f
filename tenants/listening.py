"""One thread per process that hears what other processes change, by LISTEN on a direct connection.

A pooler in transaction mode cannot carry LISTEN, so the connection goes beside it. While the
connection is lost nothing is heard: after each (re)connection every subscriber's ``on_connect``
runs, and there it compares or drops what it remembers. So it does for who subscribes later.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from psycopg.conninfo import make_conninfo

from tenants.errors import PlatformNotReady

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Connection = psycopg.Connection[Any]

_log = logging.getLogger(__name__)
_FIRST_CONNECTION_SECONDS = 5.0
_PROBE_SECONDS = 15.0
_WAKES_READ_AT_ONCE = 1024
_SHORTEST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0
_PARAMS: dict[str, int | str] = {
    "application_name": "relais-listening",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """``on_notice`` gets the connection and the payload, ``on_connect`` the connection once it listens.

    Both run in the listening thread, on its connection, which is in autocommit mode.
    """

    on_notice: Callable[[Connection, str], None]
    on_connect: Callable[[Connection], None]


_subscriptions: Mapping[str, Subscription] = {}  # replaced as a whole: the thread may be reading it
_lock = threading.Lock()
_listener: _Listener | None = None


def subscribe(channel: str, subscription: Subscription) -> None:
    """Hear a channel; a thread that runs already is woken, and listens to it too."""
    global _subscriptions  # noqa: PLW0603 -- one thread per process, and what it hears
    with _lock:
        _subscriptions = {**_subscriptions, channel: subscription}
        if _listener is not None:
            _listener.wake()


def start() -> None:
    """Start this process's thread if it does not run, and wait for its first connection.

    Raises ``PlatformNotReady`` when there is none within five seconds; the thread keeps trying.
    """
    listener = _running()
    if not listener.connected_once.wait(_FIRST_CONNECTION_SECONDS):
        raise PlatformNotReady


def stop() -> None:
    """End the thread and its connection, as at the end of a test."""
    global _listener
    with _lock:
        listener, _listener = _listener, None
    if listener is not None:
        listener.end()
        listener.join(_FIRST_CONNECTION_SECONDS)


def is_started() -> bool:
    """Whether this process listens, or tries to; a child of a fork does not yet."""
    return _listener is not None


def is_connected() -> bool:
    """Whether notices are heard at this moment."""
    return _listener is not None and _listener.connected.is_set()


def _running() -> _Listener:
    global _listener  # noqa: PLW0603 -- one thread per process
    with _lock:
        if _listener is None or not _listener.is_alive():
            _listener = _Listener()
            _listener.start()
        return _listener


def _forget_after_fork() -> None:
    global _listener, _lock
    _listener, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)


def connect() -> Connection:
    """Open a direct connection of the application's own, beside any pooler."""
    if url := getattr(settings, "LISTEN_DATABASE_URL", ""):
        return psycopg.connect(make_conninfo(url, **_PARAMS), autocommit=True)
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    params = {name: str(database[key]) for name, key in names.items() if database.get(key)}
    return psycopg.connect(make_conninfo("", **params, **_PARAMS), autocommit=True)


class _Listener(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="relais-listening", daemon=True)
        self.connected_once = threading.Event()
        self.connected = threading.Event()
        self.stopping = threading.Event()
        self._pause = _SHORTEST_PAUSE_SECONDS
        self._wake_read, self._wake_write = socket.socketpair()

    def wake(self) -> None:
        with suppress(OSError):  # it ended by itself
            self._wake_write.send(b"x")

    def end(self) -> None:
        self.stopping.set()
        self.wake()

    def run(self) -> None:
        with self._wake_read, self._wake_write:
            self._keep_connected()

    def _keep_connected(self) -> None:
        while not self.stopping.is_set():
            try:
                with connect() as connection:
                    self._hear(connection)
            except psycopg.Error as error:
                _log.warning("listening connection lost: %s", error)
                self.stopping.wait(self._pause)
                self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
            finally:
                self.connected.clear()

    def _hear(self, connection: Connection) -> None:
        greeted: Mapping[str, Subscription] = {}
        while not self.stopping.is_set():
            greeted = self._greet(connection, greeted)
            # What arrives while a subscriber reads over this connection wakes no select: look before waiting.
            while notices := list(connection.notifies(timeout=0)):
                for notice in notices:
                    _subscriptions[notice.channel].on_notice(connection, notice.payload)
            self._wait(connection)

    def _greet(self, connection: Connection, greeted: Mapping[str, Subscription]) -> Mapping[str, Subscription]:
        """Listen to what this connection does not hear yet, and let those who asked for it look once."""
        wanted = _subscriptions
        new = {channel: one for channel, one in wanted.items() if greeted.get(channel) is not one}
        for channel in new:
            connection.execute(f'LISTEN "{channel}"')
        for subscription in new.values():
            subscription.on_connect(connection)
        self._pause = _SHORTEST_PAUSE_SECONDS
        self.connected.set()
        self.connected_once.set()
        return wanted

    def _wait(self, connection: Connection) -> None:
        """Wait for a notice or a wake; ask the connection whether it lives when there is neither."""
        woken = self._wake_read.fileno()
        ready, _, _ = select.select([connection.fileno(), woken], [], [], _PROBE_SECONDS)
        if woken in ready:
            self._wake_read.recv(_WAKES_READ_AT_ONCE)
        if not ready:
            connection.execute("SELECT 1")
