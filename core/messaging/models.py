"""The mailbox's tables; invariants of the states are repeated as constraints."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.catalogue.types import Kind
from core.kernel.identifiers import new_id
from core.messaging.batch_tables import Batch, BatchFile
from core.messaging.check_tables import Finding, Justification
from core.messaging.desk_tables import PartyFlag, Proposal, QueueMemory, Reply, SearchText, Team, TeamMember
from core.messaging.states import AT_THE_DESK, CLOSED, Box, State
from core.messaging.work_tables import IdempotencyKey, Job, OfferChange
from tenants.append_only import AppendOnly

__all__ = [
    "Batch",
    "BatchFile",
    "Counter",
    "Event",
    "Finding",
    "IdempotencyKey",
    "Job",
    "Justification",
    "Mark",
    "Message",
    "OfferChange",
    "PartyFlag",
    "Proposal",
    "QueueMemory",
    "Receipt",
    "Reply",
    "SearchText",
    "Team",
    "TeamMember",
    "UnreadCell",
]

CHANNELS = ("portal", "api", "letter", "phone", "mail")
SIDES = ("party", "caisse")


class Message(models.Model):
    """One case in the mailbox. ``revision`` counts changes of the contents, for careful saving."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    case_id = models.UUIDField()
    party = models.ForeignKey("core_accounts.Party", on_delete=models.PROTECT, related_name="+")
    theme = models.CharField(max_length=40)
    type_key = models.CharField(max_length=80)
    type_version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=14)
    drafted_by = models.CharField(max_length=6, default="party")
    channel = models.CharField(max_length=6, default="portal")
    received_on = models.DateField(null=True)
    period = models.CharField(max_length=10, blank=True)
    payload = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    row_count = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    checked_revision = models.PositiveIntegerField(null=True)
    question = models.TextField(blank=True)
    pointers = models.JSONField(default=list)
    in_reply_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answers")
    substitutes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="substitutions")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)
    changed_by_name = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.UUIDField(null=True)
    sent_by_name = models.CharField(max_length=200, blank=True)
    acting_party_id = models.UUIDField(null=True)
    due_on = models.DateField(null=True)
    assigned_to = models.UUIDField(null=True)
    assigned_name = models.CharField(max_length=200, blank=True)
    treat_by = models.DateField(null=True)
    snoozed_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(F("party_id"), F("state"), F("changed_at").desc(), F("id").desc(), name="message_box_page"),
            models.Index(
                fields=["state", "due_on", "sent_at"],
                name="message_desk_queue",
                condition=Q(state__in=[str(state) for state in AT_THE_DESK]),
            ),
            models.Index(
                fields=["treat_by", "sent_at", "id"],
                name="message_desk_urgent",
                condition=Q(state__in=[str(state) for state in AT_THE_DESK]),
            ),
            models.Index(fields=["case_id"], name="message_case"),
            models.Index(fields=["sent_at"], name="message_sent", condition=Q(sent_at__isnull=False)),
            models.Index(fields=["closed_at"], name="message_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["created_at"], name="message_begun"),
            models.Index(
                fields=["-changed_at"], name="message_record_begun", condition=Q(state="draft", drafted_by="caisse")
            ),
            models.Index(fields=["party", "type_key", "period"], name="message_period"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="message_state_known", condition=Q(state__in=[str(state) for state in State])),
            models.CheckConstraint(name="message_kind_known", condition=Q(kind__in=[str(kind) for kind in Kind])),
            models.CheckConstraint(name="message_channel_known", condition=Q(channel__in=CHANNELS)),
            models.CheckConstraint(name="message_drafter_known", condition=Q(drafted_by__in=SIDES)),
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=Q(sent_at__isnull=False) | ~Q(state__in=[str(state) for state in AT_THE_DESK]),
            ),
            models.CheckConstraint(
                name="message_closed_has_time",
                condition=Q(closed_at__isnull=False) | ~Q(state__in=[str(state) for state in CLOSED]),
            ),
            models.CheckConstraint(
                name="message_draft_not_sent",
                condition=~Q(state=str(State.DRAFT)) | Q(sent_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="message_one_open_question",
                fields=["in_reply_to"],
                condition=Q(state=str(State.OPEN)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_key} {self.reference}"


class Event(AppendOnly):
    """One step of a message, with its date and actor. ``side`` says who may see it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="events")
    case_id = models.UUIDField()
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=14, blank=True)
    to_state = models.CharField(max_length=14, blank=True)
    actor_kind = models.CharField(max_length=12)
    actor_name = models.CharField(max_length=200)
    user_id = models.UUIDField(null=True)
    acting_party_id = models.UUIDField(null=True)
    internal = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case_id", "at"], name="event_case_at")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"


class Counter(models.Model):
    """How many messages lie in a box; moved together with the state, exact at every commit."""

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey("core_accounts.Party", on_delete=models.PROTECT, related_name="+")
    theme = models.CharField(max_length=40)
    type_key = models.CharField(max_length=80)
    box = models.CharField(max_length=10)
    n = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "theme", "type_key", "box"], name="counter_place"),
            models.CheckConstraint(name="counter_not_negative", condition=Q(n__gte=0)),
            models.CheckConstraint(name="counter_box_known", condition=Q(box__in=[str(box) for box in Box])),
        ]

    def __str__(self) -> str:
        return f"{self.box} {self.type_key}: {self.n}"


class Mark(models.Model):
    """What one user did with a message for herself; apart from its state."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.UUIDField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="marks")
    read_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "message"], name="mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.message_id}"


class UnreadCell(models.Model):
    """What was entered in a row but fits no column, kept as typed until it is corrected."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="unread_cells")
    row_number = models.IntegerField()
    field = models.CharField(max_length=60)
    value = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "row_number", "field"], name="unread_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.row_number} {self.field}"


class Receipt(AppendOnly):
    """The proof of one sending: canonical JSON and its signature."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.PROTECT, related_name="receipt")
    short_code = models.CharField(max_length=20, unique=True)
    sealed = models.BinaryField()
    signature = models.BinaryField()
    key_id = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    language = models.CharField(max_length=5)

    def __str__(self) -> str:
        return self.short_code
