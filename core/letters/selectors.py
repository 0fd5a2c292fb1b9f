"""Reading campaigns: the list, one with its funnel, its letters page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import Case, CharField, Count, Q, Value, When

from core.kernel import clock
from core.kernel.text import N_
from core.letters.models import Campaign, Letter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.accounts.models import Party

State = Literal["used", "returned", "opened", "open", "expired", "replaced", "skipped", "waiting"]
STATES: dict[State, str] = {
    "used": N_("access set up"),
    "opened": N_("begun"),
    "open": N_("not used yet"),
    "expired": N_("expired"),
    "returned": N_("came back"),
    "replaced": N_("replaced or withdrawn"),
    "skipped": N_("left out"),
    "waiting": N_("not made yet"),
}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many letters of a campaign are where; ``sent`` is all that were made."""

    sent: int
    begun: int
    counts: dict[str, int]

    def share(self, number: int) -> int:
        """Return a number as a percentage of what was sent."""
        return round(100 * number / self.sent) if self.sent else 0


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One page of letters in their order; ``after`` leads to the next, 0 at the end."""

    letters: list[Letter]
    after: int


def list_campaigns(*, before: str = "", limit: int = PAGE) -> tuple[list[Campaign], str]:
    """Return a page of campaigns, newest first, each with ``used_count``; two queries with a cursor."""
    found = Campaign.objects.annotate(
        used_count=Count("letters", filter=Q(letters__activation__used_at__isnull=False)),
    )
    if before and (last := Campaign.objects.filter(id=before).first()):
        older = Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, id__lt=last.id)
        found = found.filter(older)
    rows: list[Campaign] = [*found.order_by("-created_at", "-id")[: limit + 1]]
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else ""


def count_funnel(campaign: Campaign) -> Funnel:
    """Return where a campaign's letters are; one query."""
    counts = {f"in_{state}": Count("id", filter=condition) for state, condition in _conditions().items()}
    found = campaign.letters.aggregate(
        sent=Count("id", filter=Q(made_at__isnull=False)),
        begun=Count("id", filter=Q(activation__opened_at__isnull=False)),
        **counts,
    )
    return Funnel(found["sent"], found["begun"], {state: found[f"in_{state}"] for state in STATES})


def list_letters(
    campaign: Campaign, *, state: str = "", search: str = "", after: int = 0, limit: int = PAGE
) -> LetterPage:
    """Return a page of letters, each with ``state``; one query."""
    found = _with_state(campaign.letters.filter(position__gt=after))
    if state in STATES:
        found = found.filter(_conditions()[state])
    for word in search.split():
        found = found.filter(
            Q(party__name__icontains=word) | Q(party__number__icontains=word) | Q(reference__iexact=word)
        )
    rows = list(found.select_related("party", "activation").order_by("position")[: limit + 1])
    return LetterPage(rows[:limit], rows[limit - 1].position if len(rows) > limit else 0)


def find_last_letter(party: Party) -> Letter | None:
    """Return the last letter that a campaign made for a party, with ``state``."""
    found = Letter.objects.filter(party=party, made_at__isnull=False)
    return _with_state(found).select_related("campaign", "activation").order_by("-made_at").first()


def _with_state(found: QuerySet[Letter]) -> QuerySet[Letter]:
    whens = [When(condition, then=Value(state)) for state, condition in _conditions().items()]
    return found.annotate(state=Case(*whens, default=Value("open"), output_field=CharField()))


def _conditions() -> dict[str, Q]:
    """Return what makes a letter be in each state; exactly one holds."""
    used, returned = Q(activation__used_at__isnull=False), Q(returned_at__isnull=False)
    revoked, expired = Q(activation__revoked_at__isnull=False), Q(activation__expires_at__lte=clock.now())
    begun = Q(activation__opened_at__isnull=False)
    living = Q(made_at__isnull=False, activation__used_at__isnull=True, returned_at__isnull=True)
    open_now = living & Q(activation__revoked_at__isnull=True, activation__expires_at__gt=clock.now())
    return {
        "used": used,
        "opened": open_now & begun,
        "open": open_now & ~begun,
        "expired": living & ~revoked & expired,
        "returned": returned & ~used,
        "replaced": living & revoked,
        "skipped": ~Q(skipped=""),
        "waiting": Q(made_at__isnull=True, skipped=""),
    }
