"""Speaking to a provider: only with addresses that the platform admits, without redirects, in little time and space.

The provider's address is a setting of the caisse, so it must not lead into the platform's own network. As for looks
from outside (docs/decisions/0018), the name is resolved once and the connection goes to an address that was admitted.
"""

from __future__ import annotations

import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from tenants.host_check.network import NameUnknown, is_admitted, resolve

SECONDS = (3.05, 5)
LARGEST = 256 * 1024


class Unreachable(Exception):
    """The provider did not answer, or with something that is no answer."""


def _connect(connection: HTTPConnection) -> socket.socket:
    try:
        addresses = resolve(connection.host)
    except NameUnknown:
        raise NewConnectionError(connection, "the name is not known") from None
    if not addresses or not all(is_admitted(one) for one in addresses):
        raise NewConnectionError(connection, "the address is not admitted")
    try:
        return socket.create_connection((addresses[0], connection.port or 0), SECONDS[0])
    except OSError as error:
        raise NewConnectionError(connection, "no connection") from error


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _Encrypted(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class AdmittedOnly(HTTPAdapter):
    """Connects to admitted addresses alone, and reads no more than an answer may hold."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        response = super().send(request, stream=True, timeout=SECONDS, verify=True, proxies=None)
        body = response.raw.read(LARGEST + 1, decode_content=True)
        response.close()
        if len(body) > LARGEST:
            raise requests.ConnectionError("the answer is too long")
        response._content = body
        return response


def prepare(session: requests.Session) -> None:
    """Let a session speak to admitted addresses only, follow no redirect and read nothing from the environment."""
    session.trust_env = False
    session.max_redirects = 0
    for scheme in ("http://", "https://"):
        session.mount(scheme, AdmittedOnly(max_retries=0))


def fetch_json(address: str) -> dict[str, Any]:
    """Return the JSON object at an address; raises ``Unreachable``."""
    with requests.Session() as session:
        prepare(session)
        try:
            answer = session.get(address, headers={"Accept": "application/json"}, allow_redirects=False)
            found = answer.json() if answer.status_code == requests.codes.ok else None
        except (requests.RequestException, ValueError) as error:
            raise Unreachable from error
    if not isinstance(found, dict):
        raise Unreachable
    return found
