"""A party as the desk sees her: who acts for her, her messages, her dossier, what was done in her name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q

from core.accounts.models import Mandate, Membership, Party
from core.audit.models import Entry
from core.documents.models import Document
from core.kernel.errors import NotFound
from core.messaging.acts import OPENED, note_party_opened
from core.messaging.desk_guards import is_own, open_to
from core.messaging.models import Message, PartyFlag
from core.messaging.selectors import PAGE, BadCursor, Page, list_readable, paginate
from core.messaging.states import State

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.kernel.actors import Actor

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class PartPage(Generic[M]):
    """One page of a party's users, mandates, documents or history; ``after`` leads to the next, empty at the end."""

    rows: list[M]
    after: str


def access_party(viewer: Actor, party_id: UUID, *, case_id: UUID | None = None) -> Party:
    """Return a party whose file is open to the viewer, or raise ``not_found``; the party sees who opened it and why."""
    party = open_to(viewer, Party.objects.filter(id=party_id), "id").first()
    if party is None or not viewer.is_desk:
        raise NotFound
    note_party_opened(viewer, party.id, case_id=case_id)
    return party


def access_flagged(viewer: Actor, party_id: UUID) -> Party:
    """Return a party to an administrator who may set its flag, though she may not see its file."""
    party = Party.objects.filter(id=party_id).first()
    if party is None or "administrator" not in viewer.roles or is_own(viewer, party_id):
        raise NotFound
    return party


def find_flag(party_id: UUID) -> PartyFlag | None:
    """Return why only some clerks see a party's file."""
    return PartyFlag.objects.filter(party_id=party_id).first()


def list_users(party_id: UUID, *, after: str = "", limit: int = PAGE) -> PartPage[Membership]:
    """Return a page of the users in the companies that act for the party, by name."""
    found = _memberships(party_id).select_related("user", "party")
    return _page(found, ("user__family_name", "user__given_name", "id"), after, limit)


def access_user(viewer: Actor, party_id: UUID, user_id: UUID) -> Membership:
    """Return the place of a user within a party whose file the viewer may open; raises ``NotFound``."""
    access_party(viewer, party_id)
    found = _memberships(party_id).filter(user_id=user_id).select_related("user", "party").first()
    if found is None:
        raise NotFound
    return found


def list_told(party_id: UUID) -> list[str]:
    """Return where e-mails for the party go, at most a page of addresses."""
    found = _memberships(party_id).filter(user__state="active", user__contact_email__gt="")
    addresses = found.order_by("user__contact_email").values_list("user__contact_email", flat=True)
    return [address for address in addresses.distinct()[:PAGE] if address]


def _memberships(party_id: UUID) -> QuerySet[Membership]:
    acting = Mandate.objects.filter(for_party_id=party_id, state="accepted")
    return Membership.objects.filter(ended_at__isnull=True, party_id__in=acting.values("acting_party_id"))


def list_mandates(party_id: UUID, *, after: str = "", limit: int = PAGE) -> PartPage[Mandate]:
    """Return a page of the mandates between this party and others, those in force first."""
    found = Mandate.objects.filter(Q(for_party_id=party_id) | Q(acting_party_id=party_id)).exclude(basis="self")
    return _page(found.select_related("acting_party", "for_party"), ("state", "-valid_from", "id"), after, limit)


def list_messages(viewer: Actor, party_id: UUID, *, cursor: str | None = None, limit: int = PAGE) -> Page:
    """Return a page of the party's messages in the viewer's themes, newest change first."""
    found = Message.objects.filter(party_id=party_id, theme__in=list_readable(viewer)).exclude(
        state__in=[str(State.DRAFT), str(State.DISCARDED)]
    )
    return paginate(open_to(viewer, found), cursor, limit)


def list_documents(viewer: Actor, party_id: UUID, *, after: str = "", limit: int = PAGE) -> PartPage[Document]:
    """Return a page of the party's dossier in the viewer's themes, newest first."""
    found = Document.objects.filter(party_id=party_id, published_at__isnull=False, theme__in=list_readable(viewer))
    return _page(found, ("-published_at", "-id"), after, limit)


def list_history(viewer: Actor, party_id: UUID, *, after: str = "", limit: int = PAGE) -> PartPage[Entry]:
    """Return a page of what was done for the party; what belongs to a theme only to who reads it."""
    found = Entry.objects.filter(for_party_id=party_id).exclude(action=OPENED)
    of_open_themes = Q(data__theme__isnull=True) | Q(data__theme__in=list_readable(viewer))
    return _page(found.filter(of_open_themes), ("-at", "-id"), after, limit)


def _page(found: QuerySet[M], order: tuple[str, ...], after: str, limit: int) -> PartPage[M]:
    """Return a page by keyset; the cursor is the last row's identifier, so that no name stands in an address."""
    if after:
        found = found.filter(_beyond(found, order, after))
    rows = list(found.order_by(*order)[: limit + 1])
    return PartPage(rows[:limit], str(rows[limit - 1].pk) if len(rows) > limit else "")


def _beyond(found: QuerySet[M], order: tuple[str, ...], after: str) -> Q:
    names = [one.removeprefix("-") for one in order]
    try:
        last = found.filter(pk=found.model._meta.pk.to_python(after)).values_list(*names).first()
    except ValidationError:
        last = None
    if last is None:
        raise BadCursor
    beyond, equal = Q(), Q()
    for one, name, value in zip(order, names, last, strict=True):
        beyond |= equal & Q(**{f"{name}__{'lt' if one.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return beyond
