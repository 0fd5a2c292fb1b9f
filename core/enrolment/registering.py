"""Self-registration of insured persons: number, birth date and a code must all fit a person whom the caisse knows.

Whatever does not fit is answered by the same words, after the same work, and every try is counted.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.formats import date_format

from core.accounts import limiter
from core.accounts.invitations.codes import hash_code
from core.accounts.invitations.opening import take_over
from core.accounts.invitations.sending import create_activation
from core.accounts.models import Activation, Membership, Party, User
from core.accounts.policy import caisse_language, caisse_today
from core.accounts.post import postal_address
from core.audit.services import record
from core.enrolment import limits
from core.enrolment.entries import Someone
from core.enrolment.errors import ApplicationsLocked, NotMatched, NumberNotValid
from core.enrolment.joining import REFERENCE, check_open
from core.enrolment.models import Application, StaffCode
from core.enrolment.numbers import find_parties, read_number
from core.enrolment.opening import let_in
from core.enrolment.texts import REGISTERED_BY_EMPLOYERS_CODE
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.identifiers import new_readable_code, normalise_code
from core.notices.services import print_letter
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from tenants.scope import CaisseRef

LONGEST_CODE = 40


def register_person(
    *, caisse: CaisseRef, number: str, birth_date: str, code: str, language: str, address: str
) -> Activation:
    """Open an activation for the person whom number, birth date and code name, for the browser at hand.

    The code of a caisse's letter opens the activation of that letter; an employer's makes one, and the person
    is told by letter. Raises ``way_closed``, ``applications_locked``, or ``not_matched`` for everything else.
    """
    section = check_open(caisse, "private")
    canonical = _read(caisse, number)
    with tenant_transaction(caisse):
        verdicts = [
            limiter.take(limits.PRIVATE_BY_ADDRESS, address),
            limiter.take(limits.PRIVATE_BY_NUMBER, canonical or number[:LONGEST_CODE]),
        ]
    if refused := [one for one in verdicts if not one.allowed]:
        raise ApplicationsLocked(minutes=max(one.wait_minutes for one in refused))
    typed = code[:LONGEST_CODE]
    with tenant_transaction(caisse):
        # All three are looked up whatever the others gave, so that time tells nothing.
        person = _find_person(caisse, canonical, _read_day(birth_date))
        letter = _find_letter(typed) if "letter" in section.private_codes else None
        employer = _find_employer(typed) if "employer" in section.private_codes else None
        opened = _open(caisse, person, letter, employer, language)
    if opened is None:
        raise NotMatched
    with tenant_transaction(caisse):
        limiter.give_back(limits.PRIVATE_BY_ADDRESS, address)
        limiter.give_back(limits.PRIVATE_BY_NUMBER, canonical)
    return opened


def _open(
    caisse: CaisseRef, person: Party | None, letter: Activation | None, employer: Party | None, language: str
) -> Activation | None:
    if person is None:
        return None
    if letter is not None and _belongs(letter.user, person):
        return letter if take_over(letter) else None
    return _register(caisse, person, employer, language) if employer is not None else None


def _register(caisse: CaisseRef, person: Party, employer: Party, language: str) -> Activation | None:
    """Make the account, or take up the one that waits; an access that is used already matches nothing."""
    Party.objects.select_for_update().get(id=person.id)
    actor = Actor(kind="party", name=person.name, party_id=person.id)
    members = Membership.objects.filter(party=person, ended_at__isnull=True).select_related("user")
    users = [one.user for one in members.exclude(user__state="left")]
    if any(user.state != "invited" for user in users):
        return None
    user = users[0] if users else _make_user(actor, caisse, person, language)
    row, _code = create_activation(actor=actor, user=user, kind="person", way="letter")
    take_over(row)
    now = clock.now()
    Application.objects.create(
        way="private",
        kind="insured",
        state="approved",
        reference=new_readable_code(REFERENCE),
        number=person.number,
        name=person.name,
        facts={"employer": employer.number},
        language=user.language,
        party=person,
        submitted_at=now,
        decided_at=now,
        hand_over="online",
        codes_sent_at=now,
        created_at=now,
    )
    _tell(person, user)
    record(actor=actor, action="person_registered", object_type="user", object_id=user.id, data={"by": "employer_code"})
    return row


def _make_user(actor: Actor, caisse: CaisseRef, person: Party, language: str) -> User:
    given, _space, family = person.name.rpartition(" ")
    who = Someone("person", given[:100], family[:100])
    spoken = caisse_language(caisse, language or person.language)
    return let_in(actor=actor, party=person, who=who, language=spoken, role="administrator", state="invited")


def _tell(person: Party, user: User) -> None:
    lines = postal_address(person)
    if not lines:
        return
    with translation.override(user.language):
        day = date_format(caisse_today(current_caisse()), "DATE_FORMAT")
    fields = {"name": person.name, "day": day}
    print_letter(notice=REGISTERED_BY_EMPLOYERS_CODE, address=lines, language=user.language, fields=fields)


def _read(caisse: CaisseRef, number: str) -> str:
    try:
        return read_number(caisse, "insured", number)
    except NumberNotValid:
        return ""


def _read_day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _find_person(caisse: CaisseRef, number: str, born: date | None) -> Party | None:
    found = find_parties(caisse, ["insured"], number or "-")
    fitting = [one for one in found if born is not None and one.birth_date == born]
    return fitting[0] if len(fitting) == 1 else None


def _find_letter(typed: str) -> Activation | None:
    usable = Activation.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now())
    found = usable.filter(kind="person", code_hash=hash_code(typed), user__state="invited")
    return found.select_related("user").first()


def _find_employer(typed: str) -> Party | None:
    given = StaffCode.objects.filter(code=normalise_code(typed)[:12], party__state="active")
    found = given.select_related("party").first()
    return found.party if found else None


def _belongs(user: User, person: Party) -> bool:
    return Membership.objects.filter(user=user, party=person, ended_at__isnull=True).exists()
