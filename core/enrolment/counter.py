"""At the counter: the clerk writes down an application whose charter was signed on paper, and keeps the paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.policy import caisse_language, caisse_today
from core.audit.services import record
from core.documents.models import Document
from core.documents.services import Placement, record_upload
from core.enrolment import charter
from core.enrolment.deciding import check_may_decide
from core.enrolment.errors import CharterMissing, SignedWhen
from core.enrolment.joining import REFERENCE, check_admissible, check_open, find_party, put_in_line
from core.enrolment.models import Application
from core.kernel import clock
from core.kernel.identifiers import new_readable_code
from core.terms.on_paper import SIGNED_CHARTER, noon_of
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from datetime import date

    from core.documents.storing import StoredFile
    from core.enrolment.charter import Charter
    from core.enrolment.entries import Details
    from core.kernel.actors import Actor


def record_application(
    *,
    actor: Actor,
    party_kind: str,
    number: str,
    details: Details,
    language: str,
    signed_on: date | None,
    paper: StoredFile | None = None,
) -> Application:
    """Write an application down that was signed at the counter; it waits like any other. In the caller's scope.

    ``paper`` is the scan of what was signed, stored before. Raises ``not_permitted``, ``way_closed``,
    ``signed_when``, ``charter_missing``, ``number_unknown``, ``party_not_chosen``, ``access_exists``,
    ``application_open``.
    """
    check_may_decide(actor)
    check_open(current_caisse(), "counter", party_kind)
    signed = _find_signed(party_kind, language, signed_on)
    found = _write(party_kind, number, details, signed)
    party = find_party(found)
    check_admissible(found, party)
    put_in_line(found, party)
    if paper is not None:
        _keep(actor, found, paper)
    record(
        actor=actor,
        action="application_recorded",
        object_type="application",
        object_id=found.id,
        data={"way": "counter", "signed_on": signed.on.isoformat()},
        for_party_id=found.party_id,
    )
    return found


@dataclass(frozen=True, slots=True)
class _Signed:
    """What was signed on paper, when, and in which language the applicant is spoken to."""

    text: Charter
    on: date
    language: str


def _find_signed(party_kind: str, language: str, signed_on: date | None) -> _Signed:
    caisse = current_caisse()
    spoken = caisse_language(caisse, language)
    text = charter.get_charter(caisse, party_kind, spoken)
    if signed_on is None or signed_on > caisse_today(caisse):
        raise SignedWhen
    if text.version.valid_from > signed_on:
        raise CharterMissing
    return _Signed(text, signed_on, spoken)


def _write(party_kind: str, number: str, details: Details, signed: _Signed) -> Application:
    now = clock.now()
    return Application.objects.create(
        way="counter",
        kind=party_kind,
        reference=new_readable_code(REFERENCE),
        number=number,
        language=signed.language,
        **details.columns,
        certified_at=now,
        charter_id=signed.text.version.id,
        charter_language=signed.text.text.language,
        charter_sha256=signed.text.text.sha256,
        accepted_at=noon_of(signed.on),
        created_at=now,
    )


def find_paper(application: Application) -> Document | None:
    """Return the scan of the signed charter, in the open scope."""
    return Document.objects.filter(id=application.document_id).first() if application.document_id else None


def _keep(actor: Actor, found: Application, paper: StoredFile) -> None:
    placement = Placement(kind=SIGNED_CHARTER, party_id=found.party_id)
    document = record_upload(actor=actor, stored=paper, placement=placement)
    Application.objects.filter(id=found.id).update(document_id=document.id)
    found.document_id = document.id
