"""Passkeys of people: as a second factor and, where the caisse allows it, as the whole sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from core.accounts import limiter
from core.accounts.addresses import counted_address
from core.accounts.errors import PasskeyRefused, SignInLocked
from core.accounts.factors import webauthn
from core.accounts.factors.registry import Factor, register_factor
from core.accounts.levels import PASSKEY
from core.accounts.limits import CHALLENGE_USED, PASSKEY_BY_ADDRESS
from core.accounts.models import EnrolledFactor, User
from core.accounts.policy import list_factors, sign_in_policy
from core.audit.services import record
from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.text import N_
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from core.accounts.factors.registry import Asking
    from core.accounts.factors.webauthn import Assertion, Challenge, Place
    from tenants.scope import CaisseRef

KIND = "passkey"
DOOR = Actor.system("sign-in")


def place_of(request: HttpRequest, caisse: CaisseRef) -> Place:
    """Return where a passkey holds: the host of this request, and this caisse only, though several may share it."""
    name = configuration.get(caisse, BrandingSection).short_name or caisse.slug
    return webauthn.Place(host=_host(request), name=name, salt=f"core.accounts.passkeys:{caisse.id}")


def origin_of(request: HttpRequest) -> str:
    """Return this page's origin; the host map has let only the caisse's own hosts come so far."""
    return f"{request.scheme}://{request.get_host()}"


def is_alone_enough(caisse: CaisseRef) -> bool:
    """Whether people may sign in here with a passkey and nothing else."""
    policy = sign_in_policy(caisse)
    return policy.passkey_alone and KIND in list_factors(policy)


def list_known(user: User, host: str = "") -> list[bytes]:
    """Return the names of her passkeys, of one host where it is given, within an open scope."""
    rows = EnrolledFactor.objects.filter(user=user, kind=KIND)
    rows = rows.filter(host=host) if host else rows
    return [bytes(row.credential_id or b"") for row in rows.only("credential_id")]


def ask_somebody(request: HttpRequest, caisse: CaisseRef) -> Challenge:
    """Return a challenge for whoever is at the sign-in page."""
    return webauthn.ask_to_use(place_of(request, caisse))


def ask_her(asking: Asking) -> Challenge:
    """Return a challenge for one of her own passkeys."""
    with tenant_transaction(asking.caisse):
        known = list_known(asking.user, _host(asking.request))
    return webauthn.ask_to_use(place_of(asking.request, asking.caisse), known=known, of=str(asking.user.id))


def describe(asking: Asking) -> dict[str, Any]:
    """Say where her passkeys hold, if not at this address."""
    with tenant_transaction(asking.caisse):
        here = list_known(asking.user, _host(asking.request))
    return {"holds_here": bool(here)}


def check_answer(asking: Asking, typed: Mapping[str, str]) -> None:
    """Use an answer of one of her passkeys up; raises ``SignInLocked`` or ``PasskeyRefused``, which are committed."""
    _check(asking.request, asking.caisse, typed, of=asking.user)


def verify_passkey(*, request: HttpRequest, caisse: CaisseRef, typed: Mapping[str, str]) -> User:
    """Return whose passkey answered at the sign-in page; all who are refused see the same ``PasskeyRefused``."""
    if not is_alone_enough(caisse):
        raise PasskeyRefused
    return _check(request, caisse, typed, of=None)


def spend_challenge(digest: bytes) -> bool:
    """Use a challenge up; of any number of answers to it one succeeds."""
    return limiter.take(CHALLENGE_USED, digest.hex()).allowed


def _check(request: HttpRequest, caisse: CaisseRef, typed: Mapping[str, str], *, of: User | None) -> User:
    with tenant_transaction(caisse):
        verdict = limiter.take(PASSKEY_BY_ADDRESS, counted_address(request))
    if not verdict.allowed:
        raise SignInLocked(minutes=verdict.wait_minutes)
    row, assertion = _compare(request, caisse, typed, of)
    with tenant_transaction(caisse):
        if row is not None and assertion is not None and _spend(row, assertion):
            limiter.give_back(PASSKEY_BY_ADDRESS, counted_address(request))
            return row.user
        owner = row.user_id if row is not None else None
        action, data = ("code_refused", {"way": KIND}) if of else ("sign_in_refused", {"reason": KIND})
        record(actor=DOOR, action=action, object_type="user", object_id=owner, data=data)
    raise PasskeyRefused


def _compare(
    request: HttpRequest, caisse: CaisseRef, typed: Mapping[str, str], of: User | None
) -> tuple[EnrolledFactor | None, Assertion | None]:
    """Return whose passkey answered, and what it said if that is sound; no scope is open."""
    place, row = place_of(request, caisse), None
    answer = {name: typed.get(name, "") for name in ("credential", "state")}
    try:
        assertion = webauthn.read_assertion(place, of=str(of.id) if of else "", **answer)
        row = _find(caisse, assertion.credential_id)
        if row is None or (of is not None and row.user_id != of.id):
            return row, None
        key = bytes(row.public_key or b"")
        webauthn.check_assertion(place, assertion, public_key=key, owner=row.user_id, origin=origin_of(request))
    except webauthn.Unsound:
        return row, None
    return row, assertion


def _find(caisse: CaisseRef, credential_id: bytes) -> EnrolledFactor | None:
    with tenant_transaction(caisse):
        return EnrolledFactor.objects.select_related("user").filter(kind=KIND, credential_id=credential_id).first()


def _spend(row: EnrolledFactor, assertion: Assertion) -> bool:
    """Accept an answer once, while its owner is active and if the authenticator's counter has not gone back.

    A counter that went back is the sign of a copied key: it is refused and written down.
    """
    if not spend_challenge(assertion.digest):
        return False
    counted = assertion.sign_count
    ahead = Q(sign_count__lt=counted) if counted else Q(sign_count=0)
    active = User.objects.filter(state="active").values("pk")
    live = EnrolledFactor.objects.filter(pk=row.pk, user_id__in=active)
    if live.filter(ahead).update(sign_count=counted, last_used_at=clock.now()):
        return True
    if live.exists():
        data = {"counted": counted, "known": row.sign_count}
        record(actor=DOOR, action="passkey_copied", object_type="user", object_id=row.user_id, data=data)
    return False


def _host(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0]


register_factor(
    Factor(
        name=KIND,
        method=PASSKEY,
        label=N_("Passkey"),
        template="web/sign_in/ways/_passkey.html",
        is_enrolled=lambda _user, rows: any(row.kind == KIND for row in rows),
        check=check_answer,
        describe=describe,
    )
)
