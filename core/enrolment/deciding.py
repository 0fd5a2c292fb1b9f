"""The clerk's decision: an application is approved, and its people get their codes, or refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.formats import date_format

from core.accounts.models import Party
from core.accounts.policy import caisse_day, caisse_now, caisse_today
from core.audit.services import record
from core.configuration import configuration
from core.configuration.sections import LocaleSection
from core.enrolment import charter
from core.enrolment.entries import Someone, address_lines, list_people
from core.enrolment.errors import ApplicationDecided, HandOverNotPossible, PartyNotChosen, ReasonNeeded
from core.enrolment.joining import check_admissible, find_party
from core.enrolment.models import Application
from core.enrolment.opening import Credentials, hand_over, issue_credentials, let_in
from core.enrolment.section import EnrolmentSection
from core.enrolment.texts import APPROVED, COPY_FOR_REPRESENTATIVE, REFUSED
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.kernel.text import N_
from core.notices.services import print_letter, send_mail
from core.terms.years import year_of
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from core.accounts.models import User
    from core.accounts.passwords import Provisional
    from core.kernel.actors import Actor

LONGEST_REASON = 500
_NOT_OFFERED = N_("the caisse has not opened this way.")
_NO_ADDRESS = N_("the application has no postal address.")


@dataclass(frozen=True, slots=True)
class Admitted:
    """An approved application and what its people need; the passwords are nowhere else but in what was sent."""

    application: Application
    party: Party
    credentials: tuple[Credentials, ...]


def check_may_decide(actor: Actor) -> None:
    """Raise ``not_permitted`` for who is neither clerk nor administrator of the caisse (nor the system)."""
    if actor.kind != "system" and not (actor.kind == "clerk" and actor.roles & {"clerk", "administrator"}):
        raise NotPermitted


def access_application(viewer: Actor, application_id: UUID) -> Application:
    """Return an application for the caisse's own people; a draft is the applicant's alone. Raises ``not_found``."""
    if not viewer.is_desk:
        raise NotFound
    found = Application.objects.select_related("party", "charter").filter(id=application_id).first()
    if found is None or found.state == "draft":
        raise NotFound
    return found


def approve_application(
    *,
    actor: Actor,
    application_id: UUID,
    way: str,
    party_id: UUID | None = None,
    new_party: bool = False,
    passwords: Sequence[Provisional] = (),
) -> Admitted:
    """Approve an open application in the caller's scope: party, accounts, codes, letters, all or nothing.

    ``party_id`` names the party where the number names none or several; ``new_party`` has it made where
    the caisse admits unknown numbers; ``passwords`` were made before the scope opened, one for each person.
    Raises ``not_permitted``, ``application_decided``, ``party_not_chosen``,
    ``access_exists``, ``number_unknown``, ``hand_over_not_possible``.
    """
    check_may_decide(actor)
    found = Application.objects.select_for_update().filter(id=application_id, state="open").first()
    if found is None:
        raise ApplicationDecided
    _check_way(found, way)
    party = _choose_party(found, party_id, new_party=new_party)
    check_admissible(found, party)
    now = clock.now()
    decided = {"decided_at": now, "decided_by": actor.user_id, "decided_by_name": actor.name}
    approved = Application.objects.filter(id=found.id, state="open")
    approved.update(state="approved", party=party, hand_over=way, codes_sent_at=now, **decided)
    found.refresh_from_db()
    credentials = _let_all_in(actor, found, party, way, passwords)
    _tell(found, credentials)
    charter.bind_party(actor=actor, application=found, party_id=party.id, name=_who_accepted(found))
    _note(actor, found, "application_approved", hand_over=way)
    return Admitted(found, party, credentials)


def refuse_application(*, actor: Actor, application_id: UUID, reason: str) -> Application:
    """Refuse an open application with a reason, which the applicant reads.

    Raises ``not_permitted``, ``reason_needed``, ``application_decided``.
    """
    check_may_decide(actor)
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise ReasonNeeded
    decided = {"decided_at": clock.now(), "decided_by": actor.user_id, "decided_by_name": actor.name}
    opened = Application.objects.filter(id=application_id, state="open")
    if not opened.update(state="refused", reason=words, **decided):
        raise ApplicationDecided
    found = Application.objects.get(id=application_id)
    if found.email:
        fields = {"name": found.name, "reference": found.reference, "reason": words}
        send_mail(notice=REFUSED, to=found.email, language=found.language, fields=fields)
    _note(actor, found, "application_refused")
    return found


def reissue_codes(*, actor: Actor, application: Application, user: User, way: str) -> Credentials:
    """Give one person of an approved application a new provisional password; the earlier one stops working.

    For a letter that was lost or a password that ran out, and only until she has chosen one of her own.
    Raises ``not_permitted``, ``hand_over_not_possible``, ``application_decided``.
    """
    check_may_decide(actor)
    if application.state != "approved" or not user.password_must_change or user.state != "active":
        raise ApplicationDecided
    _check_way(application, way)
    credentials = issue_credentials(actor=actor, user=user)
    _hand_over(application, credentials, user, user.mobile, way)
    Application.objects.filter(id=application.id).update(codes_sent_at=clock.now(), hand_over=way)
    _note(actor, application, "codes_sent_again", hand_over=way)
    return credentials


def renews_on(application: Application) -> date | None:
    """Return the day on which the agreement's next year begins, counted from the acceptance."""
    if application.accepted_at is None:
        return None
    caisse = current_caisse()
    return year_of(caisse_day(caisse, application.accepted_at), caisse_today(caisse)).next_day


