"""The public form, step by step: number, charter, details, code by e-mail; what was done is kept in a draft.

Each step opens its own short scope and commits what was counted before it refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, transaction

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong
from core.accounts.models import Membership
from core.accounts.names import COMPANIES
from core.accounts.policy import caisse_language, sign_in_policy
from core.audit.services import record
from core.configuration import configuration
from core.enrolment import charter, limits
from core.enrolment.clearing import DRAFT_DAYS
from core.enrolment.entries import read_details
from core.enrolment.errors import (
    AccessExists,
    ApplicationGone,
    ApplicationOpen,
    ApplicationsLocked,
    CharterChanged,
    NumberUnknown,
    PartyNotChosen,
    WayClosed,
)
from core.enrolment.models import Application
from core.enrolment.numbers import find_parties, read_number
from core.enrolment.section import EnrolmentSection
from core.enrolment.texts import CONFIRM_EMAIL, RECEIVED
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.identifiers import new_readable_code
from core.notices.services import send_mail
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from core.accounts.limiter import Limit
    from core.accounts.models import Party
    from tenants.scope import CaisseRef

Step = Literal["charter", "details", "confirm"]
PURPOSE = "confirm_email"
REFERENCE = 8


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code by e-mail on its way; what the browser's session keeps of it, never the code itself."""

    id: UUID
    binding: str


def check_open(caisse: CaisseRef, way: str, party_kind: str = "") -> EnrolmentSection:
    """Return the caisse's settings; raises ``way_closed`` where it has not opened this way, or not for such parties."""
    section = configuration.get(caisse, EnrolmentSection)
    if not section.is_open(way) or (party_kind and party_kind not in section.kinds):
        raise WayClosed
    return section


def begin_application(*, caisse: CaisseRef, party_kind: str, typed: str, language: str, address: str) -> Application:
    """Begin an application with a number that is well formed; whether the caisse knows it is said at the end.

    Raises ``way_closed``, ``charter_missing``, ``applications_locked``, ``number_not_valid``.
    """
    check_open(caisse, "form", party_kind)
    with tenant_transaction(caisse):
        charter.get_charter(caisse, party_kind, language)
    _count(caisse, limits.BEGUN_BY_ADDRESS, address)
    number = read_number(caisse, party_kind, typed)
    with tenant_transaction(caisse):
        return Application.objects.create(
            way="form",
            kind=party_kind,
            reference=new_readable_code(REFERENCE),
            number=number,
            language=caisse_language(caisse, language),
            created_at=clock.now(),
        )


def get_draft(*, caisse: CaisseRef, application_id: UUID) -> Application:
    """Return an application that is still being filled in; raises ``application_gone``."""
    with tenant_transaction(caisse):
        found = _drafts().filter(id=application_id).first()
    if found is None:
        raise ApplicationGone
    return found


def step_of(application: Application) -> Step:
    """Return what comes next."""
    if application.accepted_at is None:
        return "charter"
    return "confirm" if application.certified_at else "details"


def answer_charter(
    *, caisse: CaisseRef, application: Application, accepted: bool, version_id: UUID | None, language: str, sha256: str
) -> None:
    """Keep the answer to the text with this digest; a refusal ends the application, and is kept.

    Raises ``charter_changed`` where it is not the text in force any more, or ``application_gone``.
    """
    with tenant_transaction(caisse):
        charter.check_is_current(application.kind, version_id, language, sha256)
        given = {"charter_id": version_id, "charter_language": language, "charter_sha256": sha256}
        state = "draft" if accepted else "declined"
        if not _drafts().filter(id=application.id).update(state=state, accepted_at=clock.now(), **given):
            raise ApplicationGone
        _note(application, "charter_accepted" if accepted else "charter_declined", sha256=sha256)


def save_details(*, caisse: CaisseRef, application: Application, typed: Mapping[str, str]) -> None:
    """Keep what was entered, certified by the applicant; raises what ``read_details`` raises, ``application_gone``."""
    details = read_details(caisse, application.kind, typed)
    with tenant_transaction(caisse):
        kept = _drafts().filter(id=application.id, accepted_at__isnull=False)
        if not kept.update(**details.columns, certified_at=clock.now(), email_confirmed_at=None):
            raise ApplicationGone


def reopen_details(*, caisse: CaisseRef, application: Application) -> None:
    """Go back to the entries, such as to mend the address to which the code goes."""
    with tenant_transaction(caisse):
        _drafts().filter(id=application.id).update(certified_at=None)


def send_code(*, caisse: CaisseRef, application: Application) -> SentCode:
    """Send a code to the address that was entered; earlier ones stop working. Raises ``applications_locked``."""
    _count(caisse, limits.CODE_SENT_BY_APPLICATION, str(application.id))
    _count(caisse, limits.CODE_SENT_BY_MAIL, application.email.lower())
    policy, binding = sign_in_policy(caisse), application.id.hex
    with tenant_transaction(caisse):
        issued = codes.issue_code(
            purpose=PURPOSE,
            user_id=None,
            binding=binding,
            minutes=policy.code_minutes,
            max_tries=policy.code_tries,
            subject=application.email[:100],
        )
        fields = {"code": issued.code, "minutes": str(policy.code_minutes)}
        send_mail(notice=CONFIRM_EMAIL, to=application.email, language=application.language, fields=fields)
    return SentCode(issued.id, binding)


