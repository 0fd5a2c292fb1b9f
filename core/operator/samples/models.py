"""Tables of figures: an hour of a caisse, a day of a caisse, and how each caisse stands now.

They name the caisse without a foreign key, so that what a deleted caisse used can still be charged.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

ATTENTION = (0, 1, 2)


class Flow(models.Model):
    """What happened in a span of time."""

    messages = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)
    sms = models.PositiveIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Gauge(models.Model):
    """How things stood; NULL where nobody looked."""

    outbox_waiting = models.PositiveIntegerField(null=True)
    outbox_oldest_seconds = models.PositiveIntegerField(null=True)
    outbox_given_up = models.PositiveIntegerField(null=True)
    documents = models.BigIntegerField(null=True)
    document_bytes = models.BigIntegerField(null=True)
    active_users = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


class HourSample(Flow, Gauge):
    """One hour (UTC) of one caisse; kept for 14 days. ``failure`` is a code where it could not be looked at."""

    id = models.BigAutoField(primary_key=True)
    caisse_id = models.CharField(max_length=8)
    hour = models.DateTimeField()
    state = models.CharField(max_length=12, blank=True)
    schema_behind = models.BooleanField(null=True)
    last_error = models.CharField(max_length=120, blank=True)
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hour"], name="hour_sample_age")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["caisse_id", "hour"], name="hour_sample_once")]

    def __str__(self) -> str:
        return f"{self.caisse_id} {self.hour:%Y-%m-%d %H}"


class DaySample(Flow, Gauge):
    """One day (UTC) of one caisse, kept for 3 years: sums, the highest values, and what was stored at its end."""

    id = models.BigAutoField(primary_key=True)
    caisse_id = models.CharField(max_length=8)
    day = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day"], name="day_sample_age")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["caisse_id", "day"], name="day_sample_once")]

    def __str__(self) -> str:
        return f"{self.caisse_id} {self.day:%Y-%m-%d}"


class Standing(Flow, Gauge):
    """How a caisse stands by its latest sample; its flows are those of the running month (UTC).

    ``attention`` is 0 for nothing, 1 for worth a look, 2 for act; ``reasons`` are codes.
    """

    caisse_id = models.CharField(primary_key=True, max_length=8)
    sampled_at = models.DateTimeField()
    attention = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    schema_behind = models.BooleanField(null=True)
    last_error = models.CharField(max_length=120, blank=True)
    sms_hour = models.PositiveIntegerField(default=0)
    sms_day = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="standing_attention", condition=Q(attention__in=ATTENTION))
        ]

    def __str__(self) -> str:
        return self.caisse_id
