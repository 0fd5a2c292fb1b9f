"""The tables of the clerks' desk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id
from core.messaging.states import Outcome, ProposalState


class Team(models.Model):
    """Clerks who share a queue: what lies in the team's themes (none named: all) with nobody, or with one of them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80, unique=True)
    themes = ArrayField(models.CharField(max_length=40), null=True)

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A clerk's place in a team; she may have several."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "user"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class Reply(models.Model):
    """A text that clerks of a theme use again, in one language; merge fields such as ``{party}`` are filled in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    theme = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    text = models.TextField()
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "language", "title"], name="reply_title_once"),
        ]

    def __str__(self) -> str:
        return f"{self.theme} {self.language}: {self.title}"


class PartyFlag(models.Model):
    """A party whose file only the clerks named may see, for example because she works for the caisse."""

    party = models.OneToOneField(
        "core_accounts.Party", primary_key=True, on_delete=models.PROTECT, related_name="desk_flag"
    )
    clerks = ArrayField(models.UUIDField(), default=list)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.party_id)


class Proposal(models.Model):
    """A decision that one clerk proposes and another confirms; what waits is the desk's alone.

    ``title`` with ``text`` or ``document_id`` is the decision to publish, ``note`` the remark or reason for the party,
    ``answer`` why a colleague sent it back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey("core_messaging.Message", on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(max_length=8)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True)
    document_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default=str(ProposalState.WAITING))
    proposed_at = models.DateTimeField()
    proposed_by = models.UUIDField()
    proposed_by_name = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    settled_by_name = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["message", "-proposed_at"], name="proposal_of_message")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="proposal_state_known", condition=Q(state__in=[str(state) for state in ProposalState])
            ),
            models.CheckConstraint(
                name="proposal_outcome_known", condition=Q(outcome__in=[str(outcome) for outcome in Outcome])
            ),
            models.CheckConstraint(
                name="proposal_four_eyes",
                condition=~Q(state__in=[str(ProposalState.CONFIRMED), str(ProposalState.RETURNED)])
                | (Q(settled_by__isnull=False) & ~Q(settled_by=F("proposed_by"))),
            ),
            models.UniqueConstraint(
                name="proposal_one_waiting", fields=["message"], condition=Q(state=str(ProposalState.WAITING))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.state}"


class QueueMemory(models.Model):
    """How a clerk last narrowed her queue; nothing of it is personal data of a party."""

    user_id = models.UUIDField(primary_key=True)
    filters = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user_id)


class SearchText(models.Model):
    """What the desk finds a message by: ``part`` 0 is the message itself, the others are blocks of its list.

    Kept by ``desk_indexing`` with each step; ``text`` is as written, ``document`` without accents.
    """

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey("core_messaging.Message", on_delete=models.CASCADE, related_name="+")
    part = models.PositiveIntegerField(default=0)
    text = models.TextField()
    document = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["document"], name="search_document", fastupdate=False)]
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "part"], name="search_part_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.part}"
