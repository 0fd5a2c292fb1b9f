"""The tables of work that goes on behind a page: jobs, answers to repeated calls, changes of the offer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id

JOB_STATES = ("waiting", "running", "done", "failed")


class Job(models.Model):
    """Long work on one message whose progress a page shows; it survives a reload and a restart."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey("core_messaging.Message", on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=12)
    document_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, default="waiting")
    progress = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=40, blank=True)
    fault = models.CharField(max_length=60, blank=True)
    result = models.JSONField(default=dict)
    revision = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["message", "-created_at"], name="job_message")]
        constraints: ClassVar = [
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JOB_STATES)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class IdempotencyKey(models.Model):
    """The first answer to a mutating call, given again when the call is repeated."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once"),
        ]

    def __str__(self) -> str:
        return self.key


class OfferChange(models.Model):
    """A change in the themes offered, as it took effect; ``before`` and ``after`` map a slug to whom it is offered.

    That is ``"all"`` or the numbers of employers. ``told_until`` is the last user whose mail was written,
    ``told_at`` says that all were.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    before = models.JSONField()
    after = models.JSONField()
    told_until = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version"], name="offer_change_once"),
        ]

    def __str__(self) -> str:
        return f"offer {self.version}"
