"""The terms within an enrolment: what a new user is asked to accept, and her answer once her account is usable."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from core.accounts.invitations import agreeing
from core.accounts.invitations.errors import TermsTextChanged
from core.accounts.levels import TWO_FACTORS
from core.accounts.models import Membership
from core.accounts.policy import caisse_today
from core.kernel.actors import Actor
from core.terms import memory
from core.terms.answering import answer_terms, get_text
from core.terms.errors import TermsChanged
from core.terms.models import Version
from core.terms.rules import in_force

if TYPE_CHECKING:
    from core.accounts.models import User
    from tenants.scope import CaisseRef


class EnrolmentTerms:
    """Knows the terms for the party that somebody is to act for."""

    def find_terms(self, *, caisse: CaisseRef, user: User, language: str) -> agreeing.Agreement | None:
        """Return the version in force that asks, for the kind of her party; None where none asks."""
        place = _find_place(user)
        if place is None:
            return None
        asking = [one for one in memory.list_published(caisse, place.party.kind) if one.asks]
        version = in_force(asking, caisse_today(caisse))
        if version is None:
            return None
        text = get_text(version.id, language)
        return agreeing.Agreement(
            version=str(version.id),
            language=text.language,
            sha256=text.sha256,
            title=text.title,
            summary=text.summary,
            body=text.body,
        )

    def write_answer(self, *, user: User, agreed: dict[str, str]) -> None:
        """Write her acknowledgement down, and the company's acceptance where she is its administrator."""
        place = _find_place(user)
        version = Version.objects.filter(id=UUID(agreed["version"])).first()
        if place is None or version is None:
            raise TermsTextChanged
        leads = place.role == "administrator"
        actor = Actor(
            kind="party",
            name=user.name,
            user_id=user.id,
            assurance_level=TWO_FACTORS,
            acting_party_id=place.party_id,
            party_id=place.party_id,
            roles=frozenset({"administrator"}) if leads else frozenset(),
        )
        kind = "accepted" if leads else "acknowledged"
        try:
            answer_terms(actor=actor, version=version, kind=kind, language=agreed["language"], sha256=agreed["sha256"])
        except TermsChanged as error:
            raise TermsTextChanged from error


def register() -> None:
    """Show the terms to whoever enrols."""
    agreeing.install(EnrolmentTerms())


def _find_place(user: User) -> Membership | None:
    places = Membership.objects.filter(user=user, ended_at__isnull=True, substitute_for__isnull=True)
    return places.select_related("party").order_by("created_at").first()
