"""A party as the desk sees her: who acts for her, her messages, her dossier, what was done in her name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from core.accounts.models import Mandate, Membership, Party
from core.audit.models import Entry
from core.documents.selectors import list_dossier
from core.kernel.errors import NotFound
from core.messaging.desk_guards import is_own, open_to
from core.messaging.models import Message, PartyFlag
from core.messaging.selectors import PAGE, Page, list_readable, paginate
from core.messaging.states import State

if TYPE_CHECKING:
    from uuid import UUID

    from core.documents.models import Document
    from core.kernel.actors import Actor

HISTORY = 50


def access_party(viewer: Actor, party_id: UUID) -> Party:
    """Return a party whose file is open to the viewer, or raise ``not_found``."""
    party = open_to(viewer, Party.objects.filter(id=party_id), "id").first()
    if party is None or not viewer.is_desk:
        raise NotFound
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


def list_users(party_id: UUID) -> list[Membership]:
    """Return the places of users in the companies that act for the party, by company and name."""
    found = Membership.objects.filter(
        ended_at__isnull=True, party__mandates_held__for_party_id=party_id, party__mandates_held__state="accepted"
    )
    order = ("party__name", "user__family_name", "user__given_name", "id")
    return list(found.select_related("user", "party").order_by(*order).distinct())


def list_mandates(party_id: UUID) -> list[Mandate]:
    """Return the mandates between this party and others, those in force first."""
    found = Mandate.objects.filter(Q(for_party_id=party_id) | Q(acting_party_id=party_id)).exclude(basis="self")
    return list(found.select_related("acting_party", "for_party").order_by("state", "-valid_from", "id"))


def list_messages(viewer: Actor, party_id: UUID, *, cursor: str | None = None, limit: int = PAGE) -> Page:
    """Return a page of the party's messages in the viewer's themes, newest change first."""
    found = Message.objects.filter(party_id=party_id, theme__in=list_readable(viewer)).exclude(
        state__in=[str(State.DRAFT), str(State.DISCARDED)]
    )
    return paginate(open_to(viewer, found), cursor, limit)


def list_documents(viewer: Actor, party_id: UUID) -> list[Document]:
    """Return the party's dossier, in the viewer's themes."""
    return [one for one in list_dossier(party_id=party_id) if viewer.may_read(one.theme)]


def list_history(viewer: Actor, party_id: UUID, *, limit: int = HISTORY) -> list[Entry]:
    """Return what was last done for the party; what belongs to a theme only to who reads it."""
    found = Entry.objects.filter(for_party_id=party_id)
    of_open_themes = Q(data__theme__isnull=True) | Q(data__theme__in=list_readable(viewer))
    return list(found.filter(of_open_themes).order_by("-at", "-id")[:limit])
