"""Campaigns and their letters. The codes are nowhere here: of each only a keyed hash is kept, by its activation."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id

PRINTS = ("normal", "large")


class Campaign(models.Model):
    """Letters that are made together and printed from one file.

    ``parts`` are the keys of the encrypted pieces made so far, ``file_key`` that of the whole. The file
    holds codes: it is fetched a few times at most, then deleted, and cannot be made again.
    """

    class States(models.TextChoices):
        """Where it stands."""

        MAKING = "making"
        READY = "ready"
        CLEARED = "cleared"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    text = models.CharField(max_length=60)
    print = models.CharField(max_length=6, default="normal")
    selection = models.JSONField(default=dict)
    reminder_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reminders")
    state = models.CharField(max_length=7, choices=States.choices, default=States.MAKING)
    total = models.PositiveIntegerField()
    made = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    parts = ArrayField(models.CharField(max_length=200), default=list)
    file_key = models.CharField(max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    fetched = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200)
    ready_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="campaign_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="campaign_state_known", condition=Q(state__in=["making", "ready", "cleared", "stopped"])
            ),
            models.CheckConstraint(name="campaign_print_known", condition=Q(print__in=PRINTS)),
            models.CheckConstraint(
                name="campaign_ready_has_file",
                condition=~Q(state="ready") | ~Q(file_key="") & Q(ready_at__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_cleared_has_none", condition=~Q(state="cleared") | Q(file_key="", parts__len=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """One letter of a campaign. ``reference`` is printed in the envelope's window and says nothing of the code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="letters")
    party = models.ForeignKey("core_accounts.Party", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=12, unique=True)
    activation = models.OneToOneField(
        "core_accounts.Activation", null=True, on_delete=models.PROTECT, related_name="letter"
    )
    made_at = models.DateTimeField(null=True)
    skipped = models.CharField(max_length=20, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="letter_position", fields=["campaign", "position"]),
            models.UniqueConstraint(name="letter_once", fields=["campaign", "party"]),
            models.CheckConstraint(
                name="letter_made_has_code", condition=Q(made_at__isnull=True) | Q(activation__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reference
