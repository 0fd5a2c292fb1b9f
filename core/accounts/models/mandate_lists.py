"""Long lists of mandates that a worker looks through and carries out, a piece at a time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.accounts.models.parties import Party
from core.kernel.identifiers import new_id


class MandateList(models.Model):
    """One list that was handed in by a party's administrator, or for a party at the desk.

    ``done`` lines were looked at, or carried out, so far; ``faults`` says of the first that are not in order the
    line's number, the party, the code and its params. The file goes once the list was carried out.
    """

    class States(models.TextChoices):
        """Where it stands."""

        LOOKING = "looking"
        LOOKED = "looked"
        MAKING = "making"
        MADE = "made"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    document_id = models.UUIDField()
    user_id = models.UUIDField()
    at_desk = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5)
    direction = models.CharField(max_length=4)
    basis = models.CharField(max_length=20)
    state = models.CharField(max_length=7, choices=States.choices, default=States.LOOKING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mandate_list_state_known", condition=Q(state__in=["looking", "looked", "making", "made"])
            ),
            models.CheckConstraint(name="mandate_list_done", condition=Q(done__lte=F("total"), right__lte=F("done"))),
        ]

    def __str__(self) -> str:
        return f"{self.total} {self.state}"
