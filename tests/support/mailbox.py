"""The people of a mailbox and what lies in it, made by the product's own services."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY

from core.accounts.models import Mandate, Party, StaffMember, User
from core.accounts.seats import build_actor, build_staff_actor
from core.accounts.sessions import METHODS_KEY, SessionStore
from core.catalogue import registry
from core.kernel import clock
from core.messaging import counters, desk, drafts, findings, jobs, rows, sending
from core.messaging.models import Counter, Message
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.people import new_mandate, new_member, new_party, new_staff, new_user

if TYPE_CHECKING:
    from datetime import date

    from core.catalogue.types import MessageType
    from core.kernel.actors import Actor
    from core.messaging.models import Receipt
    from tenants.scope import CaisseRef

SALARY, ENTRY, DUPLICATE = "salary_declaration.annual", "employees.entry", "employees.duplicate"
PERSON = {
    "ahv_number": "756.9217.0769.85",
    "last_name": "Exemple",
    "first_name": "Nina",
    "birth_date": "1990-05-04",
}
SOUND = {
    ENTRY: {**PERSON, "sex": "F", "nationality": "CH", "entry_date": "2025-10-01", "canton": "FR"},
    DUPLICATE: {**PERSON, "reason": "lost"},
}
YEAR = {"year": 2025, "accident_insurer": "Suva", "pension_fund": "Fonds"}
WAGE = {**PERSON, "sex": "F", "canton": "FR", "ahv_income": "84500.00", "alv_income": "84500.00"}
SECOND_WAGE = WAGE | {"ahv_number": "756.1234.5678.97", "first_name": "Paul", "sex": "M"}
REASON = "Vérifié avec le service du personnel."


@dataclass
class Office:
    """One caisse's people: an employer with two users, her fiduciary with two, clerks, an auditor, a stranger."""

    caisse: CaisseRef
    users: dict[str, User] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)

    def actor(self, name: str = "anne", party: str = "factory", level: int = 2) -> Actor:
        """Return somebody acting for a party."""
        with tenant_transaction(self.caisse):
            return build_actor(self.users[name], self.parties[party].id, assurance_level=level)

    def clerk(self, name: str = "elena") -> Actor:
        """Return somebody at the desk."""
        with tenant_transaction(self.caisse):
            staff = StaffMember.objects.select_related("user").get(user=self.users[name])
            return build_staff_actor(staff.user, staff, caisse=self.caisse, assurance_level=2)

    def browser(self, name: str | None = None, *methods: str, **extra: Any) -> Browser:
        """Return a browser at this caisse, signed in as somebody by password and SMS unless told otherwise."""
        client = Browser(HTTP_HOST=f"{self.caisse.slug}.localhost", **extra)
        if name:
            client.cookies["relais_session"] = sign_in(self.caisse, self.users[name], *methods)
        return client

    def url(self, rest: str = "", party: str = "factory") -> str:
        """Return the address of a party's page."""
        return f"/p/{self.parties[party].id}/{rest}"


def open_office(caisse: CaisseRef) -> Office:
    """Make the cast of one caisse."""
    office = Office(caisse)
    for name in ("anne", "beat", "claire", "dario", "elena", "felix", "gilles", "greta", "hugo", "nobody"):
        office.users[name] = new_user(name)
    for key, kind in {"factory": "employer", "bakery": "employer", "firm": "agent", "elsewhere": "employer"}.items():
        office.parties[key] = new_party(key.title(), kind=kind)
    with tenant_transaction(caisse):
        # Table by table: hundreds of tests begin with this cast.
        for rows in (office.users.values(), office.parties.values(), *_connect(office.users, office.parties)):
            listed = list(rows)
            type(listed[0])._default_manager.bulk_create(listed)
    return office


def _connect(users: dict[str, User], parties: dict[str, Party]) -> tuple[list[Any], ...]:
    mandates = [
        *map(new_mandate, parties.values()),
        new_mandate(parties["firm"], parties["factory"]),
        new_mandate(parties["firm"], parties["bakery"], themes=["employees"]),
    ]
    members = [
        new_member(users["anne"], parties["factory"]),
        new_member(users["beat"], parties["factory"], role="member", themes=["employees"]),
        new_member(users["claire"], parties["firm"]),
        new_member(users["dario"], parties["firm"], role="member", clients=[parties["bakery"].id]),
        new_member(users["hugo"], parties["elsewhere"]),
    ]
    staff = [
        new_staff(users["elena"], "clerk"),
        new_staff(users["felix"], "clerk", themes=["employees"]),
        new_staff(users["greta"], "auditor"),
        new_staff(users["gilles"], "administrator"),
    ]
    return mandates, members, staff


