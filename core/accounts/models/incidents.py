"""Incidents: what people reported about their own access, what was ended at that moment, and how they came back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id

INCIDENT_KINDS = ("lost_phone", "not_me", "suspicious")
INCIDENT_STATES = ("open", "in_hand", "closed")
INCIDENT_PROOFS = ("password", "mail_code", "session", "clerk")
INCIDENT_OUTCOMES = ("", "given_back", "enrolled", "nothing")


class Incident(models.Model):
    """One report. ``reported_at`` is the moment that tells acts before from acts after.

    ``blocked`` says that the account was closed by it; ``recovered_at`` is when it was opened again, or
    a new enrolment was begun. Counts say what ended with the report.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=14, unique=True)
    kind = models.CharField(max_length=12)
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="incidents")
    proof = models.CharField(max_length=10)
    note = models.CharField(max_length=500, blank=True)
    blocked = models.BooleanField(default=True)
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    place = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=80, blank=True)
    ended_sessions = models.PositiveIntegerField(default=0)
    ended_tokens = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, default="open")
    handler_id = models.UUIDField(null=True)
    handler_name = models.CharField(max_length=200, blank=True)
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    outcome_note = models.CharField(max_length=500, blank=True)
    recovered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-reported_at", "-id"], name="incident_newest"),
            models.Index(fields=["user", "reported_at"], name="incident_user"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="incident_kind_known", condition=Q(kind__in=INCIDENT_KINDS)),
            models.CheckConstraint(name="incident_state_known", condition=Q(state__in=INCIDENT_STATES)),
            models.CheckConstraint(name="incident_proof_known", condition=Q(proof__in=INCIDENT_PROOFS)),
            models.CheckConstraint(name="incident_outcome_known", condition=Q(outcome__in=INCIDENT_OUTCOMES)),
            # Who presses twice, or in two windows, has one report and one receipt.
            models.UniqueConstraint(
                name="incident_one_blocks", fields=["user"], condition=Q(blocked=True, recovered_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.reference
