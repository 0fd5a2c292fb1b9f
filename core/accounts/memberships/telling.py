"""Who is told of a change: the person herself and the company's administrators, each in her language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import translation

from core.accounts.memberships.texts import TO_ADMINISTRATORS, TO_PERSON
from core.accounts.models import Membership, Party
from core.accounts.policy import caisse_today
from core.notices.services import send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.models import User
    from core.kernel.actors import Actor

# Lines in the language that is active when it is called.
Say = Callable[[], list[str]]


def tell(*, actor: Actor, party: Party, user: User | None, say: Say) -> None:
    """Write to the person whose access changed and to the other administrators, within the caller's scope."""
    if user is not None and user.id != actor.user_id:
        tell_person(actor=actor, party=party, user=user, say=say)
    apart = {actor.user_id, user.id if user else None}
    tell_administrators(actor=actor, party=party, user=user, say=say, apart=apart)


def tell_person(*, actor: Actor, party: Party, user: User, say: Say) -> None:
    """Write to one person; who has no address, or has not activated yet, is told by her invitation only."""
    if user.contact_email and user.is_active:
        fields = {"name": user.name, "company": party.name, "what": _lines(say, user.language), "by": actor.signature()}
        send_mail(notice=TO_PERSON, to=user.contact_email, language=user.language, fields=fields)


def tell_administrators(
    *, actor: Actor, party: Party, user: User | None, say: Say, apart: set[UUID | None] | None = None
) -> None:
    """Write to the company's administrators, but for those who know already."""
    link = f"{portal_url(current_caisse())}/p/{party.id}/company/"
    for one in list_administrators(party.id):
        if one.id in (apart or set()):
            continue
        what = _lines(say, one.language)
        fields = {
            "company": party.name,
            "what": f"{user.name}\n{what}" if user is not None else what,
            "by": actor.signature(),
            "link": link,
        }
        send_mail(notice=TO_ADMINISTRATORS, to=str(one.contact_email), language=one.language, fields=fields)


def list_administrators(party_id: UUID) -> list[User]:
    """Return the company's administrators of today who can be written to; one query."""
    today = caisse_today(current_caisse())
    found = Membership.objects.filter(
        party_id=party_id, role="administrator", ended_at__isnull=True, valid_from__lte=today, user__state="active"
    ).select_related("user")
    current = [one.user for one in found if one.valid_until is None or one.valid_until >= today]
    return list({one.id: one for one in current if one.contact_email}.values())


def _lines(say: Say, language: str) -> str:
    with translation.override(language):
        return "\n".join(say())
