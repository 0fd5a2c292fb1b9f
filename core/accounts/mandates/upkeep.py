"""What time does to mandates: requests lapse, last days and reviews are announced, what nobody confirms pauses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from core.accounts.mandates import telling
from core.accounts.mandates.settings import MONTHS, mandate_settings
from core.accounts.models import Mandate, MandateRequest
from core.accounts.policy import caisse_today, is_protected
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.periods import add_months
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet


BATCH = 200
Busy = Callable[[set[UUID]], set[UUID]]
_SCHEDULER = Actor.system("scheduler")
_busy: list[Busy] = []


def register_busy(busy: Busy) -> None:
    """Let a room above say which of some represented parties have an open deadline: their mandates do not pause."""
    if busy not in _busy:
        _busy.append(busy)


def keep_mandates() -> None:
    """Do today's work in the open scope's caisse; repeatable, a limited number at a time."""
    MandateRequest.objects.filter(state="waiting", lapses_at__lte=clock.now()).update(
        state="lapsed", answered_at=clock.now()
    )
    today, settings = caisse_today(current_caisse()), mandate_settings()
    if settings.remind_ends or settings.longest_months:
        _remind_of_ends(today)
    if settings.review:
        _remind_of_reviews(today)
        _pause(today)


def review_due_on(mandate: Mandate) -> date:
    """Return until when a mandate is to be confirmed: a year after it was given or last confirmed."""
    return add_months(mandate.reviewed_on or mandate.valid_from, MONTHS)


def _standing() -> QuerySet[Mandate]:
    found = Mandate.objects.filter(state="accepted", paused_at=None).exclude(basis="self")
    return found.select_related("acting_party", "for_party").order_by("id")


def _remind_of_ends(today: date) -> None:
    soon = today + timedelta(days=mandate_settings().remind_days)
    # Once for each last day.
    unsaid = Q(reminded_until__isnull=True) | ~Q(reminded_until=F("valid_until"))
    for mandate in _standing().filter(unsaid, valid_until__range=(today, soon))[:BATCH]:
        told = Mandate.objects.filter(unsaid, id=mandate.id, state="accepted", valid_until=mandate.valid_until)
        if told.update(reminded_until=mandate.valid_until):
            telling.tell_both(mandate, telling.RUNS_OUT)


def _remind_of_reviews(today: date) -> None:
    latest = add_months(today + timedelta(days=mandate_settings().remind_days), -MONTHS)
    # Once for each review, however long the season or an open deadline puts the pause off.
    unsaid = Q(reminded_on__isnull=True) | Q(reminded_on__lte=Coalesce("reviewed_on", "valid_from"))
    for mandate in _unconfirmed(latest).filter(unsaid)[:BATCH]:
        told = Mandate.objects.filter(unsaid, id=mandate.id, state="accepted")
        if told.update(reminded_on=today):
            telling.tell_both(mandate, telling.REVIEW)


def _pause(today: date) -> None:
    """Pause what was announced long enough ago; never in the season, never with an open deadline."""
    settings = mandate_settings()
    if is_protected(today):
        return
    told = today - timedelta(days=settings.remind_days)
    due = list(_unconfirmed(add_months(today, -MONTHS)).filter(reminded_on__lte=told)[:BATCH])
    busy = {party for one in _busy for party in one({mandate.for_party_id for mandate in due})}
    for mandate in due:
        if mandate.for_party_id not in busy:
            _pause_one(mandate, today)


def _pause_one(mandate: Mandate, today: date) -> None:
    waiting = Mandate.objects.filter(id=mandate.id, state="accepted", paused_at=None, revision=mandate.revision)
    if waiting.update(paused_at=clock.now(), reminded_on=today):
        telling.note(_SCHEDULER, "mandate_paused", mandate)
        telling.tell_both(mandate, telling.PAUSED)


def _unconfirmed(latest: date) -> QuerySet[Mandate]:
    old = Q(reviewed_on__lte=latest) | Q(reviewed_on__isnull=True, valid_from__lte=latest)
    return _standing().filter(old, Q(valid_until__isnull=True) | Q(valid_until__gte=caisse_today(current_caisse())))
