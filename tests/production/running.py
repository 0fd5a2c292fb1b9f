"""Asking the running platform and its commands, as a browser and an operator do."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from email.message import Message

    from tests.production.components.nginx import Nginx

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes


def ask(
    nginx: Nginx,
    host: str,
    *,
    path: str = "/",
    headers: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    client: tuple[str, str] | None = None,
) -> Answer:
    """Ask nginx over TLS, with the host's name in both places; ``client`` is a certificate with its key."""
    context = ssl.create_default_context(cafile=str(nginx.certificate))
    if client:
        context.load_cert_chain(*client)
    connection = http.client.HTTPConnection(host, nginx.port)
    with socket.create_connection(("127.0.0.1", nginx.port), 120) as plain:
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        body = urlencode(form) if form is not None else None
        typed = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection.request("POST" if typed else "GET", path, body=body, headers={**typed, **(headers or {})})
        answer = connection.getresponse()
        result = Answer(answer.status, answer.headers, answer.read())
        connection.close()
    return result


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator does."""
    return run(environment, "manage.py", *arguments)


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with production's settings alone."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RELAIS_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=clean | environment, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip
