"""Setting up, naming and removing a person's own factors; she is told of each by e-mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext

from core.accounts.codes import clean_code
from core.accounts.errors import FactorLast, FactorsMany, OneTimePasswordWrong, PasskeyKnown, PasskeyUnusable
from core.accounts.factors import passkeys, recovery, totp, webauthn
from core.accounts.factors.registry import list_enrolled
from core.accounts.factors.sealing import offer_secret, seal, unseal
from core.accounts.factors.totp_codes import find_step
from core.accounts.levels import KNOWLEDGE, ONE_TIME_PASSWORD
from core.accounts.models import EnrolledFactor, User
from core.accounts.policy import sign_in_policy
from core.accounts.sessions import end_sessions
from core.accounts.texts import FACTOR_ADDED, FACTOR_REMOVED
from core.audit.services import record
from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.text import N_
from core.notices.services import send_mail
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from core.accounts.factors.sealing import Offer
    from core.accounts.factors.webauthn import Challenge
    from core.kernel.actors import Actor
    from core.notices.texts import Notice
    from tenants.scope import CaisseRef

# An app and a passkey for each device; more would be a list that nobody keeps in order.
MOST = 10
LONGEST_LABEL = 100
SETTING_UP = timedelta(minutes=60)
_IN_FORM = b"relais-totp-new"
_WHAT = {
    totp.KIND: N_("app for one-time passwords"),
    passkeys.KIND: N_("passkey"),
    recovery.KIND: N_("recovery codes"),
}


def list_own(user: User) -> list[EnrolledFactor]:
    """Return her apps and passkeys, the oldest first, within an open scope; recovery codes are only counted."""
    return list(EnrolledFactor.objects.filter(user=user).exclude(kind=recovery.KIND).order_by("created_at", "id"))


def access_factor(user: User, factor_id: UUID) -> EnrolledFactor:
    """Return one of her apps or passkeys, within an open scope; raises ``NotFound``."""
    row = EnrolledFactor.objects.filter(user=user, pk=factor_id).exclude(kind=recovery.KIND).first()
    if row is None:
        raise NotFound
    return row


def get_level_to_change(caisse: CaisseRef, user: User) -> int:
    """Return how strongly she must have proved who she is before she changes her factors, within an open scope.

    As strongly as the best that she has, so that who holds only a weaker one cannot take the place of the stronger;
    a one-time password is enough for a passkey, whose device may be the one that was lost.
    """
    enrolled = list_enrolled(caisse, user)
    return min(enrolled[0].level, ONE_TIME_PASSWORD) if enrolled else KNOWLEDGE


def offer_app(*, caisse: CaisseRef, user: User, sealed: str = "") -> Offer:
    """Return a new secret for her app, or the one of the form that comes back."""
    issuer = configuration.get(caisse, BrandingSection).short_name or caisse.slug
    known = unseal(_IN_FORM, user.id, sealed.encode(), valid=SETTING_UP)
    return offer_secret(_IN_FORM, user.id, known=known, account=user.sign_in_name, issuer=issuer)


def add_app(*, actor: Actor, caisse: CaisseRef, user: User, label: str, sealed: str, typed: str) -> EnrolledFactor:
    """Set up an app, once a one-time password shows that it works. Raises ``OneTimePasswordWrong``, ``FactorsMany``."""
    proved = prove_app(user=user, sealed=sealed, typed=typed)
    with tenant_transaction(caisse):
        row = keep_app(actor=actor, user=user, label=label, proved=proved)
        _tell(user, FACTOR_ADDED, row.kind)
    return row


def prove_app(*, user: User, sealed: str, typed: str) -> tuple[str, int]:
    """Return a new app's secret and the step of the one-time password; raises ``OneTimePasswordWrong``."""
    secret = unseal(_IN_FORM, user.id, sealed.encode(), valid=SETTING_UP)
    step = find_step(secret, clean_code(typed), now=clock.now(), after=None) if secret else None
    if secret is None or step is None:
        raise OneTimePasswordWrong
    return secret, step


def keep_app(*, actor: Actor, user: User, label: str, proved: tuple[str, int]) -> EnrolledFactor:
    """Write a proved app down, within the open scope. Raises ``FactorsMany``."""
    secret, step = proved
    _lock_with_room(user, totp.KIND)
    row = EnrolledFactor.objects.create(
        user=user,
        kind=totp.KIND,
        label=_clean(label),
        secret=seal(totp.AT_REST, user.id, secret),
        last_step=step,
        created_at=clock.now(),
    )
    _note(actor, user, "factor_added", kind=row.kind, label=row.label)
    return row


def ask_for_passkey(*, request: HttpRequest, caisse: CaisseRef, user: User) -> Challenge:
    """Return a challenge for making a passkey."""
    with tenant_transaction(caisse):
        known = passkeys.list_known(user)
    owner = webauthn.Owner(user.id, user.sign_in_name, user.name)
    return webauthn.ask_to_set_up(passkeys.place_of(request, caisse), owner, known)


