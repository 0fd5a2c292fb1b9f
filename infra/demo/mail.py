"""Living mail for the demo: last year's declaration, a question, announcements in several states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.accounts.seats import build_actor, build_staff_actor
from core.catalogue import registry
from core.kernel import clock
from core.messaging import desk, drafts, jobs, rows, sending
from core.messaging.findings import justify_finding, list_findings
from core.messaging.models import Message
from core.outbox.services import drain
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from infra.demo.cast import Cast
    from tenants.scope import CaisseRef

STAFF: tuple[tuple[str | None, str, str, str, str, str, str], ...] = (
    ("756.9217.0769.85", "Exemple", "Anne", "1988-03-14", "F", "FR", "82100.00"),
    ("756.1234.5678.97", "Muster", "Beat", "1979-11-02", "M", "BE", "98400.00"),
    (None, "Perret", "Nadia", "2001-06-30", "F", "FR", "54200.00"),
    (None, "Dubois", "Paul", "1966-01-20", "M", "FR", "61300.00"),
)


def fill(caisse: CaisseRef, cast: Cast, *, declared_year: int | None = None) -> None:
    """Make the mail of one caisse, once; a caisse that has messages is left alone.

    The declaration in it is that of the year before last, unless another is named.
    """
    with tenant_transaction(caisse):
        if Message.objects.exists():
            return
        staff = cast.users["elena"].staff
        clerk = build_staff_actor(cast.users["elena"], staff, caisse=caisse, assurance_level=2)
        anne = build_actor(cast.users["anne"], cast.parties["factory"].id, assurance_level=2)
    declared = _declare(caisse, anne, declared_year or clock.now().year - 2)
    with tenant_transaction(caisse):
        taken = desk.take_message(actor=clerk, message=declared)
        desk.close_message(actor=clerk, message=taken, note="")
    if "employees" in anne.rights:
        _announce(caisse, anne, clerk)


def _declare(caisse: CaisseRef, actor: Actor, year: int) -> Message:
    """A year's declaration, sent through the same services as everybody's."""
    with tenant_transaction(caisse):
        draft = drafts.start_draft(
            actor=actor,
            message_type=registry.get_type("salary_declaration.annual"),
            party_id=actor.party_id,  # type: ignore[arg-type]  # a party's actor has one
        )
        payload = {
            "year": year,
            "enterprise_number": "CHE-123.456.788",
            "accident_insurer": "Assurance Exemple SA",
            "pension_fund": "Caisse LPP Exemple",
            "contact_name": actor.name,
        }
        draft = drafts.save_draft(actor=actor, message=draft, revision=draft.revision, payload=payload)
        rows.add_rows(message=draft, many=[_row(person) for person in STAFF])
        draft = jobs.invalidate(actor=actor, message=draft, revision=draft.revision)
        jobs.request_check(actor=actor, message=draft)
    return _send_checked(caisse, actor, draft)


def _send_checked(caisse: CaisseRef, actor: Actor, draft: Message) -> Message:
    drain(caisse=caisse, limit=20)
    with tenant_transaction(caisse):
        draft = Message.objects.select_related("party").get(id=draft.id)
        for line in list_findings(draft, limit=100):
            if line.finding.severity == "justify":
                justify_finding(
                    actor=actor, message=draft, finding=line.finding, reason="Annoncé séparément à la caisse."
                )
        sending.send_message(actor=actor, message=draft, revision=draft.revision, confirmed=True, language="fr")
        return Message.objects.select_related("party").get(id=draft.id)


def _row(person: tuple[str | None, ...]) -> dict[str, Any]:
    number, last_name, first_name, birth_date, sex, canton, wage = person
    return {
        "ahv_number": number,
        "last_name": last_name,
        "first_name": first_name,
        "birth_date": birth_date,
        "sex": sex,
        "canton": canton,
        "ahv_income": wage,
        "alv_income": wage,
    }


def _announce(caisse: CaisseRef, actor: Actor, clerk: Actor) -> None:
    sent = _send_entry(caisse, actor, "Rossier", "Mia", "2004-05-12")
    with tenant_transaction(caisse):
        taken = desk.take_message(actor=clerk, message=sent)
        desk.ask_back(
            actor=clerk,
            message=taken,
            question="Le canton de travail est-il bien Fribourg ? Le contrat mentionne Berne.",
            pointers=[{"field": "canton"}],
            due_on=(clock.now() + timedelta(days=20)).date(),
        )
    _send_entry(caisse, actor, "Favre", "Léa", "1999-02-03")
    with tenant_transaction(caisse):
        drafts.start_draft(
            actor=actor,
            message_type=registry.get_type("employees.exit"),
            party_id=actor.party_id,  # type: ignore[arg-type]  # a party's actor has one
            payload={"last_name": "Dubois", "first_name": "Paul"},
        )


def _send_entry(caisse: CaisseRef, actor: Actor, last_name: str, first_name: str, birth_date: str) -> Message:
    with tenant_transaction(caisse):
        draft = drafts.start_draft(
            actor=actor,
            message_type=registry.get_type("employees.entry"),
            party_id=actor.party_id,  # type: ignore[arg-type]  # a party's actor has one
            payload={
                "last_name": last_name,
                "first_name": first_name,
                "birth_date": birth_date,
                "sex": "F",
                "nationality": "CH",
                "entry_date": datetime.now(UTC).date().isoformat(),
                "canton": "FR",
            },
        )
        draft = jobs.check_now(actor=actor, message=draft)
        sending.send_message(actor=actor, message=draft, revision=draft.revision, confirmed=True, language="fr")
        return Message.objects.select_related("party").get(id=draft.id)
