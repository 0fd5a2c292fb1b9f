"""Letters of the caisse as sealed PDF files, such as a decision that a clerk typed at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date

from core.documents.evidence import render, seals

if TYPE_CHECKING:
    from datetime import datetime

    from core.documents.evidence.branding import PaperBranding
    from core.documents.evidence.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says; all texts are printed as they are, a line break in one is kept.

    ``recipient`` are address lines, ``facts`` pairs of a name and a value such as the reference,
    ``signers`` the lines under the text.
    """

    title: str
    paragraphs: tuple[str, ...]
    language: str
    at: datetime
    place: str = ""
    recipient: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    signers: tuple[str, ...] = ()


def render_notice_pdf(letter: Letter, *, branding: PaperBranding, key: SigningKey) -> bytes:
    """Return the letter under the caisse's letterhead, sealed as a whole.

    The same letter, branding and key give the same bytes. Call it outside any transaction.
    """
    day = format_date(letter.at.astimezone(ZoneInfo(branding.time_zone)), "long", locale=letter.language)
    data = {
        "title": letter.title,
        "language": letter.language,
        "branding": branding.to_data(),
        "recipient": list(letter.recipient),
        "dateline": ", ".join(filter(None, [letter.place, day])),
        "facts": [list(row) for row in letter.facts],
        "paragraphs": [text for text in letter.paragraphs if text.strip()],
        "signers": list(letter.signers),
    }
    return seals.seal_pdf(render.compile_pdf("notice.typ", data, at=letter.at), key)
