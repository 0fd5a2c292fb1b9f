"""The tables of files for many clients: what was handed in together, and what became of each file."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id


class Batch(models.Model):
    """Files of one kind that a user handed in at once for the clients for whom she acts.

    ``uploads`` are the documents as they came, archives among them. ``level`` is what her sign-in proved when she
    last asked for something; what a worker does for her is held to it.
    """

    class States(models.TextChoices):
        """Where it stands: somebody looks at it or something is done with it, it waits for her, or nothing can be."""

        LOOKING = "looking"
        READY = "ready"
        MAKING = "making"
        SENDING = "sending"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField()
    user_name = models.CharField(max_length=200)
    type_key = models.CharField(max_length=80)
    state = models.CharField(max_length=7, choices=States.choices, default=States.LOOKING)
    uploads = ArrayField(models.UUIDField(), default=list)
    level = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)
    fault_params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user_id", "-created_at", "-id"], name="batch_of_user")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="batch_state_known", condition=Q(state__in=["looking", "ready", "making", "sending", "failed"])
            ),
            models.CheckConstraint(name="batch_fault_said", condition=~Q(state="failed") | ~Q(fault="")),
        ]

    def __str__(self) -> str:
        return f"{self.type_key} {self.state}"


class BatchFile(models.Model):
    """One file of a batch. ``owners`` are the numbers that it states itself, ``number`` what somebody typed.

    ``reason`` says in a code why it goes nowhere, or what went wrong with what was made of it.
    """

    class States(models.TextChoices):
        """What comes of it."""

        CLEAR = "clear"
        UNCLEAR = "unclear"
        LEFT_OUT = "left_out"
        MADE = "made"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    document_id = models.UUIDField(null=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    owners = ArrayField(models.CharField(max_length=60), default=list)
    number = models.CharField(max_length=60, blank=True)
    found_by = models.CharField(max_length=8, blank=True)
    party = models.ForeignKey("core_accounts.Party", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=States.choices, default=States.UNCLEAR)
    reason = models.CharField(max_length=60, blank=True)
    params = models.JSONField(default=dict)
    message = models.OneToOneField(
        "core_messaging.Message", null=True, on_delete=models.CASCADE, related_name="batch_file"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["party", "sha256"], name="batch_file_again", condition=Q(state="made")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_file_once"),
            models.CheckConstraint(
                name="batch_file_state_known", condition=Q(state__in=["clear", "unclear", "left_out", "made"])
            ),
            models.CheckConstraint(
                name="batch_file_clear_has_party", condition=~Q(state="clear") | Q(party__isnull=False)
            ),
            models.CheckConstraint(name="batch_file_unclear_says_why", condition=~Q(state="unclear") | ~Q(reason="")),
            models.CheckConstraint(
                name="batch_file_made_is_message", condition=Q(state="made", message__isnull=False) | ~Q(state="made")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.state}"
