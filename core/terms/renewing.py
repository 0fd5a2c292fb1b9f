"""The years of agreements: begun with the acceptance, announced, renewed tacitly or ended; each step once, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.accounts import upkeep
from core.accounts.affiliation import years as affiliation_years
from core.accounts.policy import caisse_now, caisse_today
from core.audit.services import record
from core.configuration import configuration
from core.configuration.sections import TermsSection
from core.kernel import clock
from core.kernel.actors import Actor
from core.outbox import handlers
from core.outbox.services import enqueue
from core.terms import memory
from core.terms.agreements import find_last_day, find_stop, list_due, list_unbegun, renews_yearly
from core.terms.models import AgreementStep, Answer, Version
from core.terms.rules import Answers, judge
from core.terms.telling import tell_of_renewal
from core.terms.years import Year, year_of
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from datetime import date

    from core.accounts.models import Party
    from core.kernel.issues import Scalar

BATCH = 200
KEEP = "terms.keep_agreements"
SCHEDULER = Actor.system("scheduler")


def register() -> None:
    """Have the steps written hourly, and renunciations know the year that runs."""
    upkeep.register(keep_agreements)
    handlers.register(KEEP, _keep_the_rest)
    affiliation_years.register(find_last_day)


def keep_agreements() -> int:
    """Write the steps that are due in the open scope's caisse, so many at a time; return how many. Repeatable."""
    if not renews_yearly():
        return 0
    today = caisse_today(current_caisse())
    notice_days = configuration.get(current_caisse(), TermsSection).renewal_notice_days
    waiting, due = list(list_unbegun(today)[:BATCH]), list(list_due(today, notice_days)[:BATCH])
    done = sum(begin_agreement(party) for party in waiting) + sum(_move_on(step, today) for step in due)
    if done and BATCH in {len(waiting), len(due)}:
        enqueue(topic=KEEP, payload={})  # thousands may have accepted on one day
    return done


def _keep_the_rest(job: handlers.Job) -> None:
    """Go on where the hourly portion was full; each further one asks for the next."""
    with tenant_transaction(job.caisse):
        keep_agreements()


def begin_agreement(party: Party) -> bool:
    """Begin the year that runs since the party's acceptance, where none stands; whether it was."""
    last = AgreementStep.objects.filter(party=party).order_by("-number").first()
    if not renews_yearly() or (last is not None and last.kind != "ended"):
        return False
    accepted_on = _count_from(party, last)
    year = year_of(accepted_on, caisse_today(current_caisse()))
    return _write(party, "begun", year, accepted_on, number=last.number + 1 if last else 1)


def _count_from(party: Party, last: AgreementStep | None) -> date:
    """Return the day of the first acceptance; after an end, that of one that came later, else the day as it was."""
    given = Answer.objects.filter(party=party, kind="accepted").order_by("at")
    anew = given.filter(at__gt=last.at).first() if last else given.first()
    if anew is None and last is not None:
        return last.counted_from
    return caisse_now(current_caisse(), anew.at).date() if anew else caisse_today(current_caisse())


def _move_on(step: AgreementStep, today: date) -> bool:
    party, next_year = step.party, year_of(step.counted_from, Year(step.first_day, step.last_day).next_day)
    if party.state == "ended":
        return _end(step, "access_ended", min(step.last_day, today))
    if today <= step.last_day:
        return _announce(step, next_year)
    if party.state == "read_only" or find_stop(party.id, next_year.first) is not None:
        return _end(step, "not_renewed", step.last_day)
    if not _reads(party, today):
        return _end(step, "not_accepted", step.last_day)
    return _write(party, "renewed", next_year, step.counted_from, number=step.number + 1)


def _announce(step: AgreementStep, next_year: Year) -> bool:
    year = Year(step.first_day, step.last_day)
    if not _write(step.party, "announced", year, step.counted_from, number=step.number + 1):
        return False
    tell_of_renewal(step.party, year, next_year)
    return True


def _end(step: AgreementStep, reason: str, last_day: date) -> bool:
    year = Year(step.first_day, last_day)
    return _write(step.party, "ended", year, step.counted_from, number=step.number + 1, reason=reason)


def _reads(party: Party, today: date) -> bool:
    """Whether the company's acceptance still lets it read: what it has not accepted is not renewed."""
    versions = memory.list_published(current_caisse(), party.kind)
    accepted = Version.objects.filter(answers__party=party, answers__kind="accepted").values_list("number", flat=True)
    numbers = Answers(accepted=set(accepted), acknowledged={one.number for one in versions})
    return judge(versions, numbers, today).state != "closed"


def _write(party: Party, kind: str, year: Year, counted_from: date, *, number: int, reason: str = "") -> bool:
    """Add a step and say so in the audit trail; whoever comes second does nothing."""
    accepted = Version.objects.filter(answers__party=party, answers__kind="accepted").order_by("-number").first()
    if accepted is None:
        return False
    step = AgreementStep(
        party=party, number=number, kind=kind, reason=reason, version=accepted, counted_from=counted_from,
        first_day=year.first, last_day=year.last, at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            step.save()
    except IntegrityError:
        return False
    facts: dict[str, Scalar] = {"from": year.first.isoformat(), "until": year.last.isoformat(), "reason": reason}
    record(
        actor=SCHEDULER,
        action=f"agreement_{kind}",
        object_type="party",
        object_id=party.id,
        for_party_id=party.id,
        data=facts | {"version": accepted.number},
    )
    return True
