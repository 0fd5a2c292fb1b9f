"""How a kind of document reaches a party: the caisse's rule, and the party's own choice where it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from core.audit.services import record
from core.catalogue.document_kinds import list_delivered
from core.configuration import configuration
from core.configuration.sections import DeliverySection
from core.documents.models import DeliveryChoice
from core.kernel import clock
from core.kernel.errors import InvalidInput
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.catalogue.document_kinds import DocumentKind
    from core.configuration.sections.delivery import Way
    from core.kernel.actors import Actor

ELECTRONIC, POST, CHOICE = "electronic", "post", "choice"


class DeliveryNotOpen(InvalidInput):
    """The caisse delivers these documents in one way only; there is nothing to choose."""

    code = "delivery_not_open"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one kind of document reaches a party; ``chosen`` is her own choice, if the caisse leaves it to her."""

    kind: DocumentKind
    way: Way
    is_open: bool
    chosen: DeliveryChoice | None = None


def list_deliveries(party_id: UUID) -> list[Delivery]:
    """Return how each kind that is delivered reaches a party; one query, in the caller's scope."""
    section = configuration.get(current_caisse(), DeliverySection)
    chosen = {one.kind: one for one in DeliveryChoice.objects.filter(party_id=party_id)}
    return [_settle(section, kind, chosen.get(kind.slug)) for kind in list_delivered()]


def get_way(party_id: UUID, kind: DocumentKind) -> Way:
    """Return how a kind of document reaches a party; without a query where the caisse alone decides."""
    section = configuration.get(current_caisse(), DeliverySection)
    if section.rule_of(kind.slug) != CHOICE:
        return _settle(section, kind, None).way
    return _settle(section, kind, DeliveryChoice.objects.filter(party_id=party_id, kind=kind.slug).first()).way


def _settle(section: DeliverySection, kind: DocumentKind, chosen: DeliveryChoice | None) -> Delivery:
    rule = section.rule_of(kind.slug)
    if rule != "choice":
        return Delivery(kind, rule, is_open=False)
    return Delivery(kind, cast("Way", chosen.way) if chosen else section.unless_chosen, is_open=True, chosen=chosen)


def choose_way(*, actor: Actor, party_id: UUID, kind: str, way: str) -> None:
    """Keep a party's choice for one kind of document; the last one counts, repeating it changes nothing.

    Raises ``delivery_not_open`` where the caisse leaves no choice, or for another way or kind.
    """
    section = configuration.get(current_caisse(), DeliverySection)
    known = {one.slug for one in list_delivered()}
    if kind not in known or section.rule_of(kind) != CHOICE or way not in {ELECTRONIC, POST}:
        raise DeliveryNotOpen
    if DeliveryChoice.objects.filter(party_id=party_id, kind=kind, way=way).exists():
        return
    values = {"way": way, "chosen_at": clock.now(), "chosen_by": actor.user_id, "chosen_by_name": actor.name[:200]}
    DeliveryChoice.objects.bulk_create(
        [DeliveryChoice(party_id=party_id, kind=kind, **values)],
        update_conflicts=True,
        unique_fields=["party_id", "kind"],
        update_fields=list(values),
    )
    record(
        actor=actor,
        action="delivery_chosen",
        object_type="party",
        object_id=party_id,
        for_party_id=party_id,
        data={"kind": kind, "way": way},
    )
