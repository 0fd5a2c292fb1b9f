"""Support: when an operator of the platform may look into this caisse, asked for and granted by its administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id

if TYPE_CHECKING:
    from datetime import datetime

SUPPORT_HOURS = 72
_GRANTED = Q(granted_at__isnull=False, valid_from__isnull=False, valid_until__isnull=False)


class SupportGrant(models.Model):
    """One operator's access: asked for (``asked_at``), then granted from–until or refused, and ended early or not.

    The operator is known here by her e-mail alone, since the platform's own tables are not this caisse's.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_email = models.CharField(max_length=254)
    purpose = models.CharField(max_length=500)
    with_documents = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=200, blank=True)
    granted_at = models.DateTimeField(null=True)
    granted_by = models.CharField(max_length=200, blank=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["operator_email"], name="support_operator"),
            models.Index(fields=["-created_at", "-id"], name="support_newest"),
            models.Index(fields=["valid_until"], name="support_open", condition=_GRANTED & Q(ended_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="support_email_lower", condition=~Q(operator_email="")),
            models.CheckConstraint(name="support_granted_whole", condition=Q(granted_at__isnull=True) | _GRANTED),
            models.CheckConstraint(
                name="support_granted_or_refused",
                condition=Q(granted_at__isnull=True) | Q(refused_at__isnull=True),
            ),
            models.CheckConstraint(
                name="support_not_for_long",
                condition=Q(valid_until__isnull=True)
                | Q(
                    valid_until__gt=F("valid_from"),
                    valid_until__lte=F("valid_from") + timedelta(hours=SUPPORT_HOURS),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_email} until {self.valid_until}"

    def is_running(self, now: datetime) -> bool:
        """Whether the access is open at that moment."""
        if self.granted_at is None or self.valid_from is None or self.valid_until is None:
            return False
        return self.ended_at is None and self.valid_from <= now < self.valid_until


class SupportPass(models.Model):
    """A one-time token by which an operator crosses from the platform's host to this caisse's; its hash only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grant = models.ForeignKey(SupportGrant, on_delete=models.PROTECT, related_name="passes")
    token_hash = models.CharField(max_length=64, unique=True)
    operator_id = models.UUIDField()
    operator_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
