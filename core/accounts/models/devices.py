"""Browsers that somebody called her own, so that the second factor is not asked there for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id


class TrustedDevice(models.Model):
    """One browser that was remembered after a second factor; only a hash of its key is stored.

    It stands in for the factor that it was remembered after, and for no better one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey("core_accounts.User", on_delete=models.CASCADE, related_name="trusted_devices")
    device = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="device_expires_later", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return str(self.id)
