"""Codes from a letter or a mail, with which an invited person makes her account usable."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id

# One of the caisse's own people, a user of a party, an insured person.
ACTIVATION_KINDS = ("staff", "member", "person")
ACTIVATION_WAYS = ("mail", "letter")
_OPEN = Q(used_at__isnull=True, revoked_at__isnull=True)


class Activation(models.Model):
    """One code that was sent to one person; of the code only a keyed hash is kept.

    ``password`` (a hash), ``mobile``, ``email``, names, ``language`` and ``agreed`` (the terms that she
    accepted) are what she has given so far: whoever leaves the page goes on there by typing the code
    again. They become the user's when the code is used, and are blanked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="activations")
    code_hash = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=6)
    address = ArrayField(models.CharField(max_length=120), default=list)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    # Made anew each time the code is typed; only the browser that typed it last goes on.
    holder = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField(null=True)
    email = models.EmailField(blank=True)
    email_confirmed_at = models.DateTimeField(null=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    named_at = models.DateTimeField(null=True)
    agreed = models.JSONField(default=dict)
    password = models.CharField(max_length=128, blank=True)
    mobile = models.CharField(max_length=20, blank=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="activation_kind_known", condition=Q(kind__in=ACTIVATION_KINDS)),
            models.CheckConstraint(name="activation_way_known", condition=Q(way__in=ACTIVATION_WAYS)),
            models.CheckConstraint(name="activation_expires_later", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(
                name="activation_used_or_revoked", condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True)
            ),
            models.UniqueConstraint(name="activation_one_open", fields=["kind", "user"], condition=_OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
