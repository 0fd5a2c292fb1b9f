"""Teams of clerks; an administrator keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.models import StaffMember
from core.audit.services import record
from core.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from core.messaging.models import Team, TeamMember

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from core.kernel.actors import Actor

NAME_LENGTH = 80


class TeamNameMissing(InvalidInput):
    """Give the team a name of at most 80 characters."""

    code = "team_name_missing"


class TeamNameTaken(Conflict):
    """Another team has this name."""

    code = "team_name_taken"


def save_team(
    *, actor: Actor, team_id: UUID | None, name: str, themes: Iterable[str], user_ids: Iterable[UUID]
) -> Team:
    """Make or change a team; no theme named means all, who is no clerk of the caisse is left out."""
    _check_administrator(actor)
    text = name.strip()
    if not 0 < len(text) <= NAME_LENGTH:
        raise TeamNameMissing
    others = Team.objects.exclude(id=team_id) if team_id else Team.objects.all()
    if others.filter(name=text).exists():
        raise TeamNameTaken
    values = {"name": text, "themes": sorted(set(themes)) or None}
    if team_id is None:
        team = Team.objects.create(**values)
    else:
        team = _get_team(team_id)
        Team.objects.filter(id=team.id).update(**values)
        TeamMember.objects.filter(team=team).delete()
    staff = StaffMember.objects.filter(user_id__in=list(user_ids)).values_list("user_id", flat=True)
    TeamMember.objects.bulk_create([TeamMember(team=team, user_id=one) for one in staff])
    record(actor=actor, action="team_saved", object_type="team", object_id=team.id, data={"members": len(staff)})
    return team


def remove_team(*, actor: Actor, team_id: UUID) -> None:
    """Take a team away; its cases stay with whom they lie."""
    _check_administrator(actor)
    _get_team(team_id).delete()
    record(actor=actor, action="team_removed", object_type="team", object_id=team_id)


def _get_team(team_id: UUID) -> Team:
    team = Team.objects.filter(id=team_id).first()
    if team is None:
        raise NotFound
    return team


def _check_administrator(actor: Actor) -> None:
    if "administrator" not in actor.roles:
        raise NotPermitted
