"""Tables of enrolment: the application, and the code that an employer's staff registers with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.accounts.models.parties import PARTY_KINDS
from core.kernel.identifiers import new_id

WAYS = ("form", "counter", "invitation", "private")
# draft: still being filled in. open: waits for a clerk. approved: codes were sent. refused: by the caisse.
# declined: the applicant did not accept the charter.
STATES = ("draft", "open", "approved", "refused", "declined")
HAND_OVERS = ("letter", "slip", "sms", "mail", "online")


class Application(models.Model):
    """One person's or company's way to an access, whichever it is.

    ``number`` is canonical. ``facts`` holds what was entered of the applicant (name, address, contact),
    ``people`` a list of who is to be let in or told: ``role`` (representative, delegate, administrator, person),
    names, ``email``, ``mobile``. ``accepted_at`` is when the charter was accepted, or declined; from it the
    agreement's year counts. ``codes_sent_at`` is when the access codes left.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=10)
    kind = models.CharField(max_length=14)
    state = models.CharField(max_length=8, default="draft")
    reference = models.CharField(max_length=12, unique=True)
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    people = models.JSONField(default=list)
    email = models.EmailField(blank=True)
    email_confirmed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, default="fr")
    charter = models.ForeignKey("core_terms.Version", null=True, on_delete=models.PROTECT, related_name="+")
    charter_language = models.CharField(max_length=10, blank=True)
    charter_sha256 = models.CharField(max_length=64, blank=True)
    accepted_at = models.DateTimeField(null=True)
    certified_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    document_id = models.UUIDField(null=True)
    party = models.ForeignKey("core_accounts.Party", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    hand_over = models.CharField(max_length=6, blank=True)
    codes_sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at", "-id"], name="application_listed"),
            models.Index(fields=["party"], name="application_party"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="application_way_known", condition=Q(way__in=WAYS)),
            models.CheckConstraint(name="application_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="application_kind_known", condition=Q(kind__in=PARTY_KINDS)),
            models.CheckConstraint(
                name="application_hand_over_known", condition=Q(hand_over="") | Q(hand_over__in=HAND_OVERS)
            ),
            models.UniqueConstraint(name="application_one_open", fields=["kind", "number"], condition=Q(state="open")),
            models.CheckConstraint(
                name="application_approved_whole",
                condition=~Q(state="approved") | Q(party__isnull=False, codes_sent_at__isnull=False),
            ),
            models.CheckConstraint(name="application_refused_says_why", condition=~Q(state="refused") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.reference


class StaffCode(models.Model):
    """The code with which an employer's staff registers; printed on her leaflet, and replaced when it leaked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.OneToOneField("core_accounts.Party", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, unique=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.party_id)
