"""Who gets a letter: parties nobody signs in for yet, by kind, by theme, by number; and those who cannot get one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from core.accounts.models import Activation, Membership, Party
from core.accounts.models.parties import PARTY_KINDS
from core.kernel import clock
from core.letters.models import Letter
from core.messaging.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

MOST = 50_000
MOST_NUMBERS = 20_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What an administrator chose. Without ``numbers`` and ``reminder_of`` all parties of the kinds named.

    ``theme`` narrows to those with messages in it. ``again`` takes those with a letter that still counts too.
    """

    kinds: tuple[str, ...] = ()
    theme: str = ""
    numbers: tuple[str, ...] = ()
    reminder_of: UUID | None = None
    again: bool = False
    party_id: UUID | None = None
    unknown: tuple[str, ...] = field(default=(), compare=False)

    def to_data(self) -> dict[str, Any]:
        """Return what is kept of it; of numbers how many, since the letters say which."""
        return {"kinds": list(self.kinds), "theme": self.theme, "numbers": len(self.numbers), "again": self.again}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who would get a letter, and how many of the chosen would not, and why."""

    party_ids: list[UUID]
    with_access: int
    with_letter: int
    without_address: int
    unknown: tuple[str, ...]


def choose_parties(selection: Selection) -> Chosen:
    """Return who gets a letter, by number; within the open scope, four queries at most."""
    named, unknown = _named(selection)
    living = named.filter(state="active")
    waiting = living.filter(~_has_access())
    open_letter = Q() if selection.again else _has_open_letter()
    free = waiting.exclude(open_letter) if open_letter else waiting
    addressed = free.filter(_HAS_ADDRESS)
    ids = list(addressed.order_by("number", "id").values_list("id", flat=True)[: MOST + 1])
    counted = living.count()
    waiting_count = waiting.count() if counted else 0
    free_count = free.count() if waiting_count else 0
    return Chosen(
        party_ids=ids,
        with_access=counted - waiting_count,
        with_letter=waiting_count - free_count,
        without_address=free_count - len(ids) if len(ids) <= MOST else 0,
        unknown=unknown,
    )


# What ``postal_address`` needs, so that both say the same.
_HAS_ADDRESS = ~Q(town="") & (~Q(street="") | ~Q(address_extra=""))


def _named(selection: Selection) -> tuple[QuerySet[Party], tuple[str, ...]]:
    found, unknown = Party.objects.all(), selection.unknown
    if selection.party_id is not None:
        found = found.filter(id=selection.party_id)
    elif selection.reminder_of is not None:
        unused = Letter.objects.filter(
            campaign_id=selection.reminder_of, returned_at__isnull=True, activation__used_at__isnull=True
        )
        found = found.filter(id__in=unused.filter(made_at__isnull=False).values("party_id"))
    elif selection.numbers:
        found = found.filter(number__in=selection.numbers)
        known = set(found.values_list("number", flat=True))
        unknown = tuple(number for number in selection.numbers if number not in known)
    if selection.kinds:
        found = found.filter(kind__in=selection.kinds)
    if selection.theme:
        found = found.filter(Exists(Message.objects.filter(party=OuterRef("pk"), theme=selection.theme)))
    return found, unknown


def _has_access() -> Exists:
    inside = Membership.objects.filter(party=OuterRef("pk"), ended_at__isnull=True)
    return Exists(inside.exclude(user__state="invited"))


def _has_open_letter() -> Q:
    open_codes = Activation.objects.filter(
        used_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=clock.now(),
        user__memberships__party=OuterRef("pk"),
    )
    returned = Letter.objects.filter(activation=OuterRef("pk"), returned_at__isnull=False)
    return Q(Exists(open_codes.exclude(Exists(returned))))


def clean_numbers(texts: Iterable[str]) -> tuple[str, ...]:
    """Return numbers without blanks around them, each once, in their order."""
    found = dict.fromkeys(" ".join(text.split()) for text in texts)
    found.pop("", None)
    return tuple(list(found)[:MOST_NUMBERS])


def clean_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of party that exist, in a fixed order."""
    wanted = set(kinds)
    return tuple(kind for kind in PARTY_KINDS if kind in wanted)
