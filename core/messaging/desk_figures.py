"""Figures of the desk over a bounded period: volumes, age of the queue, time to close, rules; none of single clerks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, Exists, F, FloatField, OuterRef, Q
from django.db.models.functions import Extract, TruncMonth, TruncWeek

from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.kernel.errors import InvalidInput
from core.kernel.issues import Severity
from core.messaging.desk_guards import open_to
from core.messaging.desk_settings import today_at_desk
from core.messaging.models import Finding, Justification, Message
from core.messaging.selectors import list_readable
from core.messaging.states import AT_THE_DESK, State
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.kernel.actors import Actor

LONGEST = timedelta(days=3 * 366)
BY_WEEK = timedelta(days=92)
RULES = 15
# Days since arrival: up to and including the first figure of each, and what is older than the last.
AGES = (7, 14, 30, 60)
_DECIDED = (str(State.DONE), str(State.REFUSED))


class PeriodUnusable(InvalidInput):
    """The first day must not lie after the last, and figures are given for at most three years at once."""

    code = "period_unusable"


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last one, both included; counted by weeks up to a quarter, by months beyond."""

    since: date
    until: date

    def __post_init__(self) -> None:
        """Refuse what cannot be counted within bounds."""
        if self.since > self.until or self.until - self.since > LONGEST:
            raise PeriodUnusable

    @property
    def by_week(self) -> bool:
        """Whether a bucket is a week."""
        return self.until - self.since <= BY_WEEK

    def list_buckets(self) -> list[date]:
        """Return the first day of every week or month within, also of those in which nothing happened."""
        if self.by_week:
            monday = self.since - timedelta(days=self.since.weekday())
            return [monday + timedelta(days=7 * n) for n in range((self.until - monday).days // 7 + 1)]
        first, last = self.since.year * 12 + self.since.month - 1, self.until.year * 12 + self.until.month - 1
        return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Volume:
    """How many messages arrived in one bucket, of one theme or type."""

    bucket: date
    key: str
    n: int


@dataclass(frozen=True, slots=True)
class Age:
    """How many cases of one theme or type wait, by the steps of ``AGES`` and older."""

    key: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """How long cases took from arrival to close, in days; nine of ten were closed within ``ninth``."""

    key: str
    n: int
    median: float
    ninth: float


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule was hit, in how many messages, how often with a reason; ``asks`` where one is wanted."""

    code: str
    type_key: str
    asks: bool
    n: int
    messages: int
    justified: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one period; ``by_type`` says what the keys are."""

    period: Period
    by_type: bool
    volumes: list[Volume]
    ages: list[Age]
    closings: list[Closing]
    rules: list[RuleCount]


class _Percentile(Aggregate):
    """The value below which a share of all lies."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def get_figures(viewer: Actor, period: Period, *, theme: str | None = None) -> Figures:
    """Return the figures of the viewer's themes, by theme, or by type within one; always four queries."""
    key = "type_key" if theme else "theme"
    found = open_to(viewer, Message.objects.filter(theme__in=list_readable(viewer)))
    if theme:
        found = found.filter(theme=theme)
    sent = _within(found, "sent_at", period)
    return Figures(
        period=period,
        by_type=bool(theme),
        volumes=_count_volumes(sent, key, period),
        ages=_count_ages(found, key),
        closings=_measure_closings(_within(found.filter(state__in=_DECIDED), "closed_at", period), key),
        rules=_count_rules(sent),
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(configuration.get(current_caisse(), LocaleSection).time_zone)


def _within(found: QuerySet[Message], column: str, period: Period) -> QuerySet[Message]:
    begin = datetime.combine(period.since, time(), _zone())
    end = datetime.combine(period.until + timedelta(days=1), time(), _zone())
    return found.filter(**{f"{column}__gte": begin, f"{column}__lt": end})


def _count_volumes(sent: QuerySet[Message], key: str, period: Period) -> list[Volume]:
    cut = TruncWeek if period.by_week else TruncMonth
    counted = sent.annotate(bucket=cut("sent_at", tzinfo=_zone())).values_list("bucket", key).annotate(n=Count("id"))
    return [Volume(bucket.date(), name, n) for bucket, name, n in counted.order_by("bucket", key)]


def _count_ages(found: QuerySet[Message], key: str) -> list[Age]:
    edges = [datetime.combine(today_at_desk() - timedelta(days=days), time(), _zone()) for days in AGES]
    newer = [Q(sent_at__gte=edge) for edge in edges]
    steps = [newer[0], *(~before & now for before, now in pairwise(newer)), ~newer[-1]]
    counts = {f"step{place}": Count("id", filter=step) for place, step in enumerate(steps)}
    waiting = found.filter(state__in=[str(state) for state in AT_THE_DESK])
    return [Age(name, tuple(rest)) for name, *rest in waiting.values_list(key).annotate(**counts).order_by(key)]


def _measure_closings(closed: QuerySet[Message], key: str) -> list[Closing]:
    days = Extract(F("closed_at") - F("sent_at"), "epoch") / 86400.0
    measured = (
        closed.exclude(sent_at=None)
        .values_list(key)
        .annotate(n=Count("id"), median=_Percentile(days, share=0.5), ninth=_Percentile(days, share=0.9))
    )
    return [Closing(name, n, median, ninth) for name, n, median, ninth in measured.order_by(key)]


def _count_rules(sent: QuerySet[Message]) -> list[RuleCount]:
    reasons = Justification.objects.filter(
        message_id=OuterRef("message_id"), code=OuterRef("code"), subject=OuterRef("subject")
    )
    counted = (
        Finding.objects.filter(message_id__in=sent.values("id"))
        .exclude(severity=str(Severity.BLOCK))
        .values_list("code", "message__type_key", "severity")
        .annotate(
            n=Count("id"), messages=Count("message_id", distinct=True), justified=Count("id", filter=Exists(reasons))
        )
        .order_by("-n", "code", "message__type_key")
    )
    return [
        RuleCount(code, type_key, severity == Severity.JUSTIFY, n, messages, justified)
        for code, type_key, severity, n, messages, justified in counted[:RULES]
    ]
