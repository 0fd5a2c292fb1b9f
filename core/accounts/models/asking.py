"""Requests for access: a user asks for a theme, for clients, or to become a user of a company."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id

REQUEST_STATES = ("waiting", "granted", "refused", "withdrawn")
_WAITING = Q(state="waiting")


class AccessRequest(models.Model):
    """One wish of one user. ``number`` is what she typed of a company; where nobody has it, there is no party.

    She sees the same in both cases, so that nobody can find out who is a client of the caisse.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="access_requests")
    party = models.ForeignKey("core_accounts.Party", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True)
    themes = ArrayField(models.CharField(max_length=40), default=list)
    clients = ArrayField(models.UUIDField(), default=list)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, default="waiting")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["party", "asked_at"], name="access_request_waiting", condition=_WAITING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="access_request_state", condition=Q(state__in=REQUEST_STATES)),
            models.CheckConstraint(name="access_request_answered", condition=_WAITING | Q(answered_at__isnull=False)),
            models.UniqueConstraint(
                name="access_request_once", fields=["user", "number"], condition=_WAITING & ~Q(number="")
            ),
            models.UniqueConstraint(
                name="access_request_within", fields=["user", "party"], condition=_WAITING & Q(number="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"
