"""Changes in the themes offered: noted when they take effect, and what they mean to one party.

A change of the section asks the outbox to look at the moment it takes effect, and at each day from
which a theme is offered. The look compares with what was noted last, so that nothing is noted twice
and a change that was called off leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from core.configuration import configuration
from core.configuration.sections import LocaleSection, ThemesSection
from core.kernel import clock
from core.messaging.models import OfferChange
from core.outbox.services import enqueue
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.outbox.handlers import Job

TOPIC, MAILS = "messaging.offers", "messaging.offer_mails"
# Time to undo a slip before thousands read of it by mail; the portal shows it at once.
GRACE = timedelta(minutes=10)
SHOWN = timedelta(days=14)
Readers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """The themes that a party has gained and lost, by slug; ``key`` changes with every change."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    key: str = ""


def plan_note(before: ThemesSection, after: ThemesSection, begins: datetime) -> None:
    """Ask for a look when a change takes effect, within its transaction; the first one also notes what was."""
    zone = ZoneInfo(configuration.read_section(LocaleSection).time_zone)
    if not OfferChange.objects.exists():
        # What a caisse offers from its beginning is no news to anybody.
        readers = (before if before.offers else after).list_readers(clock.now().astimezone(zone).date())
        now = clock.now()
        OfferChange.objects.create(version=1, at=now, before=readers, after=readers, told_at=now)
    starts = {datetime.combine(offer.starts, time(), zone) for offer in after.offers if offer.starts}
    moments = {one for one in starts if one > begins}
    if current_caisse().state != "provisioning":
        moments.add(begins)
    for moment in sorted(moments):
        enqueue(topic=TOPIC, payload={}, not_before=moment)


def take_note(job: Job) -> None:
    """Note a change if there is one, and have the mails written once it has stood for a while."""
    with tenant_transaction(job.caisse):
        today = clock.today(configuration.read_section(LocaleSection).time_zone)
        readers = configuration.read_section(ThemesSection).list_readers(today)
        last = OfferChange.objects.order_by("-version").first()
        if last is None or last.after == readers:
            return
        now = clock.now()
        try:
            with transaction.atomic():
                OfferChange.objects.create(version=last.version + 1, at=now, before=last.after, after=readers)
        except IntegrityError:
            return  # somebody else has noted it at the same moment
        enqueue(topic=MAILS, payload={}, not_before=now + GRACE)


def list_news(number: str) -> News:
    """Return what the last two weeks have brought to a party, by its number; within the caisse's scope, one query."""
    changes = list(OfferChange.objects.filter(at__gt=clock.now() - SHOWN).order_by("version"))
    return compare(changes, number)


def compare(changes: Iterable[OfferChange], number: str) -> News:
    """Return what several changes in a row mean in the end; what came and went again is no news."""
    listed = list(changes)
    if not listed:
        return News((), ())
    before, after = listed[0].before, listed[-1].after
    had, has = ({slug for slug in readers if _is_for(readers, slug, number)} for readers in (before, after))
    return News(tuple(sorted(has - had)), tuple(sorted(had - has)), listed[-1].id.hex[-12:])


def _is_for(readers: Mapping[str, Any], slug: str, number: str) -> bool:
    return readers[slug] == "all" or number in readers[slug]