def count_tries_left(*, caisse: CaisseRef, sent: SentCode) -> int:
    """Return how often the code that was sent may still be tried."""
    with tenant_transaction(caisse):
        return codes.count_tries_left(sent.id)


def confirm_and_submit(*, caisse: CaisseRef, application: Application, sent: SentCode, typed: str) -> Application:
    """Evaluate the code, and hand the application in with the right one.

    Raises ``code_wrong``, ``code_spent``, ``applications_locked``, and with the right code what is in the
    application's way: ``charter_changed``, ``number_unknown``, ``access_exists``, ``application_open``.
    """
    _count(caisse, limits.CODE_TRIED_BY_APPLICATION, str(application.id))
    with tenant_transaction(caisse):
        check = codes.check_code(code_id=sent.id, purpose=PURPOSE, binding=sent.binding, typed=codes.clean_code(typed))
        if check.outcome == "accepted" and codes.find_subject(sent.id) == application.email[:100]:
            _drafts().filter(id=application.id).update(email_confirmed_at=clock.now())
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted":
        raise CodeSpent
    return submit_application(caisse=caisse, application_id=application.id)


def submit_application(*, caisse: CaisseRef, application_id: UUID) -> Application:
    """Hand in an application whose address is confirmed; once, whoever presses twice. Raises as above."""
    try:
        with tenant_transaction(caisse):
            return _submit(application_id)
    except CharterChanged:
        # She is led back to read it again; nothing else of hers is lost.
        with tenant_transaction(caisse):
            _drafts().filter(id=application_id).update(accepted_at=None, charter_sha256="")
        raise


def find_party(application: Application) -> Party | None:
    """Return the one party that the number names, in the open scope; None for none, or for several."""
    kinds = ["employer", "agent"] if application.kind in COMPANIES else [application.kind]
    found = find_parties(current_caisse(), kinds, application.number)
    return found[0] if len(found) == 1 else None


def has_access(party_id: UUID) -> bool:
    """Whether somebody can act for a party already, or is invited to."""
    living = Membership.objects.filter(party_id=party_id, ended_at__isnull=True)
    return living.filter(user__state__in=["active", "invited", "blocked"]).exists()


def check_admissible(application: Application, party: Party | None) -> None:
    """Raise ``number_unknown``, ``party_not_chosen`` or ``access_exists`` where nobody could be admitted for it."""
    if party is None and configuration.get(current_caisse(), EnrolmentSection).must_be_known:
        kinds = ["employer", "agent"] if application.kind in COMPANIES else [application.kind]
        if not find_parties(current_caisse(), kinds, application.number):
            raise NumberUnknown
        if application.way == "counter":
            raise PartyNotChosen
    if party is not None and has_access(party.id):
        raise AccessExists


def _submit(application_id: UUID) -> Application:
    found = _drafts().select_for_update().filter(id=application_id, certified_at__isnull=False).first()
    if found is None or found.email_confirmed_at is None:
        raise ApplicationGone
    charter.check_is_current(found.kind, found.charter_id, found.charter_language, found.charter_sha256)
    party = find_party(found)
    check_admissible(found, party)
    put_in_line(found, party)
    fields = {"name": found.name, "reference": found.reference}
    send_mail(notice=RECEIVED, to=found.email, language=found.language, fields=fields)
    _note(found, "application_received", way=found.way)
    return found


def put_in_line(application: Application, party: Party | None) -> None:
    """Let the application wait for a clerk; raises ``application_open`` where another one of this number does."""
    now = clock.now()
    waiting = Application.objects.filter(id=application.id, state="draft")
    try:
        with transaction.atomic():
            put = waiting.update(state="open", submitted_at=now, party=party)
    except IntegrityError as error:
        raise ApplicationOpen from error
    if not put:
        raise ApplicationGone
    application.state, application.submitted_at, application.party = "open", now, party


def _drafts() -> QuerySet[Application]:
    since = clock.now() - timedelta(days=DRAFT_DAYS)
    return Application.objects.filter(state="draft", way="form", created_at__gt=since)


def _count(caisse: CaisseRef, limit: Limit, subject: str) -> None:
    with tenant_transaction(caisse):
        verdict = limiter.take(limit, subject)
    if not verdict.allowed:
        raise ApplicationsLocked(minutes=verdict.wait_minutes)


def _note(application: Application, action: str, **data: str) -> None:
    record(
        actor=Actor(kind="party", name=application.name),
        action=action,
        object_type="application",
        object_id=application.id,
        data=data,
        for_party_id=application.party_id,
    )