def add_passkey(
    *, actor: Actor, request: HttpRequest, caisse: CaisseRef, user: User, label: str, credential: str, state: str
) -> EnrolledFactor:
    """Set up a passkey. Raises ``PasskeyUnusable``, ``PasskeyKnown`` or ``FactorsMany``."""
    made = prove_passkey(request=request, caisse=caisse, user=user, credential=credential, state=state)
    host = passkeys.place_of(request, caisse).host
    with tenant_transaction(caisse):
        row = keep_passkey(actor=actor, user=user, label=label, made=made, host=host)
        _tell(user, FACTOR_ADDED, row.kind)
    return row


def prove_passkey(
    *, request: HttpRequest, caisse: CaisseRef, user: User, credential: str, state: str
) -> webauthn.NewPasskey:
    """Return a passkey that was just made, checked; raises ``PasskeyUnusable``."""
    place, origin = passkeys.place_of(request, caisse), passkeys.origin_of(request)
    try:
        return webauthn.read_new_passkey(place, owner=user.id, credential=credential, state=state, origin=origin)
    except webauthn.Unsound as error:
        raise PasskeyUnusable from error


def keep_passkey(*, actor: Actor, user: User, label: str, made: webauthn.NewPasskey, host: str) -> EnrolledFactor:
    """Write a checked passkey down, within the open scope; its challenge is used up.

    Raises ``PasskeyUnusable``, ``PasskeyKnown`` or ``FactorsMany``.
    """
    _lock_with_room(user, passkeys.KIND)
    if not passkeys.spend_challenge(made.digest):
        raise PasskeyUnusable
    row = _keep(user, made, host=host, label=_clean(label))
    _note(actor, user, "factor_added", kind=row.kind, label=row.label)
    return row


def make_recovery_codes(*, actor: Actor, caisse: CaisseRef, user: User) -> list[str]:
    """Return ten new codes, which exist only in the answer; earlier ones stop working."""
    codes = recovery.make_codes()
    hashed = recovery.hash_codes(codes)
    with tenant_transaction(caisse):
        User.objects.select_for_update().get(pk=user.pk)
        EnrolledFactor.objects.filter(user=user, kind=recovery.KIND).delete()
        now = clock.now()
        EnrolledFactor.objects.bulk_create(
            EnrolledFactor(user=user, kind=recovery.KIND, code_start=start, code_hash=code_hash, created_at=now)
            for start, code_hash in hashed
        )
        _note(actor, user, "recovery_codes_made")
        _tell(user, FACTOR_ADDED, recovery.KIND)
    return codes


def rename_factor(*, actor: Actor, caisse: CaisseRef, user: User, factor_id: UUID, label: str) -> None:
    """Give one of hers another name. Raises ``NotFound``."""
    with tenant_transaction(caisse):
        row = access_factor(user, factor_id)
        EnrolledFactor.objects.filter(pk=row.pk).update(label=_clean(label))
        _note(actor, user, "factor_renamed", kind=row.kind, label=_clean(label))


def remove_factor(
    *, actor: Actor, caisse: CaisseRef, user: User, factor_id: UUID, keep_session: UUID | None
) -> EnrolledFactor:
    """Remove one of hers and end her other sessions. Raises ``NotFound``, or ``FactorLast`` where one is demanded.

    Recovery codes stand in for the others, so they go with the last of them.
    """
    with tenant_transaction(caisse):
        User.objects.select_for_update().get(pk=user.pk)
        row = access_factor(user, factor_id)
        EnrolledFactor.objects.filter(pk=row.pk).delete()
        left = [one for one in list_enrolled(caisse, user) if not one.always]
        if not left and not sign_in_policy(caisse).password_alone:
            raise FactorLast
        if not list_own(user):
            EnrolledFactor.objects.filter(user=user, kind=recovery.KIND).delete()
        end_sessions([user.id], reason="factor_removed", keep=keep_session)
        _note(actor, user, "factor_removed", kind=row.kind, label=row.label)
        _tell(user, FACTOR_REMOVED, row.kind)
    return row


def forget_all(user_id: UUID) -> int:
    """Remove all that somebody has set up, within the scope in which she is enrolled anew; return how many."""
    count, _ = EnrolledFactor.objects.filter(user_id=user_id).delete()
    return count


def _keep(user: User, made: webauthn.NewPasskey, *, host: str, label: str) -> EnrolledFactor:
    try:
        with transaction.atomic():
            return EnrolledFactor.objects.create(
                user=user,
                kind=passkeys.KIND,
                label=label,
                host=host,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise PasskeyKnown from error


def _lock_with_room(user: User, kind: str) -> None:
    User.objects.select_for_update().get(pk=user.pk)
    if EnrolledFactor.objects.filter(user=user, kind=kind).count() >= MOST:
        raise FactorsMany(most=MOST)


def _clean(label: str) -> str:
    return " ".join(label.split())[:LONGEST_LABEL]


def _note(actor: Actor, user: User, action: str, **data: str | int) -> None:
    record(actor=actor, action=action, object_type="user", object_id=user.id, data=data)


def _tell(user: User, notice: Notice, kind: str) -> None:
    if user.contact_email:
        with translation.override(user.language):
            fields = {"what": gettext(_WHAT[kind])}
        send_mail(notice=notice, to=user.contact_email, language=user.language, fields=fields)
