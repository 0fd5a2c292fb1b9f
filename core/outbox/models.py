"""The outbox entry and its constraint-kept life: waiting, claimed under a lease, done or failed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id

# Mails, SMS and letters (core.notices): what a caisse sent is counted by these topics.
TEXTS = "notices."


class Entry(models.Model):
    """One effect to be had at least once. ``secret`` is encrypted and blanked after hand-over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    secret = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="outbox_waiting",
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(
                fields=["leased_until"],
                name="outbox_in_work",
                condition=Q(done_at__isnull=True, failed_at__isnull=True, leased_until__isnull=False),
            ),
            models.Index(fields=["failed_at"], name="outbox_given_up", condition=Q(failed_at__isnull=False)),
            models.Index(
                fields=["done_at"],
                name="outbox_texts_sent",
                condition=Q(topic__startswith=TEXTS, done_at__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outbox_done_or_failed",
                condition=Q(done_at__isnull=True) | Q(failed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="outbox_secret_blanked",
                condition=Q(done_at__isnull=True) | Q(secret__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"
