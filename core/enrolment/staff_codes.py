"""The code with which an employer's staff registers: made when the first leaflet is asked for, replaced at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.models import Party
from core.audit.services import record
from core.configuration import configuration
from core.enrolment.deciding import check_may_decide
from core.enrolment.models import StaffCode
from core.enrolment.section import EnrolmentSection
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from core.kernel.identifiers import group_code, new_readable_code
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from uuid import UUID

    from core.kernel.actors import Actor

LENGTH = 8
_EMPLOYERS = ("employer", "agent")


def is_used() -> bool:
    """Whether the open scope's caisse lets the staff of employers register with a code of theirs."""
    section = configuration.get(current_caisse(), EnrolmentSection)
    return section.is_open("private") and "employer" in section.private_codes


def may_have(party_id: UUID) -> bool:
    """Whether a party is one whose staff can register: an employer, or an agent, in force."""
    return Party.objects.filter(id=party_id, kind__in=_EMPLOYERS, state="active").exists()


def find_code(*, actor: Actor, party_id: UUID) -> str:
    """Return an employer's code as printed, empty while none was made; raises ``not_permitted``, ``not_found``."""
    _check(actor, party_id)
    found = StaffCode.objects.filter(party_id=party_id).first()
    return show(found.code) if found else ""


def get_code(*, actor: Actor, party_id: UUID) -> str:
    """Return an employer's code as printed, made at the first time; raises ``not_permitted``, ``not_found``."""
    _check(actor, party_id)
    found = StaffCode.objects.filter(party_id=party_id).first()
    return show(found.code if found else _make(actor, party_id))


def replace_code(*, actor: Actor, party_id: UUID) -> str:
    """Give an employer another code; leaflets with the earlier one open nothing any more. Raises as above."""
    _check(actor, party_id)
    _make(actor, party_id)
    return show(StaffCode.objects.get(party_id=party_id).code)


def show(code: str) -> str:
    """Return a code in groups of four."""
    return group_code(code).replace("-", " ")


def _check(actor: Actor, party_id: UUID) -> None:
    if not is_used() or not may_have(party_id):
        raise NotFound
    if actor.kind == "party":
        if "administrator" not in actor.roles or party_id not in {actor.party_id, actor.acting_party_id}:
            raise NotPermitted
        return
    check_may_decide(actor)


def _make(actor: Actor, party_id: UUID) -> str:
    code = new_readable_code(LENGTH)
    values = {"code": code, "made_at": clock.now(), "made_by_name": actor.name}
    StaffCode.objects.update_or_create(party_id=party_id, defaults=values)
    record(actor=actor, action="staff_code_made", object_type="party", object_id=party_id, for_party_id=party_id)
    return code
