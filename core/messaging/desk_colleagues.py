"""Who works at the desk and can be handed a case."""

from __future__ import annotations

from uuid import UUID

from core.accounts.models import StaffMember
from core.kernel.errors import InvalidInput


class ColleagueUnknown(InvalidInput):
    """Choose a colleague from the list."""

    code = "colleague_unknown"


def list_colleagues() -> list[tuple[str, str]]:
    """Return who can be handed a case, by name."""
    staff = StaffMember.objects.select_related("user").filter(
        user__state="active", ended_at__isnull=True, roles__overlap=["clerk", "administrator"]
    )
    return sorted(((str(one.user_id), one.user.name) for one in staff), key=lambda pair: pair[1].casefold())


def get_colleague(chosen: str) -> tuple[UUID, str]:
    """Return a colleague's identifier and name, or raise ``colleague_unknown``."""
    names = dict(list_colleagues())
    if chosen not in names:
        raise ColleagueUnknown
    return UUID(chosen), names[chosen]
