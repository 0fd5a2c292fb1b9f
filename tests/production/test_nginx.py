"""nginx before the platform: TLS, the true client address, and no host but ours."""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.production.components.nginx import DOMAIN, Nginx
from tests.production.running import ask


class _Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def nginx(nginx, tmp_path):
    """A second nginx: behind the first one stands the platform."""
    own = Nginx(tmp_path)
    own.start()
    yield own
    own.stop()


@pytest.fixture
def echo(nginx):
    server = ThreadingHTTPServer(("127.0.0.1", nginx.upstream_port), _Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_request_arrives_with_host_and_scheme(nginx, echo):
    answer = ask(nginx, f"ak26.{DOMAIN}")
    seen = json.loads(answer.body)
    assert answer.status == 200
    assert seen["Host"] == f"ak26.{DOMAIN}:{nginx.port}"
    assert seen["X-Forwarded-Proto"] == "https"


def test_what_a_client_says_of_its_address_is_not_believed(nginx, echo):
    lies = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    seen = json.loads(ask(nginx, f"ak26.{DOMAIN}", headers=lies).body)
    assert seen["X-Forwarded-For"] == "127.0.0.1"
    assert seen["X-Forwarded-Proto"] == "https"
    assert "X-Forwarded-Host" not in seen


def test_plain_http_is_sent_to_tls(nginx):
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=60)
    connection.request("GET", "/x", headers={"Host": f"ak26.{DOMAIN}"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://ak26.{DOMAIN}:{nginx.port}/x")
    connection.close()
