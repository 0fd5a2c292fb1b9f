"""An acceptance on paper: a clerk writes it down for a party, with the scan of what was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from core.accounts.policy import caisse_now, caisse_today
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.documents.models import Document
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.terms.answering import EarlierAnswer, record_earlier_acceptance
from core.terms.errors import TermsAccepted, TermsSignedWhen, TermsSignerMissing
from core.terms.models import Answer, TermsText, Version
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.models import Party
    from core.kernel.actors import Actor

# What the signed paper is called among the caisse's documents.
SIGNED_CHARTER = "signed_charter"
LONGEST_NAME = 200
Channel = Literal["letter", "counter"]


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper: which text, who signed it, when; how it came, and the scan."""

    text_id: UUID
    signed_on: date | None
    signed_by: str
    channel: Channel
    document_id: UUID


def list_texts_to_sign(party: Party) -> list[TermsText]:
    """Return the published texts for a party's kind that she has not accepted yet, the newest first; one query."""
    accepted = Answer.objects.filter(party=party, kind="accepted").values("version_id")
    texts = TermsText.objects.filter(version__audience=party.kind, version__state=Version.States.PUBLISHED).exclude(
        version_id__in=accepted
    )
    return list(texts.select_related("version").order_by("-version__number", "language"))


def record_paper(*, actor: Actor, party: Party, paper: Paper) -> None:
    """Write down for a party what was signed on paper, in the caller's scope; by a clerk.

    Raises ``not_permitted``, ``terms_signer_missing``, ``terms_signed_when``, ``terms_accepted``.
    """
    if not may_record(actor):
        raise NotPermitted
    text = TermsText.objects.select_related("version").filter(id=paper.text_id, version__audience=party.kind).first()
    if text is None or not text.sha256:
        raise NotFound
    name = " ".join(paper.signed_by.split())[:LONGEST_NAME]
    if not name:
        raise TermsSignerMissing
    given = EarlierAnswer(
        version_id=text.version_id,
        language=text.language,
        sha256=text.sha256,
        at=noon_of(_check_day(text.version, paper.signed_on)),
        name=name,
        channel=paper.channel,
        document_id=paper.document_id,
    )
    if not record_earlier_acceptance(actor=actor, party_id=party.id, given=given):
        raise TermsAccepted


def may_record(actor: Actor) -> bool:
    """Whether an actor may write an acceptance down: clerks and administrators of the caisse, no programs."""
    return actor.kind == "clerk" and actor.token_id is None and bool(actor.roles & {"clerk", "administrator"})


def find_paper(party: Party, answer_id: UUID) -> Document:
    """Return the scan of a party's acceptance on paper; anything else is ``NotFound``."""
    kept = Answer.objects.filter(id=answer_id, party=party).values("document_id")
    found = Document.objects.filter(id__in=kept).first()
    if found is None:
        raise NotFound
    return found


def noon_of(day: date) -> datetime:
    """Return a moment of that day which no change of zone moves to another one, and not one to come."""
    zone = ZoneInfo(configuration.get(current_caisse(), LocaleSection).time_zone)
    return min(datetime.combine(day, time(12), zone), clock.now())


def _check_day(version: Version, day: date | None) -> date:
    """Return the day of the signature: not to come, and not before there was such a text."""
    caisse = current_caisse()
    published = caisse_now(caisse, version.published_at).date() if version.published_at else date.max
    if day is None or not min(published, version.valid_from or date.max) <= day <= caisse_today(caisse):
        raise TermsSignedWhen
    return day
