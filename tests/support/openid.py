"""Starts the real OpenID provider for a test run, and walks its own pages as a browser does."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.production.components.base import PATIENCE_SECONDS, answers, free_port

SECRET = "what-only-relais-and-the-provider-know"
PASSWORD = "at-the-provider"
CLIENT = "relais"
PEOPLE = {
    "anne": {"acr": "urn:qoa:strong", "amr": ["pwd", "otp"], "name": "Anne Exemple", "staff_id": "A-17"},
    "bert": {"acr": "urn:qoa:low", "amr": ["pwd"], "name": "Bert", "email": "anne@example.ch", "email_verified": True},
}


@dataclass
class Provider:
    """The running provider."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}/o"

    def settings(self, **changes):
        """The section ``openid`` that leads here."""
        return {
            "name": "Ausweis",
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "levels": [{"claim": "acr", "value": "urn:qoa:strong", "level": 3}],
            **changes,
        }

    def visit(self, address: str, name: str = "anne", browser: requests.Session | None = None) -> str:
        """Sign in there as a browser does that was led to ``address``; return where it leads back to."""
        with browser or requests.Session() as session:
            local = address.replace("localhost", "127.0.0.1", 1)
            answer = session.get(local)
            if "csrfmiddlewaretoken" in answer.text:
                token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)[0]
                fields = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
                answer = session.post(answer.url, fields, headers={"Referer": answer.url}, allow_redirects=False)
                answer = session.get(f"http://127.0.0.1:{self.port}{answer.headers['Location']}", allow_redirects=False)
            return answer.headers["Location"]

    def list_tokens(self) -> list[str]:
        """Return the access tokens and refresh tokens that it gave, as they are."""
        with contextlib.closing(sqlite3.connect(self.folder / "provider.sqlite")) as book:
            query = (
                "SELECT token FROM oauth2_provider_accesstoken UNION ALL SELECT token FROM oauth2_provider_refreshtoken"
            )
            return [token for (token,) in book.execute(query)]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)


def start_provider(folder: Path, hosts: list[str]) -> Provider:
    """Start it for clients at these addresses, such as ``http://ak26.localhost:8000``."""
    port = free_port()
    (folder / "people.json").write_text(
        json.dumps({name: {"password": PASSWORD, "claims": claims} for name, claims in PEOPLE.items()})
    )
    client = {
        "id": CLIENT,
        "secret": SECRET,
        "redirect_uris": [f"{host}/sign-in/openid/back/" for host in hosts],
        "signed_out": [f"{host}/sign-in/" for host in hosts],
    }
    (folder / "clients.json").write_text(json.dumps([client]))
    command = [sys.executable, "-m", "tests.support.openid_provider", str(folder), str(port)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    provider, deadline = Provider(process, port, folder), time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        assert process.poll() is None, "the provider did not start"
        if time.monotonic() > deadline:
            provider.stop()
            raise AssertionError("the provider did not answer")
        time.sleep(0.1)
    return provider


def path_of(address: str) -> str:
    """Return path and query of an address, as the test client asks for it."""
    found = urlsplit(address)
    return f"{found.path}?{found.query}"
