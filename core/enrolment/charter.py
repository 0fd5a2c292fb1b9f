"""The charter that an applicant accepts: the terms of use in force for her kind of party."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.accounts.policy import caisse_today
from core.enrolment.errors import CharterChanged, CharterMissing
from core.terms import memory
from core.terms.answering import EarlierAnswer, get_text, record_earlier_acceptance
from core.terms.rules import in_force
from tenants.scope import current_caisse

if TYPE_CHECKING:
    from typing import Literal
    from uuid import UUID

    from core.enrolment.models import Application
    from core.kernel.actors import Actor
    from core.terms.memory import Published
    from core.terms.models import TermsText
    from tenants.scope import CaisseRef


@dataclass(frozen=True, slots=True)
class Charter:
    """One published version in the reader's language."""

    version: Published
    text: TermsText


def is_published(caisse: CaisseRef, party_kind: str) -> bool:
    """Whether there is a charter that such a party can accept today; costs no query."""
    return _current(caisse, party_kind) is not None


def get_charter(caisse: CaisseRef, party_kind: str, language: str) -> Charter:
    """Return the charter in force for a kind of party, in the open scope; raises ``charter_missing``."""
    version = _current(caisse, party_kind)
    if version is None:
        raise CharterMissing
    return Charter(version, get_text(version.id, language))


def check_is_current(party_kind: str, version_id: UUID | None, language: str, sha256: str) -> None:
    """Raise ``charter_changed`` unless this very text, by its digest, is the one in force in the open scope."""
    charter = get_charter(current_caisse(), party_kind, language)
    if (charter.version.id, charter.text.language, charter.text.sha256) != (version_id, language, sha256):
        raise CharterChanged


def bind_party(*, actor: Actor, application: Application, party_id: UUID, name: str) -> None:
    """Write the acceptance down for the party that the application came to."""
    if application.charter_id is None or application.accepted_at is None:
        return
    channel: Literal["portal", "counter"] = "counter" if application.way == "counter" else "portal"
    given = EarlierAnswer(
        version_id=application.charter_id,
        language=application.charter_language,
        sha256=application.charter_sha256,
        at=application.accepted_at,
        name=name,
        channel=channel,
        document_id=application.document_id if channel == "counter" else None,
    )
    record_earlier_acceptance(actor=actor, party_id=party_id, given=given)


def _current(caisse: CaisseRef, party_kind: str) -> Published | None:
    return in_force(memory.list_published(caisse, party_kind), caisse_today(caisse))
