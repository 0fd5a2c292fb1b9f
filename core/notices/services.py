"""Sending: a text is put into the outbox within the caller's scope and leaves after its commit.

Recipient and merge fields travel encrypted in the outbox entry and are blanked once handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.notices.budget import spend_sms
from core.outbox.services import enqueue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from core.notices.texts import Notice

MAIL, SMS, LETTER = "notices.mail", "notices.sms", "notices.letter"


def send_mail(*, notice: Notice, to: str, language: str, fields: Mapping[str, str]) -> UUID:
    """Put an e-mail into the outbox; return the entry's id."""
    return _enqueue(MAIL, notice, language, {"to": to, "fields": _checked(notice, fields)})


def send_sms(
    *, notice: Notice, to: str, language: str, fields: Mapping[str, str], good_until: datetime | None = None
) -> UUID:
    """Put an SMS to an E.164 number into the outbox; return the entry's id.

    What could not leave before ``good_until``, such as the code of a sign-in, is no longer sent.
    Raises ``SmsNumberNotServed`` or ``SmsBudgetSpent``.
    """
    spend_sms(to)
    secret: dict[str, object] = {"to": to, "fields": _checked(notice, fields)}
    return _enqueue(SMS, notice, language, secret | ({"good_until": good_until.isoformat()} if good_until else {}))


def print_letter(
    *,
    notice: Notice,
    address: Sequence[str],
    language: str,
    fields: Mapping[str, str],
    enclosure: UUID | None = None,
) -> UUID:
    """Put a letter into the outbox; ``address`` holds its lines as printed, ``enclosure`` names a clean document."""
    secret: dict[str, object] = {"to": list(address), "fields": _checked(notice, fields)}
    return _enqueue(LETTER, notice, language, secret, **({"enclosure": str(enclosure)} if enclosure else {}))


def _checked(notice: Notice, fields: Mapping[str, str]) -> dict[str, str]:
    notice.check(fields)
    return dict(fields)


def _enqueue(topic: str, notice: Notice, language: str, secret: dict[str, object], **more: str) -> UUID:
    return enqueue(topic=topic, payload={"notice": notice.code, "language": language, **more}, secret=secret)
