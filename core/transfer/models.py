"""The room's tables in the schema ``platform``: deletions, and files that wait to be fetched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id


class Deletion(models.Model):
    """One wish to delete a caisse, from the asking to the certificate; it outlives the caisse.

    ``facts`` are counts and sums taken before anything was dropped. ``was_closed`` says that the portal
    was closed already, so that cancelling leaves it so.
    """

    class States(models.TextChoices):
        """Where it stands."""

        ASKED = "asked"
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    caisse_id = models.CharField(max_length=8)
    slug = models.CharField(max_length=31)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=5, default="fr")
    state = models.CharField(max_length=9, choices=States.choices, default=States.ASKED)
    reason = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_by_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=200, blank=True)
    confirmed_by_id = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    was_closed = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    slug_kept_until = models.DateTimeField(null=True)
    certificate = models.BinaryField(null=True)
    certificate_signature = models.BinaryField(null=True)
    certificate_pdf = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deletion_state", condition=Q(state__in=["asked", "waiting", "running", "done", "cancelled"])
            ),
            models.UniqueConstraint(
                fields=["caisse_id"],
                name="deletion_one_open",
                condition=Q(state__in=["asked", "waiting", "running"]),
            ),
            models.CheckConstraint(
                name="deletion_due_once_confirmed",
                condition=Q(state__in=["asked", "cancelled"]) | Q(due_at__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deletion_done_with_certificate",
                condition=~Q(state="done")
                | Q(
                    done_at__isnull=False,
                    slug_kept_until__isnull=False,
                    certificate__isnull=False,
                    certificate_signature__isnull=False,
                    certificate_pdf__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.state}"


class TransferFile(models.Model):
    """An export that waits to be fetched, or an uploaded export that waits to be imported.

    Its bytes lie in the document store in numbered pieces under ``exports/ID``, encrypted to a key of the caisse.
    ``sealed_key`` holds the key that opens an upload, from the asking until its import has ended, been refused or
    cancelled; it is blanked with the bytes. An upload without it waits for the rest of the form.
    """

    class Kinds(models.TextChoices):
        """Which way it goes."""

        EXPORT = "export"
        IMPORT = "import"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=6, choices=Kinds.choices)
    caisse_id = models.CharField(max_length=8, blank=True)
    slug = models.CharField(max_length=31)
    public_key = models.CharField(max_length=100, blank=True)
    sealed_key = models.BinaryField(null=True)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_by = models.CharField(max_length=200)
    made_by_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    kept_until = models.DateTimeField(db_index=True)
    fetched_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["caisse_id", "-made_at"], name="transfer_file_of_caisse")]
        constraints: ClassVar = [
            models.CheckConstraint(name="transfer_file_kind", condition=Q(kind__in=["export", "import"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} {self.id}"
