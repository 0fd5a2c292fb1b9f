"""Versions of the terms, their texts, the answers to them and the years of an agreement; these two never change."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.accounts.models.parties import PARTY_KINDS
from core.kernel.identifiers import new_id
from tenants.append_only import AppendOnly

ANSWERS = ("accepted", "acknowledged", "refused")
CHANNELS = ("portal", "letter", "counter")
STEPS = ("begun", "announced", "renewed", "ended")
REASONS = ("", "not_renewed", "not_accepted", "access_ended")


class Version(models.Model):
    """One version of the terms for one kind of party. A published one never changes.

    ``asks`` tells whether it must be accepted anew; one that only corrects a word is just told.
    ``told_after`` and ``reminded_after`` are how far the mails have come, so that a killed run writes to nobody twice.
    """

    class States(models.TextChoices):
        """Where a version stands; whether a published one is in force depends on the day alone."""

        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    audience = models.CharField(max_length=14)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=States.choices, default=States.DRAFT)
    asks = models.BooleanField(default=True)
    valid_from = models.DateField(null=True)
    grace_days = models.PositiveSmallIntegerField(default=30)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    published_by_name = models.CharField(max_length=200, blank=True)
    told_after = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)
    reminded_after = models.UUIDField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="terms_audience_known", condition=Q(audience__in=PARTY_KINDS)),
            models.CheckConstraint(
                name="terms_state_known", condition=Q(state__in=["draft", "published", "withdrawn"])
            ),
            models.CheckConstraint(
                name="terms_published_has_day",
                condition=~Q(state="published") | Q(valid_from__isnull=False, published_at__isnull=False),
            ),
            models.UniqueConstraint(name="terms_number_once", fields=["audience", "number"]),
            models.UniqueConstraint(name="terms_one_draft", fields=["audience"], condition=Q(state="draft")),
            models.UniqueConstraint(
                name="terms_day_once", fields=["audience", "valid_from"], condition=Q(state="published")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.number}"


class TermsText(models.Model):
    """A version in one language. ``sha256`` is what an answer names; it is set when the version is published."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="terms_text_once", fields=["version", "language"]),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.language}"

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing for its readers."""
        return bool(self.title.strip() and self.summary.strip() and self.body.strip())

    def digest(self) -> str:
        """Return the SHA-256 of title and text as UTF-8 in NFC, parted by an empty line."""
        whole = unicodedata.normalize("NFC", f"{self.title}\n\n{self.body}")
        return hashlib.sha256(whole.encode()).hexdigest()


class Answer(AppendOnly):
    """What one person answered to one version, for a company or for herself; kept as it was given.

    ``party`` is the company within which she acts. An acceptance binds it; an acknowledgement is
    the user's own. One that came on paper names the clerk who wrote it down, and ``document_id`` the scan.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=12)
    party = models.ForeignKey("core_accounts.Party", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("core_accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    assurance_level = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=8, default="portal")
    recorded_by_name = models.CharField(max_length=200, blank=True)
    document_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "user"], name="terms_answer_party")]
        constraints: ClassVar = [
            models.CheckConstraint(name="terms_answer_known", condition=Q(kind__in=ANSWERS)),
            models.CheckConstraint(name="terms_channel_known", condition=Q(channel__in=CHANNELS)),
            models.UniqueConstraint(
                name="terms_accepted_once", fields=["version", "party"], condition=Q(kind="accepted")
            ),
            models.UniqueConstraint(
                name="terms_own_answer_once",
                fields=["version", "party", "user", "kind"],
                condition=~Q(kind="accepted"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version_id}"


class AgreementStep(AppendOnly):
    """One step of a party's agreement, where the caisse has years: begun, its renewal announced, renewed, ended.

    ``number`` counts a party's steps, so that of two runs one writes each. ``counted_from`` is the day of the
    acceptance from which the years are counted; the days are those of the year that the step concerns, an
    ``ended`` one's ``last_day`` is the last on which the agreement stood.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey("core_accounts.Party", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=9)
    reason = models.CharField(max_length=12, blank=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    counted_from = models.DateField()
    first_day = models.DateField()
    last_day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="agreement_step_known", condition=Q(kind__in=STEPS, reason__in=REASONS)),
            models.CheckConstraint(name="agreement_days_in_order", condition=Q(last_day__gte=F("first_day"))),
            models.UniqueConstraint(name="agreement_step_once", fields=["party", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.number} {self.kind}"
