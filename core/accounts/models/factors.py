"""What a person has set up besides her password: apps for one-time passwords, passkeys, recovery codes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id

FACTOR_KINDS = ("totp", "passkey", "recovery_code")


class EnrolledFactor(models.Model):
    """One app, one passkey, or one of ten recovery codes, which is used up once it was used.

    ``secret`` is an app's, sealed with the platform's key. Of a passkey only public parts are kept; ``host`` is the one
    to which the device has bound it. Of a recovery code only a hash, and its first character, by which it is found.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=13)
    label = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    secret = models.BinaryField(null=True)
    last_step = models.BigIntegerField(null=True)
    host = models.CharField(max_length=255, blank=True)
    credential_id = models.BinaryField(null=True)
    public_key = models.BinaryField(null=True)
    sign_count = models.BigIntegerField(default=0)
    code_start = models.CharField(max_length=1, blank=True)
    code_hash = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="factor_kind_known", condition=Q(kind__in=FACTOR_KINDS)),
            models.CheckConstraint(
                name="factor_has_what_proves_it",
                condition=Q(kind="totp", secret__isnull=False)
                | Q(kind="passkey", credential_id__isnull=False, public_key__isnull=False)
                | (Q(kind="recovery_code") & ~Q(code_start="") & ~Q(code_hash="")),
            ),
            models.UniqueConstraint(name="factor_credential", fields=["credential_id"]),
            models.UniqueConstraint(
                name="factor_recovery_start", fields=["user", "code_start"], condition=Q(kind="recovery_code")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
