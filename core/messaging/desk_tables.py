"""The tables of the clerks' desk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.kernel.identifiers import new_id


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
