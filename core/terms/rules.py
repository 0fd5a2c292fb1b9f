"""Where somebody stands with the terms, as plain rules over versions, answers and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from core.terms.memory import Published

# free: nothing asks. accepted: all is answered. reading: what was begun before may be read, not sent.
# closed: nothing opens before the answer.
State = Literal["free", "accepted", "reading", "closed"]


@dataclass(frozen=True, slots=True)
class Answers:
    """The numbers of the versions that were answered: by the company, and by the user herself."""

    accepted: Collection[int] = ()
    acknowledged: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a user of a company stands.

    ``version`` is the one that asks now, ``coming`` the next one; ``until`` the last day on which
    reading works. ``company_missing`` and ``own_missing`` tell whose answer is awaited.
    """

    state: State
    version: Published | None = None
    coming: Published | None = None
    until: date | None = None
    company_missing: bool = False
    own_missing: bool = False

    @property
    def may_send(self) -> bool:
        """Whether anything may be sent."""
        return self.state in {"free", "accepted"}


def in_force(versions: Sequence[Published], today: date) -> Published | None:
    """Return the version that holds on a day."""
    return max((one for one in versions if one.valid_from <= today), key=lambda one: one.valid_from, default=None)


def judge(versions: Sequence[Published], answers: Answers, today: date) -> Standing:
    """Say where somebody stands; ``versions`` are those of her company's kind.

    The latest version in force that asks is the one that counts; who has answered a later one in
    advance has answered it too. Without an earlier acceptance there is nothing to read yet.
    """
    coming = min((one for one in versions if one.valid_from > today), key=lambda one: one.valid_from, default=None)
    asking = in_force([one for one in versions if one.asks], today)
    if asking is None:
        return Standing("free", coming=coming)
    later = {one.number for one in versions if one.valid_from >= asking.valid_from}
    company_missing = not later & set(answers.accepted)
    own_missing = not later & set(answers.acknowledged)
    if not (company_missing or own_missing):
        return Standing("accepted", asking, coming)
    until = asking.valid_from + timedelta(days=asking.grace_days)
    knew_before = bool(answers.accepted) and (bool(answers.acknowledged) or not own_missing)
    state: State = "reading" if knew_before and today <= until else "closed"
    return Standing(state, asking, coming, until, company_missing, own_missing)
