"""The table of long work on whole caisses: what was asked, how far it is, how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id


class PlatformJob(models.Model):
    """One piece of long work. ``order`` says what is asked for and holds no secret.

    A draft is put together by one operator over several pages and is nobody else's. ``step`` is the
    English identifier of the label of the running step; ``error_text`` that of the error's message,
    with ``error_params`` for its places. ``lease`` and ``leased_until`` say which worker has it.
    ``cancel_asked_at`` is set once an operator wants it no longer; what it has made is then taken away.
    """

    class States(models.TextChoices):
        """Where a job stands."""

        DRAFT = "draft"
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=100, blank=True)
    caisse_id = models.CharField(max_length=8, blank=True)
    order = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=States.choices, default=States.WAITING)
    step = models.CharField(max_length=200, blank=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.CharField(max_length=500, blank=True)
    error_params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=200)
    asked_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    cancelled_by = models.CharField(max_length=200, blank=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="job_open", condition=Q(state__in=["waiting", "running"])),
            models.Index(fields=["-created_at", "-id"], name="job_newest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="job_state",
                condition=Q(state__in=["draft", "waiting", "running", "done", "failed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="job_leased_while_running",
                condition=Q(state="running", lease__isnull=False, leased_until__isnull=False)
                | (~Q(state="running") & Q(lease__isnull=True, leased_until__isnull=True)),
            ),
            # Two pieces of work on one caisse never meet, and of two askers one wins.
            models.UniqueConstraint(
                fields=["slug"],
                name="job_one_open_per_slug",
                condition=Q(state__in=["waiting", "running"]) & ~Q(slug=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} {self.state}"


class HostCheck(models.Model):
    """What the last look from outside found at one address of a caisse, the one by its slug included.

    ``outcome`` is a code of ``tenants.host_check``; ``details`` its figures (no personal data).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    caisse = models.ForeignKey("tenants.Caisse", on_delete=models.CASCADE, related_name="host_checks")
    host = models.CharField(max_length=253)
    path_prefix = models.CharField(max_length=41, blank=True)
    outcome = models.CharField(max_length=40)
    details = models.JSONField(default=dict)
    certificate_ends_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caisse", "host", "path_prefix"], name="host_check_once"),
        ]

    def __str__(self) -> str:
        return f"{self.host}/{self.path_prefix} {self.outcome}"
