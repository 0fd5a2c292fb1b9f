"""Hands an e-mail to an SMTP server, with a Message-ID that stays the same on every attempt."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from core.kernel import clock
from core.outbox.handlers import PermanentFailure

if TYPE_CHECKING:
    from core.notices.ports import Mail

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PERMANENT = 500


class SmtpSender:
    """Sends through ``smtp://``, ``smtp+starttls://`` or ``smtps://user:password@host:port``."""

    def __init__(self, url: str, sender: str) -> None:
        self._parts = urlsplit(url)
        if self._parts.scheme not in PORTS or not self._parts.hostname:
            message = "The SMTP address must look like smtp+starttls://user:password@host:port."
            raise ValueError(message)
        self._host = self._parts.hostname
        self._port = self._parts.port or PORTS[self._parts.scheme]
        self._sender = sender

    def send_mail(self, mail: Mail) -> None:
        """Hand over; a 5xx answer is final, anything else is tried again later."""
        message = self._compose(mail)
        server = self._connect()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _as_failure(min(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise _as_failure(error.smtp_code) from None
        finally:
            _part(server)

    def probe(self) -> bool:
        """Connect, sign in where a name is set, and part."""
        server = self._connect()
        try:
            server.noop()
        finally:
            _part(server)
        return True

    def _compose(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = formataddr((mail.sender_name, self._sender))
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{mail.id}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)  # drops any Content- header that was there before
        message["Content-Language"] = mail.language
        return message

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(server, context)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if self._parts.scheme == "smtp+starttls":
            server.starttls(context=context)
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))


class SmtpNotNow(RuntimeError):
    """The server did not take the e-mail this time."""


def _part(server: smtplib.SMTP) -> None:
    # The message was taken or not by now; a rude farewell must not have it sent again.
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _as_failure(code: int) -> Exception:
    # The server's words may quote the address; only its number goes into logs and rows.
    return PermanentFailure(f"SMTP {code}") if code >= PERMANENT else SmtpNotNow(f"SMTP {code}")
