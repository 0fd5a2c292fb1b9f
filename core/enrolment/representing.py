"""An heir, relative or guardian whom the caisse does not know yet: entered as a party together with her mandate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.invitations.errors import AddressIncomplete
from core.accounts.invitations.sending import send_activation
from core.accounts.mandates.answering import check_is_clerk, enter_mandate
from core.accounts.mandates.errors import MandateBasisNotValid, MandateOverlaps
from core.accounts.memberships.errors import NamesMissing
from core.accounts.models import Mandate, Party
from core.accounts.policy import caisse_country, caisse_language
from core.accounts.post import postal_address
from core.audit.services import record
from core.enrolment.entries import Someone
from core.enrolment.errors import RepresentativeProofMissing
from core.enrolment.opening import let_in
from core.kernel import clock
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.accounts.mandates.terms import Terms
    from core.kernel.actors import Actor

REPRESENTED = frozenset({"insured", "self_employed"})
BASES = frozenset({"power_of_attorney", "law"})
_LONGEST = {
    "given_name": 100,
    "family_name": 100,
    "office": 200,
    "street": 120,
    "extra": 120,
    "postcode": 12,
    "town": 80,
}


@dataclass(frozen=True, slots=True)
class Representative:
    """Who is to act, as typed; ``office`` names the authority or firm for which she does."""

    given_name: str
    family_name: str
    office: str
    street: str
    extra: str
    postcode: str
    town: str
    language: str

    def cleaned(self) -> Representative:
        """Return it without stray blanks and no longer than it is kept."""
        kept = {name: " ".join(getattr(self, name).split())[:most] for name, most in _LONGEST.items()}
        return Representative(**kept, language=caisse_language(current_caisse(), self.language))

    @property
    def name(self) -> str:
        """The party's name: the office's, else her own."""
        return self.office or f"{self.given_name} {self.family_name}"


def enter_representative(
    *, actor: Actor, represented: Party, who: Representative, basis: str, terms: Terms, document_id: UUID | None
) -> Mandate:
    """Enter party, mandate and access in the caller's scope, on a document that proves it; the code goes by letter.

    She acts as an agent, who is no insured person of the caisse. Raises ``not_permitted``,
    ``representative_proof_missing``, ``names_missing``, ``address_incomplete``, ``mandate_basis_not_valid``, and
    ``mandate_overlaps`` where somebody of this name acts already.
    """
    check_is_clerk(actor)
    if represented.kind not in REPRESENTED or basis not in BASES:
        raise MandateBasisNotValid
    if document_id is None:
        raise RepresentativeProofMissing
    person = who.cleaned()
    if not (person.given_name and person.family_name):
        raise NamesMissing
    _check_not_entered(represented, person)
    party = _make_party(actor, person)
    made = enter_mandate(
        actor=actor, represented=represented, acting=party, basis=basis, terms=terms, document_id=document_id
    )
    user = let_in(
        actor=actor,
        party=party,
        who=Someone("administrator", person.given_name, person.family_name),
        language=person.language,
        role="administrator",
        state="invited",
    )
    lines = postal_address(party)
    if not lines:
        raise AddressIncomplete
    address = lines if person.office else lines[1:]
    send_activation(actor=actor, user=user, kind="member", by="letter", address=address)
    return made


def _check_not_entered(represented: Party, person: Representative) -> None:
    """Keep a form that is sent twice from making two: whoever comes second waits here."""
    Party.objects.select_for_update(no_key=True).get(id=represented.id)
    standing = Mandate.objects.filter(for_party=represented, state="accepted", acting_party__kind="agent")
    if standing.filter(acting_party__name__iexact=person.name).exists():
        raise MandateOverlaps


def _make_party(actor: Actor, person: Representative) -> Party:
    party = Party.objects.create(
        kind="agent",
        name=person.name,
        street=person.street,
        address_extra=person.extra,
        postcode=person.postcode,
        town=person.town,
        country=caisse_country(current_caisse()),
        language=person.language,
        created_at=clock.now(),
    )
    record(
        actor=actor,
        action="representative_entered",
        object_type="party",
        object_id=party.id,
        for_party_id=party.id,
    )
    return party
