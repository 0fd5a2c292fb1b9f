"""The document: a row that says what the object in the store is, and whether it may be opened."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id
from tenants.append_only import AppendOnly


class State(models.TextChoices):
    """Where a file stands between its arrival and its first reader."""

    QUARANTINED = "quarantined"
    CLEAN = "clean"
    REFUSED = "refused"


class Document(models.Model):
    """One file. Its object's key is caisse id and document id; nothing is shared between two.

    ``message_id`` and ``party_id`` are plain identifiers; ``kind`` is a slug such as ``upload``,
    ``workbook``, ``receipt`` or ``decision``; ``published_at`` puts it into the party's dossier.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    theme = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUARANTINED)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_detail = models.CharField(max_length=120, blank=True)
    scanned_at = models.DateTimeField(null=True)
    uploaded_by = models.UUIDField(null=True)
    uploaded_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["message_id", "created_at"], name="document_message"),
            models.Index(
                fields=["party_id", "theme", "-published_at"],
                name="document_dossier",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(fields=["created_at"], name="document_unscanned", condition=Q(state="quarantined")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="document_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="document_size", condition=Q(size_bytes__gte=0)),
            models.CheckConstraint(name="document_digest", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="document_refusal_said",
                condition=Q(state="refused", refusal_code__gt="") | (~Q(state="refused") & Q(refusal_code="")),
            ),
            models.CheckConstraint(
                name="document_published_clean",
                condition=Q(published_at__isnull=True) | Q(state="clean"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_clean(self) -> bool:
        """Whether it may be opened."""
        return self.state == State.CLEAN


class StorageUse(models.Model):
    """How many documents there are and how large: several rows, so that uploads need not wait for one another."""

    shard = models.PositiveSmallIntegerField(primary_key=True)
    documents = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.shard}: {self.documents}, {self.size_bytes} bytes"


class DeliveryChoice(models.Model):
    """How a party wants one kind of document: in the portal only, or also by post. No choice, no row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    way = models.CharField(max_length=10)
    chosen_at = models.DateTimeField()
    chosen_by = models.UUIDField(null=True)
    chosen_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="delivery_choice_once", fields=["party_id", "kind"]),
            models.CheckConstraint(name="delivery_way_known", condition=Q(way__in=("electronic", "post"))),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.kind}: {self.way}"


class TrustedKey(AppendOnly):
    """The public half of a key of another platform that signed receipts of this caisse before it came here.

    ``id`` is the key's number as receipts name it; the times are text as in the published trust list.
    """

    id = models.CharField(primary_key=True, max_length=16)
    public = models.CharField(max_length=64)
    issuer = models.CharField(max_length=253)
    created_at = models.CharField(max_length=20)
    retired_at = models.CharField(max_length=20, blank=True)
    revoked_at = models.CharField(max_length=20, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="trusted_key_id", condition=Q(id__regex="^[0-9a-f]{16}$")),
            models.CheckConstraint(name="trusted_key_public", condition=Q(public__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.id
