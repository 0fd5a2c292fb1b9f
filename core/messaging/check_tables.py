"""The tables of what a check found, and of the reasons written to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id


class Finding(models.Model):
    """One place where a rule was hit in the checked revision. ``subject`` says who it is about."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey("core_messaging.Message", on_delete=models.CASCADE, related_name="findings")
    row_number = models.IntegerField(null=True)
    field = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=8)
    params = models.JSONField(default=dict)
    subject = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["message", "severity", "id"], name="finding_page"),
            models.Index(fields=["message", "row_number"], name="finding_row"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="finding_severity_known", condition=Q(severity__in=("block", "justify", "inform"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.row_number or ''}"


class Justification(models.Model):
    """A written reason; it follows rule and person, so that it survives a new check."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey("core_messaging.Message", on_delete=models.CASCADE, related_name="justifications")
    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    user_name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "code", "subject"], name="justification_once"),
            models.CheckConstraint(name="justification_not_empty", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
