"""Every version of every section; the one in force is the latest whose time has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef

from core.kernel.identifiers import new_id
from tenants.append_only import AppendOnly


class Versions(models.QuerySet["SectionVersion"]):
    """Versions of sections."""

    def standing(self) -> Versions:
        """Return those that hold or will hold: neither cancelled nor a cancellation."""
        cancelling = SectionVersion.objects.filter(section=OuterRef("section"), cancels=OuterRef("version"))
        return self.filter(~Exists(cancelling), cancels=None)


class SectionVersion(AppendOnly):
    """One value of one section: who set it, when, why, and from when it holds.

    A version with ``cancels`` sets nothing: it says that a later change will not take place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    section = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    effective_from = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    made_by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    cancels = models.PositiveIntegerField(null=True)

    objects = Versions.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "version"], name="section_version_once"),
            models.UniqueConstraint(fields=["section", "cancels"], name="section_version_cancelled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.version}"
