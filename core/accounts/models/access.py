"""The ways in: sessions, one-time codes, tokens of programs, and the counters that limit tries."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id

CODE_PURPOSES = (
    *("sign_in", "reentry", "confirm_mobile", "confirm_email", "activation", "receipt"),
    *("forgotten", "new_email", "new_mobile"),
)


class Session(models.Model):
    """A browser's session. Only a hash of its key is stored; an ended one stays as history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey("core_accounts.User", null=True, on_delete=models.PROTECT, related_name="sessions")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()
    idle_until = models.DateTimeField()
    expires_at = models.DateTimeField()
    assurance_level = models.PositiveSmallIntegerField(default=0)
    methods = ArrayField(models.CharField(max_length=40), default=list)
    ip_prefix = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=80, blank=True)
    # Knows a browser again by its own long-lived cookie, of which this is a hash; empty before the first sign-in.
    device_key = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    support = models.ForeignKey(
        "core_accounts.SupportGrant", null=True, on_delete=models.PROTECT, related_name="sessions", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user"], name="session_live", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["expires_at"], name="session_expiry"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="session_level_known", condition=Q(assurance_level__range=(0, 4))),
            models.CheckConstraint(
                name="session_signed_in_has_user", condition=Q(signed_in_at__isnull=True) | Q(user__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OneTimeCode(models.Model):
    """A short secret that was sent to somebody; bound to the request that asked for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=20)
    user = models.ForeignKey("core_accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=254, blank=True)
    binding = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    max_tries = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "purpose", "expires_at"], name="code_user")]
        constraints: ClassVar = [
            models.CheckConstraint(name="code_purpose_known", condition=Q(purpose__in=CODE_PURPOSES)),
            models.CheckConstraint(name="code_tries_limited", condition=Q(tries__lte=F("max_tries"))),
            models.CheckConstraint(
                name="code_used_or_revoked", condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class RateLimit(models.Model):
    """How often something was tried in the running window; the bucket is a keyed hash."""

    bucket = models.CharField(primary_key=True, max_length=100)
    used = models.PositiveIntegerField()
    resets_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.used}"


class ApiToken(models.Model):
    """A program's token: acts for one party, or at the desk where none is named.

    It has at most the rights that the user who made it has at that moment.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="+")
    acting_party = models.ForeignKey("core_accounts.Party", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("core_accounts.Party", null=True, on_delete=models.PROTECT, related_name="+")
    themes = ArrayField(models.CharField(max_length=40), null=True)
    may_act = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "created_at"], name="token_party")]
        constraints: ClassVar = [
            models.CheckConstraint(name="token_expires_later", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(
                name="token_for_party_or_desk",
                condition=Q(party__isnull=True, acting_party__isnull=True)
                | Q(party__isnull=False, acting_party__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"
