"""Tables by which operators steer the platform: limits of a caisse, and notices for everybody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id

LEVELS = ("info", "warning", "danger")
KINDS = ("notice", "maintenance")


class CaisseQuota(models.Model):
    """The limits that a caisse has of its own; NULL is the platform's default."""

    caisse = models.OneToOneField("tenants.Caisse", primary_key=True, on_delete=models.CASCADE, related_name="quota")
    storage_bytes = models.BigIntegerField(null=True)
    sms_per_hour = models.BigIntegerField(null=True)
    sms_per_day = models.BigIntegerField(null=True)
    uploads_at_once = models.BigIntegerField(null=True)
    api_per_minute = models.BigIntegerField(null=True)
    background_share = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="quota_not_negative",
                condition=Q(storage_bytes__isnull=True) | Q(storage_bytes__gte=0),
            ),
            models.CheckConstraint(
                name="quota_lets_work",
                condition=(Q(uploads_at_once__isnull=True) | Q(uploads_at_once__gte=1))
                & (Q(api_per_minute__isnull=True) | Q(api_per_minute__gte=1))
                & (Q(background_share__isnull=True) | Q(background_share__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return self.caisse_id


class PlatformNotice(models.Model):
    """What every portal, desk and console shows for a while; ``texts`` maps languages to plain text.

    Of a maintenance, ``begins_at`` and ``ends_at`` are its own hours; it is told from ``shown_from`` on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=11)
    level = models.CharField(max_length=7)
    texts = models.JSONField(default=dict)
    shown_from = models.DateTimeField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-made_at", "-id"], name="notice_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(name="notice_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="notice_level", condition=Q(level__in=LEVELS)),
            models.CheckConstraint(
                name="notice_in_order", condition=Q(shown_from__lte=F("begins_at")) & Q(begins_at__lt=F("ends_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.begins_at:%Y-%m-%d %H:%M}"
