"""Taking a report about somebody's access: it is blocked at once, what is open ends, whom it concerns is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from core.accounts.ending import end_access
from core.accounts.incidents.errors import IncidentKindMissing
from core.accounts.incidents.texts import EFFECTS, REPORTED, TO_CAISSE, TO_COMPANY
from core.accounts.models import ApiToken, Incident, Membership, Session, User
from core.accounts.models.incidents import INCIDENT_KINDS
from core.accounts.policy import caisse_now
from core.accounts.staff.selectors import list_administrators
from core.audit.services import record
from core.kernel import clock
from core.kernel.identifiers import group_code, new_readable_code
from core.notices.services import send_mail
from tenants.portal import portal_url
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar

REFERENCE_LENGTH, LONGEST_NOTE = 8, 500
REASON = "incident"


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports. ``proof`` says how she showed that it concerns her; ``place`` and ``device`` whence."""

    kind: str
    proof: str
    note: str = ""
    block: bool = True
    language: str = "fr"
    place: str = ""
    device: str = ""


def report_incident(*, actor: Actor, user: User, report: Report, keep_session: UUID | None = None) -> Incident:
    """Take a report within the caller's scope, and block the access unless she wishes to keep it.

    Only a suspicious request leaves the access open, and then ``keep_session`` goes on. A second report while the
    access is blocked gives the first one again. Raises ``incident_kind_missing``.
    """
    if report.kind not in INCIDENT_KINDS:
        raise IncidentKindMissing
    blocks = report.block or report.kind != "suspicious"
    if blocks and (earlier := find_block(user.id)) is not None:
        return earlier
    try:
        with transaction.atomic():
            made = _create(actor, user, report, blocks=blocks)
    except IntegrityError:  # reported in another window at the same moment
        return Incident.objects.get(user_id=user.id, blocked=True, recovered_at__isnull=True)
    _end(actor, made, keep_session=None if blocks else keep_session)
    _note(actor, made)
    _tell(made, user)
    return made


def find_block(user_id: UUID) -> Incident | None:
    """Return the report by which somebody's access is blocked now; one that was opened otherwise is settled by this."""
    found = Incident.objects.select_related("user").filter(user_id=user_id, blocked=True, recovered_at__isnull=True)
    earlier = found.first()
    if earlier is None or earlier.user.state == "blocked":
        return earlier
    found.update(recovered_at=clock.now())
    return None


def _create(actor: Actor, user: User, report: Report, *, blocks: bool) -> Incident:
    now, reference = clock.now(), group_code(new_readable_code(REFERENCE_LENGTH))
    if blocks:
        usable = User.objects.filter(id=user.id, state__in=["active", "invited"])
        usable.update(state="blocked", state_changed_at=now, state_reason=f"{REASON} {reference}")
    return Incident.objects.create(
        reference=reference,
        kind=report.kind,
        user=user,
        proof=report.proof,
        note=" ".join(report.note.split())[:LONGEST_NOTE],
        blocked=blocks,
        reported_at=now,
        reported_by=actor.name,
        language=report.language,
        place=report.place,
        device=report.device,
    )


def _end(actor: Actor, made: Incident, keep_session: UUID | None) -> None:
    live = Session.objects.filter(user_id=made.user_id, ended_at__isnull=True)
    tokens = ApiToken.objects.filter(user_id=made.user_id, revoked_at__isnull=True)
    made.ended_sessions = (live.exclude(id=keep_session) if keep_session else live).count()
    made.ended_tokens = tokens.count() if made.blocked else 0
    end_access(actor=actor, user_id=made.user_id, reason=REASON, keep_session=keep_session, tokens=made.blocked)
    Incident.objects.filter(id=made.id).update(ended_sessions=made.ended_sessions, ended_tokens=made.ended_tokens)


def _note(actor: Actor, made: Incident) -> None:
    """Write the report into her own history, and into that of every party in whose name she could act."""
    data: dict[str, Scalar] = {"reference": made.reference, "kind": made.kind, "proof": made.proof}
    data["blocked"] = made.blocked
    record(actor=actor, action="incident_reported", object_type="user", object_id=made.user_id, data=data)
    for party_id in _places(made.user_id).values_list("party_id", flat=True).distinct():
        record(
            actor=actor,
            action="incident_reported",
            object_type="incident",
            object_id=made.id,
            data=data,
            for_party_id=party_id,
        )


def _tell(made: Incident, user: User) -> None:
    caisse = current_caisse()
    to = {"reference": made.reference}
    if user.contact_email:
        with translation.override(user.language):
            effect = gettext(EFFECTS[made.blocked])
        fields = to | {"at": _at(made, user.language), "effect": effect}
        send_mail(notice=REPORTED, to=user.contact_email, language=user.language, fields=fields)
    for one, party_id in _list_company_administrators(made.user_id):
        link = f"{portal_url(caisse)}/p/{party_id}/company/incidents/"
        fields = to | {"at": _at(made, one.language), "link": link}
        send_mail(notice=TO_COMPANY, to=str(one.contact_email), language=one.language, fields=fields)
    for one in list_administrators():
        fields = to | {"at": _at(made, one.language), "link": f"{portal_url(caisse)}/clerk/incidents/{made.id}/"}
        send_mail(notice=TO_CAISSE, to=str(one.contact_email), language=one.language, fields=fields)


def _at(made: Incident, language: str) -> str:
    with translation.override(language):
        return date_format(caisse_now(current_caisse(), made.reported_at), "DATETIME_FORMAT")


def _places(user_id: UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(user_id=user_id, ended_at__isnull=True)


def _list_company_administrators(user_id: UUID) -> list[tuple[User, UUID]]:
    """Return who else administers the companies that she works in, each once."""
    found = Membership.objects.select_related("user").filter(
        party_id__in=_places(user_id).values("party_id"),
        role="administrator",
        ended_at__isnull=True,
        user__state="active",
        user__contact_email__gt="",
    )
    chosen = {one.user_id: (one.user, one.party_id) for one in found.exclude(user_id=user_id).order_by("created_at")}
    return list(chosen.values())
