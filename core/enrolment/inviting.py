"""The caisse invites companies: an account that waits for its administrator, a code to activate it, a trace of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from core.accounts.invitations.person import clean_person
from core.accounts.invitations.sending import send_activation
from core.accounts.models import Activation, Membership, Party, User
from core.accounts.policy import caisse_language
from core.accounts.post import postal_address
from core.audit.services import record
from core.enrolment.deciding import check_may_decide
from core.enrolment.entries import Someone
from core.enrolment.errors import AccessExists
from core.enrolment.joining import REFERENCE, check_open, has_access
from core.enrolment.models import Application
from core.enrolment.opening import let_in
from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.identifiers import new_readable_code
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.kernel.actors import Actor

Way = Literal["mail", "letter"]
INVITED_KINDS = ("employer", "agent", "self_employed")


def invite_company(
    *,
    actor: Actor,
    party_id: UUID,
    given_name: str,
    family_name: str,
    email: str,
    language: str = "",
    by: Way = "mail",
    address: Sequence[str] = (),
) -> Application:
    """Invite a company's administrator-to-be, in the caller's scope; she accepts the terms for it once she is in.

    A letter goes to ``address``, else to the company's. Raises ``not_permitted``, ``way_closed``, ``not_found``,
    ``access_exists``, ``person_incomplete``, ``person_email_not_valid``, ``address_incomplete``.
    """
    check_may_decide(actor)
    caisse = current_caisse()
    check_open(caisse, "invitation")
    party = Party.objects.select_for_update().filter(id=party_id, kind__in=INVITED_KINDS, state="active").first()
    if party is None:
        raise NotFound
    if has_access(party.id):
        raise AccessExists
    spoken = caisse_language(caisse, language or party.language)
    person = clean_person(given_name, family_name, email, spoken)
    who = Someone("administrator", person.given_name, person.family_name, person.email)
    return _invite(actor, party, who, language=spoken, by=by, address=address)


def invite_companies(*, actor: Actor, party_ids: Sequence[UUID]) -> tuple[int, list[Party]]:
    """Invite many companies by the contact address that the caisse has of each, in the caller's scope.

    Who has no e-mail gets a letter. Returns how many were invited, and those that could not be: no address at
    all, or an access that exists. Raises ``not_permitted``, ``way_closed``.
    """
    check_may_decide(actor)
    caisse = current_caisse()
    check_open(caisse, "invitation")
    done, left = 0, []
    named = Party.objects.select_for_update().filter(id__in=list(party_ids), kind__in=INVITED_KINDS, state="active")
    for party in named.order_by("id"):
        lines = postal_address(party)[1:]
        if has_access(party.id) or not (party.contact_email or len(lines) > 1):
            left.append(party)
            continue
        who = Someone("administrator", "", party.name[:100], party.contact_email)
        by: Way = "mail" if party.contact_email else "letter"
        _invite(actor, party, who, language=caisse_language(caisse, party.language), by=by, address=lines)
        done += 1
    return done, left


def remind_company(*, actor: Actor, application: Application) -> bool:
    """Send a company that was invited, and did not come, a new code by the way of the first; whether one was sent."""
    check_may_decide(actor)
    waiting = find_invited(application)
    if waiting is None:
        return False
    by: Way = "letter" if application.hand_over == "letter" else "mail"
    send_activation(actor=actor, user=waiting, kind="member", by=by)
    Application.objects.filter(id=application.id).update(codes_sent_at=clock.now())
    return True


def find_invited(application: Application) -> User | None:
    """Return the administrator-to-be who has not activated her access yet, in the open scope."""
    if application.way != "invitation" or application.party_id is None:
        return None
    first = Membership.objects.filter(party_id=application.party_id, role="administrator", ended_at__isnull=True)
    found = first.filter(user__state="invited").select_related("user").order_by("created_at").first()
    return found.user if found else None


def code_until(user: User) -> Activation | None:
    """Return the open activation of somebody who was invited."""
    return Activation.objects.filter(
        user=user, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now()
    ).first()


def _invite(actor: Actor, party: Party, who: Someone, *, language: str, by: Way, address: Sequence[str]) -> Application:
    user = let_in(actor=actor, party=party, who=who, language=language, role="administrator", state="invited")
    send_activation(
        actor=actor, user=user, kind="member", by=by, address=list(address) or list(postal_address(party)[1:])
    )
    now = clock.now()
    made = Application.objects.create(
        way="invitation",
        kind=party.kind,
        state="approved",
        reference=new_readable_code(REFERENCE),
        number=party.number,
        name=party.name,
        people=[{"role": who.role, "given_name": who.given_name, "family_name": who.family_name, "email": who.email}],
        email=who.email,
        language=language,
        party=party,
        submitted_at=now,
        decided_at=now,
        decided_by=actor.user_id,
        decided_by_name=actor.name,
        hand_over=by,
        codes_sent_at=now,
        created_at=now,
    )
    data = {"by": by}
    record(
        actor=actor,
        action="company_invited",
        object_type="application",
        object_id=made.id,
        data=data,
        for_party_id=party.id,
    )
    return made
