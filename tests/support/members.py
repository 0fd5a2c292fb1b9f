"""Changing users of a company as the form does, and reading what people are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.accounts.memberships import services
from core.accounts.memberships.place import MemberPlace, check_member_place, place_of
from core.accounts.memberships.settings import CompanyAccessSection
from core.accounts.models import Membership
from core.accounts.policy import caisse_today
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants.scope import current_caisse, tenant_transaction
from tests.support.outbox import send_out

if TYPE_CHECKING:
    from tests.support.mailbox import Office


def member_of(office: Office, name: str, party: str = "factory") -> Membership:
    """Return somebody's own place in a company, within the open scope."""
    return Membership.objects.get(user=office.users[name], party=office.parties[party], substitute_for=None)


def place(**values: Any) -> MemberPlace:
    """Return a user's place for all themes unless told otherwise."""
    first = values.pop("valid_from", None) or caisse_today(current_caisse())
    defaults = {"role": "member", "themes": None, "clients": None, "may_act": True, "valid_until": None}
    return check_member_place(**{**defaults, **values, "valid_from": first})


def change(office: Office, actor: Actor, name: str, party: str = "factory", **values: Any) -> bool:
    """Change somebody's place as the form does, which has just been looked at."""
    member = member_of(office, name, party)
    now = place_of(member)
    parts = {part: getattr(now, part) for part in ("role", "themes", "clients", "may_act", "valid_from", "valid_until")}
    wanted = check_member_place(**{**parts, **values})
    return services.change_member(actor=actor, membership_id=member.id, wanted=wanted, seen=now.mark)


def told(office: Office) -> dict[str, str]:
    """Return the newest mail to each address."""
    return {one["to"]: one["text"] for one in send_out(office.caisse)}


def set_access(office: Office, **values: Any) -> None:
    """Let the caisse set something for users of companies."""
    with tenant_transaction(office.caisse):
        change_sections(actor=Actor.system("test"), sections=[CompanyAccessSection(**values)])
