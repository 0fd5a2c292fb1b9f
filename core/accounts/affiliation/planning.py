"""What an end would be, with its days computed: shown before it is entered, and entered as it was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.affiliation.dates import Days, leave_after, renounce_on, renunciation_day
from core.accounts.affiliation.errors import (
    EndingDayNotValid,
    EndingNotForThisParty,
    EndingNothingChosen,
    EndingReasonMissing,
)
from core.accounts.affiliation.settings import YEAR_END, ending_settings
from core.accounts.affiliation.years import find_last_day
from core.accounts.models import PartyEnding
from core.accounts.policy import caisse_today, offered_themes
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.accounts.models import Party

LONGEST_REASON = 500
MORTAL = frozenset({"insured", "self_employed"})


def list_renounceable(party: Party) -> list[str]:
    """Return the slugs of the themes that are offered to a party and that she has neither declined nor renounced."""
    waiting = PartyEnding.objects.filter(party_id=party.id, state="announced", themes__isnull=False)
    gone = party.declined_themes.union(*(one.themes or () for one in waiting))
    return [slug for slug in offered_themes(current_caisse(), party.number) if slug not in gone]


def plan_renunciation(
    party: Party, themes: Iterable[str] | None, received_on: date | None = None, *, by_letter: bool = False
) -> PartyEnding:
    """Return a renunciation of some themes or (None) of all.

    Raises ``ending_nothing_chosen``, ``ending_day_not_valid``.
    """
    settings, received = ending_settings(), received_on or _today()
    if received > _today():
        raise EndingDayNotValid
    chosen = _choose(party, themes)
    months = settings.renunciation_read_only_months if chosen is None else 0
    year_ends = find_last_day(party.id, received) if chosen is None else None
    with_the_year = year_ends is not None and renunciation_day(received, settings.renunciation) > year_ends
    days = renounce_on(received, _today(), settings.renunciation, months, year_ends=year_ends)
    rule = YEAR_END if with_the_year else settings.renunciation
    made = PartyEnding(kind="renunciation", themes=chosen, received_on=received, rule=rule, by_letter=by_letter)
    return _of(party, made, days)


def plan_leaving(party: Party, last_day: date) -> PartyEnding:
    """Return the end of an affiliation; raises ``ending_day_not_valid``."""
    if party.affiliated_from is not None and last_day < party.affiliated_from:
        raise EndingDayNotValid
    days = leave_after(last_day, ending_settings().read_only_months)
    return _of(party, PartyEnding(kind="affiliation", received_on=_today()), days)


def plan_exclusion(party: Party, reason: str, on: date | None = None) -> PartyEnding:
    """Return an exclusion, today or on a later day; raises ``ending_day_not_valid``, ``ending_reason_missing``."""
    day = on or _today()
    if day < _today():
        raise EndingDayNotValid
    return _of(party, PartyEnding(kind="exclusion", reason=_clean(reason), received_on=_today()), Days(day, day))


def plan_suspension(party: Party, reason: str) -> PartyEnding:
    """Return a suspension from today; raises ``ending_reason_missing``."""
    made = PartyEnding(kind="suspension", reason=_clean(reason), received_on=_today())
    return _of(party, made, Days(_today(), _today()))


def plan_death(party: Party, died_on: date, proof: str) -> PartyEnding:
    """Return the end of a person's access by her death.

    Raises ``ending_not_for_this_party``, ``ending_day_not_valid``, ``ending_reason_missing``.
    """
    if party.kind not in MORTAL:
        raise EndingNotForThisParty
    if died_on > _today() or (party.birth_date is not None and died_on < party.birth_date):
        raise EndingDayNotValid
    made = PartyEnding(kind="death", reason=_clean(proof), received_on=died_on)
    return _of(party, made, Days(_today(), _today()))


def _choose(party: Party, themes: Iterable[str] | None) -> list[str] | None:
    if themes is None:
        return None
    chosen = sorted(set(themes))
    if not chosen or set(chosen) - set(list_renounceable(party)):
        raise EndingNothingChosen
    return chosen


def _of(party: Party, made: PartyEnding, days: Days) -> PartyEnding:
    made.party, made.takes_effect_on, made.ends_on = party, days.effect, days.end
    return made


def _clean(reason: str) -> str:
    text = " ".join(reason.split())[:LONGEST_REASON]
    if not text:
        raise EndingReasonMissing
    return text


def _today() -> date:
    return caisse_today(current_caisse())
