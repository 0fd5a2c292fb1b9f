"""What the caisse sees of its terms: every version, how many have answered, and who has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from core.accounts.models import Membership, Party
from core.terms.models import Answer, Version

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 50
EXPORT_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """One version, and how many companies accepted it."""

    version: Version
    accepted: int
    refused: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How a version was answered: by companies, and by users."""

    companies: int
    accepted: int
    users: int
    acknowledged: int
    refused: int

    @property
    def open_companies(self) -> int:
        """Companies that have not accepted."""
        return max(0, self.companies - self.accepted)


@dataclass(frozen=True, slots=True)
class OpenCompanies:
    """One page of companies without an acceptance, and the cursor of the next page."""

    companies: list[Party]
    next_cursor: str


def list_versions() -> list[Line]:
    """Return every version, newest first; one query."""
    counted = Version.objects.annotate(
        accepted=Count("answers", filter=Q(answers__kind="accepted")),
        refused=Count("answers", filter=Q(answers__kind="refused")),
    )
    return [Line(one, vars(one)["accepted"], vars(one)["refused"]) for one in counted.order_by("audience", "-number")]


def find_version_before(version: Version) -> Version | None:
    """Return the published version before this one."""
    earlier = Version.objects.filter(audience=version.audience, number__lt=version.number)
    return earlier.filter(state=Version.States.PUBLISHED).order_by("-number").first()


def count_answers(version: Version) -> Counts:
    """Return how a version stands; five queries whatever the number of companies."""
    given = Answer.objects.filter(version=version)
    people = Membership.objects.filter(party__in=_companies(version), ended_at__isnull=True, user__state="active")
    return Counts(
        companies=_companies(version).count(),
        accepted=given.filter(kind="accepted").count(),
        users=people.values("user_id").distinct().count(),
        acknowledged=given.filter(kind="acknowledged").values("user_id").distinct().count(),
        refused=given.filter(kind="refused").values("user_id").distinct().count(),
    )


def list_open_companies(version: Version, *, cursor: str = "", limit: int = PAGE) -> OpenCompanies:
    """Return companies that have not accepted this version or a later one, by number; the cursor is the last number."""
    answered = Answer.objects.filter(
        kind="accepted", version__audience=version.audience, version__number__gte=version.number
    )
    found = _companies(version).exclude(id__in=answered.values("party_id")).order_by("number", "id")
    rows = list((found.filter(number__gt=cursor) if cursor else found)[: limit + 1])
    return OpenCompanies(rows[:limit], rows[limit - 1].number if len(rows) > limit else "")


def list_refusals(version: Version) -> list[Answer]:
    """Return the newest refusals of a version by users who have not acknowledged it since; one query."""
    since = Answer.objects.filter(version=version, kind="acknowledged", user=OuterRef("user"), party=OuterRef("party"))
    refused = Answer.objects.filter(version=version, kind="refused").exclude(Exists(since))
    return list(refused.select_related("party").order_by("-at", "-id")[:PAGE])


def list_all_answers(version: Version) -> list[Answer]:
    """Return every answer to a version, oldest first."""
    return list(Answer.objects.filter(version=version).select_related("party").order_by("at", "id")[:EXPORT_LIMIT])


def _companies(version: Version) -> QuerySet[Party]:
    return Party.objects.filter(kind=version.audience, state="active")
