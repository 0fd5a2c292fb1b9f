"""The console's own tables in the schema ``platform``: what was done, counted tries, links, spent challenges."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id
from core.operator.samples.models import DaySample, HourSample, Standing
from tenants.append_only import AppendOnly

__all__ = ["Act", "DaySample", "Enrolment", "HourSample", "SpentChallenge", "Standing", "TryCounter"]


class Act(AppendOnly):
    """One act on the platform. ``data`` holds codes, counts and identifiers, never contents of a caisse.

    The database lets the platform's role add rows and read them, nothing else.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=12)
    actor_name = models.CharField(max_length=200)
    operator_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    about_name = models.CharField(max_length=200, blank=True)
    caisse_id = models.CharField(max_length=8, blank=True)
    caisse_slug = models.CharField(max_length=31, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="act_newest"),
            models.Index(fields=["caisse_id", "-at", "-id"], name="act_of_caisse"),
            models.Index(fields=["operator_id", "-at", "-id"], name="act_of_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.caisse_slug}"


class TryCounter(models.Model):
    """How often something was tried in the running window; the bucket is a keyed hash."""

    bucket = models.CharField(primary_key=True, max_length=100)
    used = models.PositiveIntegerField()
    resets_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.used}"


class Enrolment(models.Model):
    """A one-time link by which an operator sets up her sign-in. Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey("tenants.Operator", on_delete=models.CASCADE, related_name="enrolments")
    secret_hash = models.BinaryField(unique=True, max_length=32)
    made_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operator"],
                name="enrolment_one_open",
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="enrolment_one_end", condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} until {self.expires_at:%Y-%m-%d %H:%M}"


class SpentChallenge(models.Model):
    """A challenge that an authenticator has answered: it is never accepted again."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M}"
