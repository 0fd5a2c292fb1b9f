"""Every version of every section; the one in force is the latest whose time has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.kernel.identifiers import new_id
from tenants.append_only import AppendOnly


class SectionVersion(AppendOnly):
    """One value of one section: who set it, when, why, and from when it holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    section = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    effective_from = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    made_by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "version"], name="section_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.version}"
