"""How and when a party's use of the portal ends or rests: announced with its day, carried out, or taken back."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id

ENDING_KINDS = ("affiliation", "renunciation", "exclusion", "suspension", "death")
ENDING_STATES = ("announced", "running", "done", "cancelled")
_STANDING = Q(state__in=("announced", "running"))


class PartyEnding(models.Model):
    """One end: from ``takes_effect_on`` the party reads only (a suspended one has nothing), from ``ends_on`` nothing.

    ``announced`` waits for its day, ``running`` is between the two days (or suspended), ``done`` is over.
    ``themes`` limits a renunciation; ``received_on`` is when it arrived, ``rule`` by which the day was computed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey("core_accounts.Party", on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=12)
    themes = ArrayField(models.CharField(max_length=40), null=True)
    reason = models.CharField(max_length=500, blank=True)
    # The scan that proves a death, in the person's file; ends entered before there were scans have none.
    document_id = models.UUIDField(null=True)
    by_letter = models.BooleanField(default=False)
    received_on = models.DateField()
    rule = models.CharField(max_length=24, blank=True)
    takes_effect_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, default="announced")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["party", "-created_at"], name="ending_party"),
            models.Index(fields=["takes_effect_on"], name="ending_due", condition=_STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="ending_kind_known", condition=Q(kind__in=ENDING_KINDS)),
            models.CheckConstraint(name="ending_state_known", condition=Q(state__in=ENDING_STATES)),
            models.CheckConstraint(name="ending_days_in_order", condition=Q(ends_on__gte=F("takes_effect_on"))),
            models.CheckConstraint(
                name="ending_themes_renounced", condition=Q(themes__isnull=True) | Q(kind="renunciation")
            ),
            models.UniqueConstraint(
                name="ending_one_of_a_kind", fields=["party", "kind"], condition=_STANDING & Q(themes__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.takes_effect_on}"
