"""Deleting a caisse: asked for, confirmed by another operator, closed for the waiting time, or called off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.policy import caisse_day
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.text import N_
from core.transfer import telling
from core.transfer.errors import (
    DeletionAsked,
    DeletionMoved,
    DeletionUnknown,
    DeletionWaits,
    SecondOperatorNeeded,
    SlugKept,
)
from core.transfer.kinds import DELETE
from core.transfer.models import Deletion
from tenants import registration, services
from tenants.errors import CaisseNotReady
from tenants.jobs.models import PlatformJob
from tenants.jobs.services import cancel_job
from tenants.models import Caisse, Operator
from tenants.scope import CaisseRef, platform_transaction

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

State = Deletion.States
OPEN = (State.ASKED, State.WAITING, State.RUNNING)
REMIND_BEFORE = timedelta(days=7)
CLOSED_FOR_GOOD = N_("This portal is closed. It will be deleted on %(day)s. Your caisse tells you where to turn.")


def register() -> None:
    """Keep closed what is to be deleted, and keep the slugs of what was."""
    registration.register_opening_check(check_stays_closed)
    registration.register_slug_check(check_slug_is_free)


def check_stays_closed(caisse: CaisseRef) -> None:
    """Raise ``DeletionWaits`` while a deletion holds the portal closed. Platform scope."""
    if Deletion.objects.filter(caisse_id=caisse.id, state__in=[State.WAITING, State.RUNNING]).exists():
        raise DeletionWaits(slug=caisse.slug)


def check_slug_is_free(slug: str) -> None:
    """Raise ``SlugKept`` for the slug of a caisse that was deleted not long ago."""
    with platform_transaction():
        kept = Deletion.objects.filter(slug=slug, slug_kept_until__gt=clock.now()).order_by("-slug_kept_until").first()
    if kept is not None and kept.slug_kept_until is not None:
        raise SlugKept(slug=slug, until=f"{kept.slug_kept_until:%Y-%m-%d}")


def needs_second(actor: Actor) -> bool:
    """Whether another operator must confirm what this one asks for. Platform scope."""
    active = Operator.objects.filter(state=Operator.States.ACTIVE)
    return (active.exclude(id=actor.user_id) if actor.user_id else active).exists()


def ask_deletion(*, actor: Actor, caisse: CaisseRef, reason: str = "") -> Deletion:
    """Ask for the deletion; where there is no other operator the waiting time begins at once. Outside any scope.

    Raises ``DeletionAsked``, or ``CaisseNotReady`` for a caisse that never opened.
    """
    with platform_transaction():
        row = services.get_caisse_by_slug(caisse.slug)
    if row.state == Caisse.States.PROVISIONING:
        raise CaisseNotReady(slug=caisse.slug)
    language = configuration.load(caisse).sections[LanguagesSection.key]
    now = clock.now()
    day = caisse_day(caisse, _due(now))
    with platform_transaction():
        deletion = Deletion(
            caisse_id=caisse.id,
            slug=caisse.slug,
            name=row.name,
            language=getattr(language, "default", "fr"),
            reason=reason.strip()[:300],
            asked_by=actor.name,
            asked_by_id=actor.user_id,
            asked_at=now,
        )
        try:
            with transaction.atomic():
                deletion.save(force_insert=True)
        except IntegrityError as error:
            raise DeletionAsked(slug=caisse.slug) from error
        if not needs_second(actor):
            _begin_waiting(actor, deletion, now, day)
    return _told(deletion.id)


def confirm_deletion(*, actor: Actor, deletion_id: UUID) -> Deletion:
    """Let the waiting time begin: the portal closes, the administrators are told. Outside any scope.

    Raises ``SecondOperatorNeeded`` for whoever asked, ``DeletionMoved`` when it is no longer asked for.
    """
    with platform_transaction():
        deletion = access_deletion(deletion_id)
    if actor.user_id is None or actor.user_id == deletion.asked_by_id:
        raise SecondOperatorNeeded
    if deletion.state != State.ASKED:
        raise DeletionMoved
    now = clock.now()
    # The caisse's zone is read here: inside the platform's transaction her settings are out of reach.
    day = caisse_day(CaisseRef(deletion.caisse_id, deletion.slug), _due(now))
    with platform_transaction():
        if not Deletion.objects.select_for_update().filter(id=deletion_id, state=State.ASKED).exists():
            raise DeletionMoved
        _begin_waiting(actor, deletion, now, day)
    return _told(deletion.id)


def _due(now: datetime) -> datetime:
    return now + timedelta(days=settings.DELETION_WAIT_DAYS)


def _begin_waiting(actor: Actor, deletion: Deletion, now: datetime, day: date) -> None:
    caisse = CaisseRef(deletion.caisse_id, deletion.slug)
    was_closed = Caisse.objects.filter(pk=caisse.id, state=Caisse.States.SUSPENDED).exists()
    services.suspend_caisse(actor=actor, caisse=caisse, reason=f"deletion {day}", texts=_closed_texts(day))
    Deletion.objects.filter(id=deletion.id, state=State.ASKED).update(
        state=State.WAITING,
        confirmed_by=actor.name,
        confirmed_by_id=actor.user_id,
        confirmed_at=now,
        due_at=_due(now),
        was_closed=was_closed,
    )


def _closed_texts(day: date) -> dict[str, str]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = gettext(CLOSED_FOR_GOOD) % {"day": date_format(day, "DATE_FORMAT")}
    return texts


def _told(deletion_id: UUID) -> Deletion:
    """Tell the administrators once that the waiting time has begun; return the deletion as it stands."""
    with platform_transaction():
        now = clock.now()
        first = Deletion.objects.filter(id=deletion_id, state=State.WAITING, told_at__isnull=True).update(told_at=now)
        deletion = Deletion.objects.get(id=deletion_id)
    if first:
        actor = Actor(kind="operator", name=deletion.asked_by, user_id=deletion.asked_by_id)
        caisse = CaisseRef(deletion.caisse_id, deletion.slug)
        day = caisse_day(caisse, deletion.due_at or now)
        telling.tell(
            actor=actor,
            caisse=caisse,
            notice=telling.DELETION_ASKED,
            fields={"operator": deletion.asked_by},
            day=day,
            data={"due_at": day.isoformat(), "confirmed_by": deletion.confirmed_by},
        )
    return deletion


def cancel_deletion(*, actor: Actor, deletion_id: UUID) -> Deletion:
    """Give a deletion up until it runs; the portal opens again unless it was closed before. Outside any scope.

    Raises ``DeletionMoved`` once it runs or has ended.
    """
    with platform_transaction():
        deletion = access_deletion(deletion_id)
        waited = deletion.state == State.WAITING
        cancelled = Deletion.objects.filter(id=deletion.id, state=deletion.state).exclude(
            state__in=[State.RUNNING, State.DONE, State.CANCELLED]
        )
        if not cancelled.update(state=State.CANCELLED, cancelled_by=actor.name, cancelled_at=clock.now()):
            raise DeletionMoved
        caisse = CaisseRef(deletion.caisse_id, deletion.slug)
        _cancel_job(actor, deletion)
        if waited and not deletion.was_closed:
            services.resume_caisse(actor=actor, caisse=caisse)
    if waited:
        telling.tell(actor=actor, caisse=caisse, notice=telling.DELETION_CANCELLED, fields={"operator": actor.name})
    deletion.state = State.CANCELLED
    return deletion


def _cancel_job(actor: Actor, deletion: Deletion) -> None:
    """Cancel the job of a deletion whose day has come, as long as no worker has begun it."""
    waiting = [PlatformJob.States.WAITING, PlatformJob.States.FAILED]
    asked = PlatformJob.objects.filter(kind=DELETE, order__deletion=str(deletion.id), state__in=waiting, steps_total=0)
    for job_id in asked.values_list("id", flat=True):
        cancel_job(actor=actor, job_id=job_id)


def access_deletion(deletion_id: UUID) -> Deletion:
    """Return a deletion. Raises ``DeletionUnknown``. Platform scope."""
    found = Deletion.objects.filter(id=deletion_id).first()
    if found is None:
        raise DeletionUnknown
    return found


def get_open_deletion(caisse: CaisseRef) -> Deletion | None:
    """Return the deletion of a caisse that is asked for, waits or runs. Platform scope."""
    return Deletion.objects.filter(caisse_id=caisse.id, state__in=OPEN).first()


def remind_due(*, actor: Actor) -> int:
    """Tell the administrators once when the day is near; return of how many caisses. Repeatable."""
    now = clock.now()
    with platform_transaction():
        near = Deletion.objects.filter(state=State.WAITING, reminded_at__isnull=True, due_at__lte=now + REMIND_BEFORE)
        waiting = [one for one in near if near.filter(id=one.id).update(reminded_at=now)]
    for one in waiting:
        caisse = CaisseRef(one.caisse_id, one.slug)
        day = caisse_day(caisse, one.due_at or now)
        telling.tell(actor=actor, caisse=caisse, notice=telling.DELETION_NEAR, fields={}, day=day)
    return len(waiting)
