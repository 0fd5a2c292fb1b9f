"""Looking again from time to time who has access: what is due, confirming, reminders, pausing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import translation
from django.utils.formats import date_format

from core.accounts.memberships.asking import lapse_requests
from core.accounts.memberships.holdings import has_open_deadline
from core.accounts.memberships.services import access_company, access_member, add_days, note
from core.accounts.memberships.settings import access_settings
from core.accounts.memberships.telling import list_administrators, tell
from core.accounts.memberships.texts import ACCESS_ENDS, REVIEW_DUE
from core.accounts.memberships.wording import name_action
from core.accounts.models import Membership, Party
from core.accounts.policy import caisse_now, caisse_today, is_protected
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.periods import add_months
from core.notices.services import send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """One user whose access somebody is to look at: until when, and whether that day is over."""

    member: Membership
    due: date
    is_over: bool


def list_to_confirm(viewer: Actor) -> list[ToConfirm]:
    """Return the users of the viewer's company with the day by which each is to be confirmed, the first first.

    None where the caisse asks for no review.
    """
    party = access_company(viewer)
    months = access_settings().review_months
    if months is None:
        return []
    today = caisse_today(current_caisse())
    found = _looked_at().filter(party=party).select_related("user")
    dated = [(one, add_months(_looked_on(one), months)) for one in found]
    return [ToConfirm(one, due, due < today) for one, due in sorted(dated, key=lambda pair: (pair[1], pair[0].id))]


def confirm_members(*, actor: Actor, membership_ids: Iterable[UUID]) -> int:
    """Say of these users that they still need what they have; who was paused may enter again. Return how many."""
    party = access_company(actor)
    today, confirmed = caisse_today(current_caisse()), 0
    for member in _open().filter(party=party, id__in=list(membership_ids)).select_related("user"):
        Membership.objects.filter(id=member.id, ended_at__isnull=True).update(confirmed_on=today, paused_at=None)
        note(actor, "member_confirmed", member, {})
        confirmed += 1
    return confirmed


def resume_member(*, actor: Actor, membership_id: UUID) -> None:
    """Let a paused user in again, and confirm her. Repeatable; raises ``not_found``."""
    member = access_member(actor, membership_id)
    found = Membership.objects.filter(id=member.id, ended_at__isnull=True, paused_at__isnull=False)
    if found.update(paused_at=None, confirmed_on=caisse_today(current_caisse())):
        note(actor, "member_resumed", member, {})
        tell(actor=actor, party=member.party, user=member.user, say=lambda: [name_action("member_resumed")])


def look_after() -> int:
    """Remind, pause and close what ran out, in the open scope's caisse; return how much was done. Repeatable."""
    return _remind_of_reviews() + _pause_unconfirmed() + _remind_of_ends() + lapse_requests()


def _open() -> QuerySet[Membership]:
    today = caisse_today(current_caisse())
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return Membership.objects.filter(lasting, ended_at__isnull=True, substitute_for__isnull=True)


def _looked_at(until: date | None = None) -> QuerySet[Membership]:
    """Return the open places, or those of which somebody last said that they are right ``until`` a day."""
    found = _open().filter(user__state="active")
    if until is None:
        return found
    # A place counts as looked at when it was given; the caisse's clock may be a day ahead of it, which harms nobody.
    given = Q(confirmed_on__isnull=True, created_at__date__lte=until)
    return found.filter(Q(confirmed_on__lte=until) | given)


def _looked_on(member: Membership) -> date:
    return member.confirmed_on or caisse_now(current_caisse(), member.created_at).date()


def _remind_of_reviews() -> int:
    settings, today = access_settings(), caisse_today(current_caisse())
    if settings.review_months is None:
        return 0
    # Who was looked at before this day is due within the time of the reminder.
    soon = add_months(add_days(today, settings.remind_days), -settings.review_months)
    waiting = _looked_at(soon)
    return sum(_remind(party_id, settings.review_months, today) for party_id in _companies(waiting))


def _remind(party_id: UUID, months: int, today: date) -> int:
    days = access_settings().remind_days
    found = [add_months(_looked_on(one), months) for one in _looked_at().filter(party_id=party_id)]
    due = [day for day in found if day <= add_days(today, days)]
    if not due:
        return 0
    first = min(due)
    # Once when the time of the reminder begins, once on the day itself.
    since = first if first <= today else add_days(first, -days)
    unsaid = Q(access_reminded_on__isnull=True) | Q(access_reminded_on__lt=since)
    if not Party.objects.filter(unsaid, id=party_id).exclude(state="ended").update(access_reminded_on=today):
        return 0
    party = Party.objects.get(id=party_id)
    for user in list_administrators(party_id):
        fields = {
            "company": party.name,
            "day": _say_day(max(first, today), user.language),
            "count": str(len(due)),
            "link": f"{portal_url(current_caisse())}/p/{party_id}/company/review/",
        }
        send_mail(notice=REVIEW_DUE, to=str(user.contact_email), language=user.language, fields=fields)
    return 1


def _pause_unconfirmed() -> int:
    settings, today = access_settings(), caisse_today(current_caisse())
    if settings.pause_days is None or settings.review_months is None or is_protected(today):
        return 0
    late = add_months(add_days(today, -settings.pause_days - 1), -settings.review_months)
    waiting = _looked_at(late).filter(role="member", paused_at__isnull=True)
    paused = 0
    for party_id in _companies(waiting):
        if has_open_deadline(party_id, today):
            continue
        paused += sum(_pause(member) for member in waiting.filter(party_id=party_id).select_related("user", "party"))
    return paused


def _pause(member: Membership) -> int:
    seen = Q(confirmed_on=member.confirmed_on) if member.confirmed_on else Q(confirmed_on__isnull=True)
    found = Membership.objects.filter(seen, id=member.id, ended_at__isnull=True, paused_at__isnull=True, role="member")
    if not found.update(paused_at=clock.now()):
        return 0
    system = Actor.system("review")
    note(system, "member_paused", member, {})
    tell(actor=system, party=member.party, user=member.user, say=lambda: [name_action("member_paused")])
    return 1


def _remind_of_ends() -> int:
    """Write to who loses her access soon, once for each last day."""
    soon = add_days(caisse_today(current_caisse()), access_settings().remind_days)
    unsaid = Q(reminded_until__isnull=True) | ~Q(reminded_until=F("valid_until"))
    ending = _open().filter(unsaid, user__state="active", valid_until__lte=soon)
    return sum(_tell_end(member) for member in ending.select_related("user", "party"))


def _tell_end(member: Membership) -> int:
    unsaid = Q(reminded_until__isnull=True) | ~Q(reminded_until=member.valid_until)
    if not Membership.objects.filter(unsaid, id=member.id).update(reminded_until=member.valid_until):
        return 0
    user, last = member.user, member.valid_until
    if user.contact_email and last is not None:
        fields = {"name": user.name, "company": member.party.name, "day": _say_day(last, user.language)}
        send_mail(notice=ACCESS_ENDS, to=user.contact_email, language=user.language, fields=fields)
    return 1


def _companies(found: QuerySet[Membership]) -> Iterator[UUID]:
    yield from found.order_by("party_id").values_list("party_id", flat=True).distinct()


def _say_day(day: date, language: str) -> str:
    with translation.override(language):
        return date_format(day, "DATE_FORMAT")
