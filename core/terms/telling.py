"""Telling those concerned of a new version and of a renewal, reminding who has not answered: in portions, each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from core.accounts.memberships.telling import list_administrators
from core.accounts.models import Membership
from core.declare.display import show_date
from core.kernel import clock
from core.kernel.text import N_
from core.notices.services import send_mail
from core.notices.texts import Notice, declare
from core.outbox import handlers
from core.outbox.services import enqueue
from core.terms.models import Answer, Version
from tenants.portal import portal_url
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.accounts.models import Party
    from core.terms.years import Year

TELL, REMIND = "terms.tell", "terms.remind"
PORTION = 200
DAYS_BEFORE = 7
_FIELDS = frozenset({"day", "link"})

NEW_TERMS = declare(
    Notice(
        code="terms.published",
        title=N_("New terms of use (mail)"),
        subject=N_("New terms of use at %(caisse)s"),
        body=N_(
            "Good day\n\n%(caisse)s has new terms of use for its portal. They hold from %(day)s. After signing in you "
            "find a summary, what changes, and the whole text:\n\n%(link)s\n\nNobody at %(caisse)s will ever ask you "
            "for your password.\n\n%(caisse)s"
        ),
        fields=_FIELDS,
    )
)
REMINDER = declare(
    Notice(
        code="terms.reminder",
        title=N_("Answer to the terms of use is missing (mail)"),
        subject=N_("Terms of use at %(caisse)s: your answer is missing"),
        body=N_(
            "Good day\n\nThe terms of use for the portal of %(caisse)s wait for your answer. Without it you can read "
            "until %(day)s, and no longer after that. You answer here:\n\n%(link)s\n\nNobody at %(caisse)s will ever "
            "ask you for your password.\n\n%(caisse)s"
        ),
        fields=_FIELDS,
    )
)

RENEWAL = declare(
    Notice(
        code="terms.renewal",
        title=N_("The agreement is renewed soon (mail)"),
        subject=N_("Your agreement with %(caisse)s on the portal"),
        body=N_(
            "Good day\n\nThe agreement of %(company)s on the portal of %(caisse)s runs until %(last)s. From %(next)s "
            "it holds for another year, without you doing anything. If you do not want that, renounce by %(last)s. "
            "What you accepted, and how to renounce, you find here:\n\n%(link)s\n\n%(caisse)s"
        ),
        fields=frozenset({"company", "last", "next", "link"}),
    )
)


def register() -> None:
    """Bind both topics."""
    handlers.register(TELL, _tell)
    handlers.register(REMIND, _remind)


def tell_later(*, version: Version) -> None:
    """Have everybody concerned told after the commit, and who has not answered reminded before reading ends."""
    payload = {"version": str(version.id)}
    enqueue(topic=TELL, payload=payload)
    if version.asks:
        day = last_day_of_reading(version) - timedelta(days=DAYS_BEFORE)
        enqueue(topic=REMIND, payload=payload, not_before=max(datetime.combine(day, time(6), UTC), clock.now()))


def last_day_of_reading(version: Version) -> date:
    """Return the last day on which who has not answered may read."""
    return (version.valid_from or date.max) + timedelta(days=version.grace_days)


def _tell(job: handlers.Job) -> None:
    while _write_portion(job, NEW_TERMS, "told"):
        pass


def _remind(job: handlers.Job) -> None:
    while _write_portion(job, REMINDER, "reminded"):
        pass


def _write_portion(job: handlers.Job, notice: Notice, progress: str) -> bool:
    """Write to the next portion; how far it came commits with the mails, so that a repeat writes to nobody twice."""
    with tenant_transaction(job.caisse):
        waiting = Version.objects.select_for_update().filter(state=Version.States.PUBLISHED)
        version = waiting.filter(id=UUID(job.payload["version"]), **{f"{progress}_at__isnull": True}).first()
        if version is None:
            return False
        people = _concerned(version) if notice is NEW_TERMS else _without_answer(version)
        after = getattr(version, f"{progress}_after")
        portion = list((people.filter(id__gt=after) if after else people).order_by("id")[:PORTION])
        _write_to(notice, version, portion)
        done = {f"{progress}_after": portion[-1].id} if portion else {f"{progress}_at": clock.now()}
        Version.objects.filter(id=version.id).update(**done)
        return bool(portion)


def _concerned(version: Version) -> QuerySet[Membership]:
    active = {"user__state": "active", "party__state": "active", "ended_at__isnull": True}
    people = Membership.objects.filter(party__kind=version.audience, user__contact_email__isnull=False, **active)
    return people.exclude(user__contact_email="").select_related("user")


def _without_answer(version: Version) -> QuerySet[Membership]:
    """Return whoever has not answered this version or a later one; an administrator also while her company has not."""
    answers = Answer.objects.filter(version__audience=version.audience, version__number__gte=version.number)
    own = answers.filter(kind="acknowledged").values("user_id")
    accepted = answers.filter(kind="accepted").values("party_id")
    administers = Q(role="administrator") & ~Q(party_id__in=accepted)
    return _concerned(version).filter(~Q(user_id__in=own) | administers)


def _write_to(notice: Notice, version: Version, portion: list[Membership]) -> None:
    address = portal_url(current_caisse())
    day = version.valid_from if notice is NEW_TERMS else last_day_of_reading(version)
    for membership in portion:
        send_mail(
            notice=notice,
            to=membership.user.contact_email or "",
            language=membership.user.language,
            fields={"day": show_date(day or date.max), "link": f"{address}/p/{membership.party_id}/terms/"},
        )


def tell_of_renewal(party: Party, year: Year, next_year: Year) -> None:
    """Write to a party's administrators that another year begins unless she renounces; within the caller's scope."""
    link = f"{portal_url(current_caisse())}/p/{party.id}/terms/"
    days = {"last": show_date(year.last), "next": show_date(next_year.first)}
    for user in list_administrators(party.id):
        fields = {"company": party.name, "link": link, **days}
        send_mail(notice=RENEWAL, to=str(user.contact_email), language=user.language, fields=fields)
