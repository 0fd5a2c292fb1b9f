"""Reading agreements by years: where one stands, its steps, and which are due for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from core.accounts.models import Party, PartyEnding
from core.configuration import configuration
from core.configuration.sections import TermsSection
from core.terms.models import AgreementStep, Answer
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

SHOWN = 50
LIVE = ("begun", "announced", "renewed")
# The ends of a party after which no agreement is renewed.
CLOSING = ("affiliation", "renunciation", "exclusion")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where a party's agreement stands: ``now`` is its latest step, ``steps`` all of them, the newest first.

    ``stopped_by`` is the end that was entered in time, so that no further year begins.
    """

    now: AgreementStep
    steps: list[AgreementStep]
    stopped_by: PartyEnding | None

    @property
    def is_live(self) -> bool:
        """Whether it stands."""
        return self.now.kind in LIVE

    @property
    def next_day(self) -> date:
        """The day on which the next year would begin."""
        return self.now.last_day + timedelta(days=1)


def renews_yearly() -> bool:
    """Whether agreements have years in the open scope's caisse; costs no query."""
    return configuration.get(current_caisse(), TermsSection).renews_yearly


def find_agreement(party_id: UUID) -> Agreement | None:
    """Return a party's agreement; None where the caisse has no years, or before the first. Two queries at most."""
    if not renews_yearly():
        return None
    steps = list(AgreementStep.objects.filter(party_id=party_id).select_related("version").order_by("-number")[:SHOWN])
    if not steps:
        return None
    return Agreement(steps[0], steps, find_stop(party_id, steps[0].last_day + timedelta(days=1)))


def find_last_day(party_id: UUID, day: date) -> date | None:
    """Return the last day of the year that runs on a day; None where there is none."""
    if not renews_yearly():
        return None
    years = AgreementStep.objects.filter(party_id=party_id, first_day__lte=day, last_day__gte=day)
    found = years.order_by("-number").values_list("kind", "last_day").first()
    return found[1] if found and found[0] in LIVE else None


def find_stop(party_id: UUID, next_day: date) -> PartyEnding | None:
    """Return the standing end that takes effect before a further year would begin."""
    found = _stopping().filter(party_id=party_id, takes_effect_on__lte=next_day)
    return found.order_by("takes_effect_on", "id").first()


def list_unbegun(today: date) -> QuerySet[Party]:
    """Return active parties that accepted and have no agreement that stands."""
    steps = AgreementStep.objects.filter(party=OuterRef("id"))
    accepted = Answer.objects.filter(party=OuterRef("id"), kind="accepted")
    again = latest_steps().filter(kind="ended").exclude(reason="not_accepted").values("party_id")
    anew = Exists(accepted.filter(at__gt=OuterRef("_ended_at")))
    ended = latest_steps().filter(kind="ended", reason="not_accepted", party=OuterRef("id"))
    parties = Party.objects.filter(state="active").filter(Exists(accepted))
    parties = parties.exclude(Exists(_stopping().filter(party=OuterRef("id"), takes_effect_on__lte=today)))
    parties = parties.alias(_ended_at=ended.values("at")[:1])
    return parties.filter(~Exists(steps) | Q(id__in=again) | anew).order_by("id")


def list_due(today: date, notice_days: int) -> QuerySet[AgreementStep]:
    """Return the latest steps of agreements for which something is to be done, the oldest year first."""
    next_day = OuterRef("last_day") + timedelta(days=1)
    stopped = Exists(_stopping().filter(party=OuterRef("party"), takes_effect_on__lte=next_day))
    soon = Q(kind__in=("begun", "renewed"), last_day__lte=today + timedelta(days=notice_days)) & ~Q(stopped)
    due = Q(last_day__lt=today) | Q(party__state="ended")
    live = latest_steps().filter(kind__in=LIVE)
    return live.filter(due | soon if notice_days else due).select_related("party", "version").order_by("last_day", "id")


def latest_steps() -> QuerySet[AgreementStep]:
    """Return the latest step of each party."""
    latest = AgreementStep.objects.order_by("party_id", "-number").distinct("party_id").values("id")
    return AgreementStep.objects.filter(id__in=latest)


def _stopping() -> QuerySet[PartyEnding]:
    return PartyEnding.objects.filter(state__in=("announced", "running"), kind__in=CLOSING, themes__isnull=True)
