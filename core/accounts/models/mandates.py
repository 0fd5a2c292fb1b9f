"""What one party asks of another: to act for it, or to be acted for; answered by the other, or proved to a clerk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.accounts.models.parties import PARTY_KINDS, Mandate, Party
from core.kernel.identifiers import new_id

DIRECTIONS = ("act", "give")
PROOFS = ("answer", "document")
REQUEST_STATES = ("waiting", "accepted", "refused", "withdrawn", "lapsed")
REQUEST_BASES = ("agreement", "power_of_attorney", "law")


class MandateRequest(models.Model):
    """A mandate that is asked for. The asker names the other by kind and number, whether or not there is one.

    ``direction`` "act": the asker wants to act for the other; "give": the other is to act for the asker.
    ``to_party`` is who bears the number, found by a worker and never shown to the asker before an answer.
    ``proof`` says who decides: "answer" the other's administrator, "document" a clerk by ``document_id``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandate_requests")
    direction = models.CharField(max_length=4)
    other_kind = models.CharField(max_length=14)
    other_number = models.CharField(max_length=40)
    to_party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="mandate_requests_received")
    proof = models.CharField(max_length=8)
    basis = models.CharField(max_length=20)
    document_id = models.UUIDField(null=True)
    themes = ArrayField(models.CharField(max_length=40), null=True)
    document_types = ArrayField(models.CharField(max_length=80), null=True)
    may_act = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=9, default="waiting")
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=200, blank=True)
    lapses_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="requests")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["from_party", "-asked_at", "-id"], name="mandate_request_asked"),
            models.Index(fields=["to_party", "state"], name="mandate_request_received"),
            models.Index(
                fields=["state", "asked_at", "id"], name="mandate_request_waiting", condition=Q(state="waiting")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="mandate_request_direction", condition=Q(direction__in=DIRECTIONS)),
            models.CheckConstraint(name="mandate_request_kind", condition=Q(other_kind__in=PARTY_KINDS)),
            models.CheckConstraint(name="mandate_request_state", condition=Q(state__in=REQUEST_STATES)),
            models.CheckConstraint(name="mandate_request_basis", condition=Q(basis__in=REQUEST_BASES)),
            models.CheckConstraint(
                name="mandate_request_proof",
                condition=Q(proof="answer", document_id__isnull=True, basis="agreement")
                | (Q(proof="document", document_id__isnull=False) & ~Q(basis="agreement")),
            ),
            models.CheckConstraint(
                name="mandate_request_dates",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="mandate_request_granted", condition=~Q(state="accepted") | Q(mandate__isnull=False)
            ),
            models.UniqueConstraint(
                name="mandate_request_once",
                fields=["from_party", "direction", "other_kind", "other_number"],
                condition=Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.state}"
