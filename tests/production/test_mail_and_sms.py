"""E-mail on a real SMTP server, SMS on a real HTTP gateway."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from core.notices.ports import Mail, Sms
from core.outbox.handlers import PermanentFailure
from integrations.sms_http.sender import SmsHttpSender
from integrations.smtp.sender import SmtpSender
from tests.production.components.base import silent_port

MAIL = Mail(
    id=uuid4(), caisse="cabcdefg", sender_name="Caisse Zürich", to="anna@example.ch", subject="Nouveau message",
    text="Un message vous attend, là-bas.", language="fr",
)  # fmt: skip
SMS = Sms(id=uuid4(), caisse="cabcdefg", to="+41790000000", text="Code: 123456")


@pytest.fixture
def sender(mailbox):
    return SmtpSender(mailbox.environment["RELAIS_SMTP_URL"], mailbox.environment["RELAIS_MAIL_FROM"])


def test_mail_arrives_with_its_identifier_and_accents(mailbox, sender):
    sender.send_mail(replace(MAIL, id=(id_ := uuid4())))
    [received] = [mail for mail in mailbox.received if mail["Message-ID"] == f"<{id_}@relais.test>"]
    assert received["To"] == "anna@example.ch"
    assert "Caisse Zürich" in str(received["From"])
    assert received.get_content().strip() == MAIL.text


def test_refused_recipient_is_final(sender):
    with pytest.raises(PermanentFailure):
        sender.send_mail(replace(MAIL, to="nobody@refused.example"))


def test_server_that_is_gone_is_tried_again(mailbox):
    with silent_port() as port, pytest.raises(OSError, match="refused"):
        SmtpSender(f"smtp://127.0.0.1:{port}", "portal@relais.test").send_mail(MAIL)


def test_sms_arrives_with_its_identifier(sms_gateway):
    SmsHttpSender(sms_gateway.environment["RELAIS_SMS_URL"], sms_gateway.environment["RELAIS_SMS_TOKEN"]).send_sms(SMS)
    assert {"to": SMS.to, "text": SMS.text, "reference": str(SMS.id)} in sms_gateway.received


def test_wrong_token_is_final(sms_gateway):
    address = sms_gateway.environment["RELAIS_SMS_URL"]
    assert urlsplit(address).hostname == "127.0.0.1"
    with pytest.raises(PermanentFailure):
        SmsHttpSender(address, "wrong").send_sms(SMS)
