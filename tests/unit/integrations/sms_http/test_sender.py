"""The SMS gateway's client against a real HTTP server on loopback."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import uuid4

import pytest

from core.notices.ports import Sms
from core.outbox.handlers import PermanentFailure
from integrations.sms_http.sender import SmsGatewayNotNow, SmsHttpSender

SMS = Sms(id=uuid4(), caisse="ak26", to="+41790000001", text='Code "1" {to} \n é')


class Gateway(HTTPServer):
    """Answers each POST with ``status`` and keeps what it got."""

    status = 202

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.got: list[tuple[dict, dict]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"


class Answer(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def gateway():
    with Gateway() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_sms_is_posted_with_token_and_key(gateway):
    SmsHttpSender(gateway.url, "secret").send_sms(SMS)
    headers, body = gateway.got[0]
    assert body == {"to": SMS.to, "text": SMS.text, "reference": str(SMS.id)}
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == str(SMS.id)


def test_template_gives_the_body_its_shape(gateway):
    shape = '{"messages": [{"recipient": "{to}", "body": {"text": "{text}"}}], "sender": "Relais", "n": 1}'
    SmsHttpSender(gateway.url, "secret", shape).send_sms(SMS)
    message = {"recipient": SMS.to, "body": {"text": SMS.text}}
    assert gateway.got[0][1] == {"messages": [message], "sender": "Relais", "n": 1}


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, PermanentFailure),
        (401, PermanentFailure),
        (422, PermanentFailure),
        (429, SmsGatewayNotNow),
        (500, SmsGatewayNotNow),
        (503, SmsGatewayNotNow),
        (302, SmsGatewayNotNow),
    ],
)
def test_answer_decides_whether_to_try_again(gateway, status, failure):
    gateway.status = status
    with pytest.raises(failure, match=f"HTTP {status}") as raised:
        SmsHttpSender(gateway.url, "secret").send_sms(SMS)
    assert len(gateway.got) == 1
    assert SMS.to not in str(raised.value)


def test_address_must_be_http():
    with pytest.raises(ValueError, match="https"):
        SmsHttpSender("file:///etc/passwd", "secret")