def _let_all_in(
    actor: Actor, found: Application, party: Party, way: str, passwords: Sequence[Provisional]
) -> tuple[Credentials, ...]:
    given, role, made = [], "administrator", iter(passwords)
    for who in list_people(found.people):
        if who.role == "representative":
            continue
        user = let_in(actor=actor, party=party, who=who, language=found.language, role=role, state="active")
        credentials = issue_credentials(actor=actor, user=user, made=next(made, None))
        _hand_over(found, credentials, user, who.mobile, way)
        given.append(credentials)
        role = "member"  # the first one named spreads users and themes
    return tuple(given)


def _hand_over(found: Application, credentials: Credentials, user: User, mobile: str, way: str) -> None:
    hand_over(
        way=way,
        credentials=credentials,
        user=user,
        company=found.name,
        address=address_lines(found.facts),
        mobile=mobile,
    )


def _tell(found: Application, credentials: tuple[Credentials, ...]) -> None:
    if found.email:
        fields = {"name": found.name, "reference": found.reference}
        send_mail(notice=APPROVED, to=found.email, language=found.language, fields=fields)
    lines = address_lines(found.facts)
    representative = next((one for one in list_people(found.people) if one.role == "representative"), None)
    if representative is None or not lines:
        return
    print_letter(
        notice=COPY_FOR_REPRESENTATIVE,
        address=[found.name, representative.name, *lines],
        language=found.language,
        fields={
            "name": representative.name,
            "company": found.name,
            "accepted": _in_words(found, "accepted_at"),
            "sent": _in_words(found, "codes_sent_at"),
            "people": "\n".join(f"{one.name} ({one.login})" for one in credentials),
        },
    )


def _in_words(found: Application, name: str) -> str:
    with translation.override(found.language):
        return date_format(caisse_now(current_caisse(), getattr(found, name) or clock.now()), "DATE_FORMAT")


def _check_way(found: Application, way: str) -> None:
    if way not in configuration.get(current_caisse(), EnrolmentSection).hand_over:
        raise HandOverNotPossible(why=translation.gettext(_NOT_OFFERED))
    if way == "letter" and not address_lines(found.facts):
        raise HandOverNotPossible(why=translation.gettext(_NO_ADDRESS))


def _choose_party(found: Application, party_id: UUID | None, *, new_party: bool) -> Party:
    kinds = ["employer", "agent"] if found.kind in {"employer", "agent"} else [found.kind]
    if party_id is not None:
        chosen = Party.objects.filter(id=party_id, kind__in=kinds).exclude(state="ended").first()
    else:
        chosen = found.party or find_party(found)
    if chosen is None and new_party:
        check_admissible(found, None)
        chosen = _make_party(found)
    if chosen is None:
        raise PartyNotChosen
    return chosen


def _make_party(found: Application) -> Party:
    caisse, facts = current_caisse(), found.facts
    columns = {name: facts.get(name, "") for name in ("street", "address_extra", "postcode", "town", "phone")}
    return Party.objects.create(
        kind=found.kind,
        number=found.number,
        name=found.name,
        **columns,
        birth_date=facts.get("birth_date") or None,
        contact_email=found.email,
        country=configuration.get(caisse, LocaleSection).country,
        language=found.language,
        created_at=clock.now(),
    )


def _who_accepted(found: Application) -> str:
    people = list_people(found.people)
    named: Someone | None = next((one for one in people if one.role == "representative"), None)
    return (named or people[0]).name if people else found.name


def _note(actor: Actor, found: Application, action: str, **data: str) -> None:
    record(
        actor=actor,
        action=action,
        object_type="application",
        object_id=found.id,
        data={"way": found.way, **data},
        for_party_id=found.party_id,
    )
