"""The SMTP client against a real server on loopback."""

from __future__ import annotations

from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from uuid import uuid4

import pytest

from core.notices.ports import Mail
from core.outbox.handlers import PermanentFailure
from integrations.smtp.sender import SmtpNotNow, SmtpSender


def mail(to: str = "anne@example.ch") -> Mail:
    return Mail(uuid4(), "ak26", "Caisse d’Exemple", to, "Neuigkeiten von Zürich", "Grüezi Anne\n\nEnde", "de")


class Server(TCPServer):
    """Just enough of SMTP to take a message; keeps what arrives."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.got: list[bytes] = []

    @property
    def port(self) -> int:
        return self.server_address[1]


class Dialogue(StreamRequestHandler):
    """One connection; recipients ``gone@`` are refused for good, ``later@`` for now."""

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            if not self.answer(line.upper()):
                return

    def answer(self, line: str) -> bool:
        if line.startswith("RCPT TO:<GONE"):
            self.say("550 gone@example.ch is not here")
        elif line.startswith("RCPT TO:<LATER"):
            self.say("451 later")
        elif line == "DATA":
            self.say("354 go on")
            self.server.got.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say("250 OK")
        else:
            self.say("250 OK")
        return line != "QUIT"

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server():
    with Server() as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def sender(server) -> SmtpSender:
    return SmtpSender(f"smtp://127.0.0.1:{server.port}", "portal@relais.example")


def test_mail_arrives_with_an_identifier_that_stays(server):
    one = mail()
    for _ in range(2):
        sender(server).send_mail(one)
    first, second = (message_from_bytes(raw, policy=policy.default) for raw in server.got)
    assert first["Message-ID"] == second["Message-ID"] == f"<{one.id}@relais.example>"
    assert str(first["From"]) == "Caisse d’Exemple <portal@relais.example>"
    assert (first["Subject"], first["Content-Language"]) == (one.subject, "de")
    assert first.get_content().splitlines() == one.text.splitlines()


def test_recipient_unknown_for_good_is_final_and_stays_unnamed(server):
    with pytest.raises(PermanentFailure) as raised:
        sender(server).send_mail(mail("gone@example.ch"))
    assert str(raised.value) == "SMTP 550"


def test_recipient_refused_for_now_is_tried_again(server):
    with pytest.raises(SmtpNotNow, match="451"):
        sender(server).send_mail(mail("later@example.ch"))


def test_server_without_tls_is_not_used_where_tls_was_asked(server):
    strict = SmtpSender(f"smtp+starttls://127.0.0.1:{server.port}", "portal@relais.example")
    with pytest.raises(Exception, match="STARTTLS"):
        strict.send_mail(mail())
    assert server.got == []


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "mail.example"])
def test_address_must_be_smtp(url):
    with pytest.raises(ValueError, match="must look like"):
        SmtpSender(url, "portal@relais.example")
