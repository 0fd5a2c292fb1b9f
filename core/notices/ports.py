"""What leaves the house, and the ports through which it does; integrations implement them.

``id`` is the outbox entry's and stays the same on every attempt, so that a neighbour who knows
it can tell a repeat from a second text. An implementation raises to be tried again later, or
``core.outbox.handlers.PermanentFailure`` when that would not help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from core.notices.windows import Area


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail in plain text; ``subject`` holds nothing about a person."""

    id: UUID
    caisse: str
    sender_name: str
    to: str
    subject: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Sms:
    """A text to a mobile number in E.164."""

    id: UUID
    caisse: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that is printed and put into the letter's envelope."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: lines of the address as printed, heading and text, and what goes into its envelope.

    ``window``: where on the sheet the address shows in the envelopes; ``sender_lines``: to where it comes back.
    """

    id: UUID
    caisse: str
    sender_name: str
    address: tuple[str, ...]
    subject: str
    text: str
    language: str
    window: Area
    day: date
    sender_lines: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


class MailSender(Protocol):
    """Hands an e-mail over."""

    def send_mail(self, mail: Mail) -> None:
        """Hand over once; the same ``id`` again must not reach the person twice."""

    def probe(self) -> bool:
        """Reach the neighbour without sending; false where texts stay on this machine. Raises if it cannot."""


class SmsSender(Protocol):
    """Hands an SMS over."""

    def send_sms(self, sms: Sms) -> None:
        """Hand over once; the same ``id`` again must not reach the person twice."""

    def probe(self) -> bool:
        """Reach the neighbour without sending; false where texts stay on this machine. Raises if it cannot."""


class LetterPrinter(Protocol):
    """Hands a letter to whoever prints and posts it."""

    def print_letter(self, letter: Letter) -> None:
        """Hand over once; the same ``id`` again must not be printed twice."""

    def probe(self) -> bool:
        """Reach the neighbour without sending; false where texts stay on this machine. Raises if it cannot."""


class PortUnbound(RuntimeError):
    """A text was to leave, but composition bound nothing to its port."""


@dataclass(slots=True)
class _Ports:
    mail: MailSender | None = None
    sms: SmsSender | None = None
    letter: LetterPrinter | None = None


_bound = _Ports()


def bind(*, mail: MailSender | None = None, sms: SmsSender | None = None, letter: LetterPrinter | None = None) -> None:
    """Use these from now on; composition calls it once, what is left out stays as it is."""
    _bound.mail = mail or _bound.mail
    _bound.sms = sms or _bound.sms
    _bound.letter = letter or _bound.letter


def mail_sender() -> MailSender:
    """Return the bound port for e-mails."""
    if _bound.mail is None:
        raise PortUnbound
    return _bound.mail


def sms_sender() -> SmsSender:
    """Return the bound port for SMS."""
    if _bound.sms is None:
        raise PortUnbound
    return _bound.sms


def letter_printer() -> LetterPrinter:
    """Return the bound port for letters."""
    if _bound.letter is None:
        raise PortUnbound
    return _bound.letter


def can_print_letters() -> bool:
    """Whether this installation has somebody who prints and posts letters."""
    return _bound.letter is not None
