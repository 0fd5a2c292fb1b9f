"""Reading operators, their sessions and what was done; within a platform scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.accounts.mandates.paging import PAGE, page_of
from core.kernel import clock
from core.operator.factors import has_password_and_code, holds_password_and_code
from core.operator.limits import IDLE
from core.operator.models import Act, Enrolment
from core.operator.searching import words_in
from tenants.models import Operator, OperatorPasskey, OperatorSession

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

Standing = Literal["active", "invited", "no_way_in", "blocked"]


@dataclass(frozen=True, slots=True)
class Listed:
    """An operator as the list shows her. ``invited_until`` is that of a link that can still be used."""

    operator: Operator
    passkeys: int
    has_password: bool
    invited_until: datetime | None

    @property
    def standing(self) -> Standing:
        """Whether she can come in, and if not why."""
        if self.operator.state == Operator.States.BLOCKED:
            return "blocked"
        if self.passkeys or self.has_password:
            return "active"
        return "invited" if self.invited_until else "no_way_in"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; ``standing`` empty means all."""

    search: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; ``after`` leads to the next and is empty at the end."""

    rows: list[Listed]
    after: str


def list_operators(filters: Filters, *, after: str = "", limit: int = PAGE) -> Page:
    """Return a page by name; as many queries for any number."""
    page = page_of(_wanted(filters), ("name", "id"), after, limit, known=Operator.objects.all())
    invited = dict(_open_links().filter(operator__in=page.rows).values_list("operator_id", "expires_at"))
    rows = [
        Listed(one, vars(one)["counted_keys"], has_password_and_code(one), invited.get(one.id)) for one in page.rows
    ]
    return Page(rows, page.after)


def count_operators(filters: Filters) -> dict[Standing, int]:
    """Return how many of the search are in each standing, whatever standing is asked for; one query."""
    searched = Operator.objects.filter(words_in(filters.search, "name", "email"))
    wanted = {standing: Count("id", filter=condition) for standing, condition in _standings().items()}
    return cast("dict[Standing, int]", searched.aggregate(**wanted))


def _wanted(filters: Filters) -> QuerySet[Operator]:
    found = Operator.objects.filter(words_in(filters.search, "name", "email"))
    condition = _standings().get(cast("Standing", filters.standing))
    keys = OperatorPasskey.objects.filter(operator=OuterRef("pk")).order_by().values("operator")
    counted = Coalesce(Subquery(keys.annotate(n=Count("id")).values("n")), 0)
    return (found if condition is None else found.filter(condition)).annotate(counted_keys=counted)


def _standings() -> dict[Standing, Q]:
    """Return the condition of each standing, as ``Listed.standing`` has them."""
    has_key = Exists(OperatorPasskey.objects.filter(operator=OuterRef("pk")))
    has_way = Q(has_key) | holds_password_and_code()
    is_invited = Q(Exists(_open_links().filter(operator=OuterRef("pk"))))
    blocked = Q(state=Operator.States.BLOCKED)
    return {
        "active": ~blocked & has_way,
        "invited": ~blocked & ~has_way & is_invited,
        "no_way_in": ~blocked & ~has_way & ~is_invited,
        "blocked": blocked,
    }


def _open_links() -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now())


def list_passkeys(operator: Operator) -> list[OperatorPasskey]:
    """Return her passkeys, oldest first."""
    return list(OperatorPasskey.objects.filter(operator=operator).order_by("created_at", "id"))


def list_sessions(operator: Operator) -> list[OperatorSession]:
    """Return her live sessions, the latest used first."""
    now = clock.now()
    live = Q(expires_at__gt=now, last_seen_at__gt=now - IDLE)
    return list(OperatorSession.objects.filter(live, operator=operator).order_by("-last_seen_at"))


def list_acts() -> QuerySet[Act]:
    """Return what was done, newest first."""
    return Act.objects.order_by("-at", "-id")
