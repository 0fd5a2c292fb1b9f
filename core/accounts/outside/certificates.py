"""Client certificates: registered by their holder or a clerk, found at a sign-in, removed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from core.accounts import limiter
from core.accounts.errors import SignInLocked
from core.accounts.limits import SIGN_IN_BY_ADDRESS
from core.accounts.models import OutsideKey, User
from core.accounts.outside import proxy
from core.accounts.outside.errors import (
    CertificateMissing,
    CertificateNotTrusted,
    CertificatesNotServed,
    CertificateTaken,
    CertificateUnknown,
    FingerprintNotValid,
)
from core.accounts.outside.telling import tell_added
from core.accounts.policy import sign_in_policy
from core.audit.services import record
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotFound
from tenants.scope import current_caisse, tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from core.accounts.outside.proxy import Certificate
    from tenants.scope import CaisseRef

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_DOOR = Actor.system("sign-in")


def is_offered(caisse: CaisseRef) -> bool:
    """Whether people may sign in here by certificate: the caisse wants it and the installation's proxy can."""
    return proxy.is_served() and "certificate" in sign_in_policy(caisse).factors


def present_certificate(request: HttpRequest) -> Certificate:
    """Return what the browser presents; raises ``certificate_missing``, ``certificate_not_trusted``."""
    found = proxy.read_certificate(request)
    if found is not None:
        return found
    raise CertificateNotTrusted if proxy.was_refused(request) else CertificateMissing


def verify_certificate(*, caisse: CaisseRef, certificate: Certificate, address: str) -> User:
    """Return the active user whose certificate this is, and note its use; committed before this returns or raises.

    Raises ``certificates_not_served``, ``sign_in_locked``, ``certificate_unknown``: also for a removed one, for
    a blocked account, and where one name stands for several people.
    """
    if not is_offered(caisse):
        raise CertificatesNotServed
    with tenant_transaction(caisse):
        verdict = limiter.take(SIGN_IN_BY_ADDRESS, address)
        found = _find(caisse, certificate) if verdict.allowed else None
        if found is not None:
            limiter.give_back(SIGN_IN_BY_ADDRESS, address)
            _note_use(found, certificate)
        elif verdict.allowed or verdict.first_refusal:
            reason = {"reason": "certificate" if verdict.allowed else "limited"}
            record(actor=_DOOR, action="sign_in_refused", object_type="user", object_id=None, data=reason)
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    if found is None:
        raise CertificateUnknown
    return found.user


def register_certificate(*, actor: Actor, user_id: UUID, certificate: Certificate) -> OutsideKey:
    """Let a certificate open an account, as its holder presents it.

    Where the caisse knows certificates by their names, one with a name that stands for somebody
    else is refused. Raises ``certificates_not_served``, ``certificate_taken``.
    """
    _check_offered()
    others = _live().filter(issuer=certificate.issuer, subject=certificate.subject).exclude(user_id=user_id)
    if _by_subject(current_caisse()) and others.exists():
        raise CertificateTaken
    return _add(
        actor,
        user_id,
        fingerprint=certificate.fingerprint,
        issuer=certificate.issuer,
        subject=certificate.subject,
        label=certificate.label,
        valid_until=certificate.valid_until,
    )


def enter_fingerprint(*, actor: Actor, user_id: UUID, typed: str, label: str = "") -> OutsideKey:
    """Let the certificate with this fingerprint open a user's account; by the caisse's people, on proof at the counter.

    Raises ``not_found`` for whom no party's user is, ``fingerprint_not_valid``, ``certificate_taken``.
    """
    _check_offered()
    fingerprint = re.sub(r"[\s:]", "", typed).lower()
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise FingerprintNotValid
    if not may_enter(actor) or not User.objects.filter(id=user_id, staff__isnull=True).exists():
        raise NotFound  # the caisse's own people present theirs themselves: no clerk opens another's account
    return _add(actor, user_id, fingerprint=fingerprint, label=" ".join(label.split())[:200])


def may_enter(actor: Actor) -> bool:
    """Whether an actor may enter and remove the certificates of a party's users: a clerk or administrator."""
    return actor.kind == "clerk" and bool(actor.roles & {"clerk", "administrator"})


def remove_key(*, actor: Actor, key_id: UUID, user_id: UUID) -> None:
    """Make a certificate or linked account useless at once; repeatable. Raises ``not_found`` for a foreign one."""
    found = OutsideKey.objects.filter(id=key_id, user_id=user_id).first()
    if found is None or (actor.user_id != user_id and not may_enter(actor)):
        raise NotFound
    live = OutsideKey.objects.filter(id=key_id, revoked_at__isnull=True)
    if live.update(revoked_at=clock.now(), revoked_by=actor.user_id):
        record(actor=actor, action=f"{found.kind}_removed", object_type="user", object_id=user_id)


def forget_keys(user_id: UUID) -> int:
    """Make every certificate and linked account of somebody useless, within the scope in which she is enrolled anew.

    Whoever was in her account may have added one of his own; return how many there were.
    """
    live = OutsideKey.objects.filter(user_id=user_id, revoked_at__isnull=True)
    return live.update(revoked_at=clock.now())


def list_keys(user_id: UUID, kind: str) -> list[OutsideKey]:
    """Return what opens a user's account, newest first, without what was removed."""
    return list(OutsideKey.objects.filter(user_id=user_id, kind=kind, revoked_at__isnull=True).order_by("-created_at"))


def _find(caisse: CaisseRef, certificate: Certificate) -> OutsideKey | None:
    known = _live().filter(user__state="active").select_related("user")
    exact = known.filter(fingerprint=certificate.fingerprint).first()
    if exact is not None or not _by_subject(caisse):
        return exact
    named = list(known.filter(issuer=certificate.issuer, subject=certificate.subject).order_by("-created_at"))
    return named[0] if len({one.user_id for one in named}) == 1 else None


def _note_use(found: OutsideKey, certificate: Certificate) -> None:
    values: dict[str, object] = {"last_used_at": clock.now()}
    if found.fingerprint == certificate.fingerprint and not found.subject:
        values |= {"subject": certificate.subject, "issuer": certificate.issuer}
        values |= {"valid_until": certificate.valid_until, "label": found.label or certificate.label}
    OutsideKey.objects.filter(id=found.id).update(**values)


def _add(actor: Actor, user_id: UUID, **values: object) -> OutsideKey:
    try:
        with transaction.atomic():
            made = OutsideKey.objects.create(
                kind="certificate", user_id=user_id, created_at=clock.now(), created_by=actor.user_id, **values
            )
    except IntegrityError:
        raise CertificateTaken from None
    record(actor=actor, action="certificate_registered", object_type="user", object_id=user_id)
    tell_added(made)
    return made


def _live() -> QuerySet[OutsideKey]:
    return OutsideKey.objects.filter(kind="certificate", revoked_at__isnull=True)


def _by_subject(caisse: CaisseRef) -> bool:
    return sign_in_policy(caisse).certificate_match == "subject"


def _check_offered() -> None:
    if not is_offered(current_caisse()):
        raise CertificatesNotServed
