"""Mails on changes in the themes offered: one for each user concerned and change, in her language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext

from core.accounts.models import User
from core.accounts.seats import list_seats
from core.catalogue import offers, registry
from core.kernel import clock
from core.kernel.text import N_
from core.messaging import offer_changes
from core.messaging.models import OfferChange
from core.notices.services import send_mail
from core.notices.texts import Notice, declare
from tenants.portal import portal_url
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.accounts.seats import Seat
    from core.messaging.offer_changes import News
    from core.outbox.handlers import Job
    from tenants.scope import CaisseRef

BATCH = 100
OFFER_CHANGED = declare(
    Notice(
        code="messaging.offer_changed",
        title=N_("The themes on offer have changed (mail)"),
        subject=N_("%(caisse)s: the themes on offer have changed"),
        body=N_(
            "Good day\n\nWhat the portal of %(caisse)s offers has changed.\n\n%(changes)s\n\nYou find it after signing "
            "in:\n\n%(link)s\n\nNobody at %(caisse)s will ever ask you for your password.\n\n%(caisse)s"
        ),
        fields=frozenset({"changes", "link"}),
    )
)


def write_mails(job: Job) -> None:
    """Write what is still to be told, some users at a time; broken off and repeated, nobody is told twice."""
    while _write_some(job.caisse):
        pass


def _write_some(caisse: CaisseRef) -> bool:
    """Write to the next users in one transaction with the note of how far it got; return whether there are more."""
    with tenant_transaction(caisse):
        before = clock.now() - offer_changes.GRACE
        waiting = OfferChange.objects.filter(told_at=None, at__lte=before).order_by("version")
        changes = list(waiting.select_for_update())
        # What has begun is finished first: whoever was told of it is not told again with the next.
        changes = [one for one in changes if one.told_until] or changes
        if not changes:
            return False
        users = User.objects.filter(state="active", contact_email__gt="").order_by("id")
        reached = changes[-1].told_until
        listed = list((users.filter(id__gt=reached) if reached else users)[:BATCH])
        for user in listed:
            _write_to(caisse, user, changes)
        told = OfferChange.objects.filter(id__in=[one.id for one in changes])
        if len(listed) < BATCH:
            told.update(told_at=clock.now())
        else:
            told.update(told_until=listed[-1].id)
        return len(listed) == BATCH


def _write_to(caisse: CaisseRef, user: User, changes: list[OfferChange]) -> None:
    with translation.override(user.language):
        lines = list(dict.fromkeys(_list_lines(caisse, user, changes)))
    if lines and user.contact_email:
        fields = {"changes": "\n".join(lines), "link": f"{portal_url(caisse)}/"}
        send_mail(notice=OFFER_CHANGED, to=user.contact_email, language=user.language, fields=fields)


def _list_lines(caisse: CaisseRef, user: User, changes: list[OfferChange]) -> Iterator[str]:
    """Yield a line for each party and theme that she may read, then what the caisse says of the themes."""
    slugs = [theme.slug for theme in registry.list_all_themes()]
    concerned: set[str] = set()
    for seat in list_seats(user.id, slugs):
        gained, lost = _of_seat(seat, offer_changes.compare(changes, seat.party.number))
        for text, found in ((gettext("new: %(theme)s"), gained), (gettext("no longer offered: %(theme)s"), lost)):
            yield from (f"– {seat.party.name}, {text % {'theme': offers.name_theme(caisse, slug)}}" for slug in found)
        concerned |= {*gained, *lost}
    yield from offers.list_change_texts(caisse, sorted(concerned))


def _of_seat(seat: Seat, news: News) -> tuple[list[str], list[str]]:
    readable = {slug for slug, right in seat.rights.items() if right.read} if seat.party.kind != "agent" else set()
    gained, lost = ([slug for slug in listed if slug in readable] for listed in (news.gained, news.lost))
    return gained, lost
