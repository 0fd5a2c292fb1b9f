"""The audit entry: written once, never changed; the caisse's role may only add and read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.kernel.identifiers import new_id
from tenants.append_only import AppendOnly


class Entry(AppendOnly):
    """One act. ``data`` holds codes, counts and identifiers, never contents of a message."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60, blank=True)
    actor_kind = models.CharField(max_length=12)
    actor_name = models.CharField(max_length=200)
    user_id = models.UUIDField(null=True)
    token_id = models.UUIDField(null=True)
    acting_party_id = models.UUIDField(null=True)
    for_party_id = models.UUIDField(null=True)
    assurance_level = models.PositiveSmallIntegerField(default=0)
    request_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["for_party_id", "-at"], name="audit_party_at"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["user_id", "-at"], name="audit_user_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
