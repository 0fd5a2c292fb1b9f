"""Reporting without being signed in: the password shows whose access it is, else a code by e-mail does.

Nobody blocks another one at will: a name alone does nothing, tries are limited by name, address and caisse, and the
page answers the same whether a name is known or not. A name is looked up by the worker that sends the code, so that
an unknown one costs as much time as a known one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong, PasswordRunOut, SignInRefused
from core.accounts.incidents.errors import HelpCodeNotSent, HelpLocked, HelpPasswordWrong
from core.accounts.incidents.services import Report, report_incident
from core.accounts.incidents.texts import HELP_CODE
from core.accounts.limits import HELP_BY_ACCOUNT, HELP_BY_ADDRESS, HELP_BY_CAISSE
from core.accounts.models import User
from core.accounts.names import resolve_name
from core.accounts.policy import sign_in_policy
from core.accounts.sign_in import verify_password
from core.kernel import clock
from core.kernel.actors import Actor
from core.notices.services import send_mail
from core.outbox import handlers
from core.outbox.services import enqueue
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.models import Incident
    from core.outbox.handlers import Job
    from tenants.scope import CaisseRef

TOPIC, PURPOSE = "accounts.help_code", "confirm_email"
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code on its way, if the name is known; what the browser's session keeps of it, never the code itself."""

    id: str
    binding: str
    name: str


def bind() -> None:
    """Bind this room's topic; called once when the platform starts."""
    handlers.register(TOPIC, look_up_and_send)


def report_with_password(*, caisse: CaisseRef, name: str, password: str, address: str, report: Report) -> Incident:
    """Take a report from somebody who knows her password.

    Raises ``sign_in_locked``, ``help_password_wrong``, ``incident_kind_missing``.
    """
    try:
        user = verify_password(caisse=caisse, name=name, password=password, address=address)
    except (SignInRefused, PasswordRunOut) as error:
        raise HelpPasswordWrong from error
    with tenant_transaction(caisse):
        return report_incident(actor=actor_of(user), user=user, report=report)


def send_help_code(*, caisse: CaisseRef, name: str, address: str) -> SentCode:
    """Make a code and have it sent to the address known of this name; raises ``help_locked``."""
    subject = resolve_name(caisse, name)[:150]
    with tenant_transaction(caisse):
        verdict = _take(subject, address)
    if not verdict.allowed:
        raise HelpLocked(minutes=verdict.wait_minutes)
    policy, binding = sign_in_policy(caisse), secrets.token_hex(16)
    with tenant_transaction(caisse):
        issued = codes.issue_code(
            purpose=PURPOSE,
            user_id=None,
            binding=binding,
            minutes=policy.code_minutes,
            max_tries=policy.code_tries,
        )
        secret = {"name": subject, "code": issued.code, "minutes": str(policy.code_minutes)}
        enqueue(topic=TOPIC, payload={}, secret=secret | {"good_until": issued.expires_at.isoformat()})
    return SentCode(str(issued.id), binding, subject)


def report_with_code(*, caisse: CaisseRef, sent: SentCode, typed: str, report: Report) -> Incident:
    """Evaluate one try, committed whatever comes of it; a right one takes the report.

    Raises ``code_wrong`` with the tries left, ``code_spent``, ``help_code_not_sent``, ``incident_kind_missing``.
    """
    with tenant_transaction(caisse):
        check = codes.check_code(
            code_id=UUID(sent.id), purpose=PURPOSE, binding=sent.binding, typed=codes.clean_code(typed)
        )
    if check.outcome == "wrong":
        raise CodeWrong(tries=check.tries_left)
    if check.outcome != "accepted":
        raise CodeSpent
    with tenant_transaction(caisse):
        user = User.objects.filter(sign_in_name=sent.name).first()
        if user is None:  # a code that nobody was sent cannot be typed
            raise HelpCodeNotSent
        return report_incident(actor=actor_of(user), user=user, report=report)


def look_up_and_send(job: Job) -> None:
    """Send the code where the name is known and has an e-mail address; do nothing otherwise."""
    secret = job.secret or {}
    if not secret or clock.now() >= datetime.fromisoformat(secret["good_until"]):
        return
    with tenant_transaction(job.caisse):
        user = User.objects.filter(sign_in_name=secret["name"]).exclude(state="left").first()
        to = user and (user.contact_email or (user.sign_in_name if "@" in user.sign_in_name else ""))
        if user is not None and to:
            fields = {"code": secret["code"], "minutes": secret["minutes"]}
            send_mail(notice=HELP_CODE, to=to, language=user.language, fields=fields)


def actor_of(user: User) -> Actor:
    """Return the actor that somebody is for her own access."""
    return Actor(kind="party", name=user.name, user_id=user.id)


def _take(subject: str, address: str) -> limiter.Verdict:
    # The address first: one that is refused must not use up a name's or the caisse's tries as well.
    for limit, whose in ((HELP_BY_ADDRESS, address), (HELP_BY_ACCOUNT, subject), (HELP_BY_CAISSE, EVERYBODY)):
        verdict = limiter.take(limit, whose)
        if not verdict.allowed:
            break
    return verdict