def end_mandate(office: Office, party: str) -> None:
    """Let the fiduciary's mandate for a client end, as a client does."""
    with tenant_transaction(office.caisse):
        Mandate.objects.filter(acting_party=office.parties["firm"], for_party=office.parties[party]).update(
            valid_until="2020-02-01"
        )


def sign_in(caisse: CaisseRef, user: User, *methods: str) -> str:
    """Return the key of a session as a sign-in leaves it."""
    store = SessionStore(caisse=caisse)
    store[SESSION_KEY] = str(user.id)
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    at = clock.now().timestamp()
    store[METHODS_KEY] = [{"method": method, "at": at} for method in methods or ("password", "sms_code")]
    store.save()
    return str(store.session_key)


def type_of(key: str) -> MessageType:
    """Return a message type in its newest version."""
    return registry.get_type(key)


def draft(actor: Actor, key: str = ENTRY, **payload: Any) -> Message:
    """Begin a sound message within the open scope."""
    entries = {**SOUND.get(key, {}), **payload}
    return drafts.start_draft(actor=actor, message_type=type_of(key), party_id=actor.party_id, payload=entries)


def send(actor: Actor, message: Message) -> Receipt:
    """Check, justify and send a message without rows, within the open scope."""
    message.refresh_from_db()
    checked = jobs.check_now(actor=actor, message=message)
    justify_all(actor, checked)
    return sending.send_message(actor=actor, message=checked, revision=checked.revision, confirmed=True, language="fr")


def sent(actor: Actor, key: str = ENTRY, **payload: Any) -> Message:
    """Return a message that was sent just now, within the open scope."""
    message = draft(actor, key, **payload)
    send(actor, message)
    return current(message)


def ask(office: Office, name: str = "anne", due_on: date | None = None) -> Message:
    """Let the caisse ask something about a message that somebody sent for the factory; return the request."""
    elena = office.clerk()
    with tenant_transaction(office.caisse):
        message = sent(build_actor(office.users[name], office.parties["factory"].id, assurance_level=2), DUPLICATE)
        taken = desk.take_message(actor=elena, message=message)
        return desk.ask_back(actor=elena, message=taken, question="Depuis quand ?", pointers=[], due_on=due_on)


def replace(actor: Actor, before: Message) -> Message:
    """Send a message in the place of an earlier one, within the open scope."""
    after = drafts.start_draft(
        actor=actor, message_type=type_of(before.type_key), party_id=actor.party_id, substitutes=current(before)
    )
    send(actor, after)
    return current(after)


def fill_salary(office: Office, actor: Actor, message: Message, *wages: dict[str, Any]) -> Message:
    """Enter year and rows, have them checked by the worker, write the reasons that are asked for."""
    with tenant_transaction(office.caisse):
        message = drafts.save_draft(actor=actor, message=message, revision=message.revision, payload=YEAR)
        rows.add_rows(message=message, many=wages or (WAGE, SECOND_WAGE))
        message = jobs.invalidate(actor=actor, message=message, revision=message.revision)
    return check(office, actor, message)


def check(office: Office, actor: Actor, message: Message) -> Message:
    """Have the present contents checked by the worker, and write the reasons that are asked for."""
    with tenant_transaction(office.caisse):
        jobs.request_check(actor=actor, message=current(message))
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        message = current(message)
        justify_all(actor, message)
    return message


def justify_all(actor: Actor, message: Message) -> None:
    """Write a reason wherever one is asked, within the open scope."""
    for line in findings.list_findings(message, severity="justify", limit=1000):
        if line.reason is None:
            findings.justify_finding(actor=actor, message=message, finding=line.finding, reason=REASON)


def current(message: Message) -> Message:
    """Return a message as it now stands, within the open scope."""
    return Message.objects.select_related("party").get(id=message.id)


def counts(office: Office) -> dict[str, int]:
    """Return what the counters say per box, after proving that they equal a recount."""
    with tenant_transaction(office.caisse):
        stored = {
            (str(one.party_id), one.theme, one.type_key, one.box): one.n for one in Counter.objects.filter(n__gt=0)
        }
        assert stored == counters.recount()
    boxes: dict[str, int] = {}
    for (_party, _theme, _type, box), number in stored.items():
        boxes[box] = boxes.get(box, 0) + number
    return boxes


def take_mails() -> list[dict[str, Any]]:
    """Return the e-mails that left since the last call, by address, and empty the embedded outbox."""
    kept = []
    for path in sorted(Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")):
        kept.append(json.loads(path.read_text()))
        path.unlink()
    return sorted((one for one in kept if one["kind"] == "mail"), key=lambda one: one["to"])
