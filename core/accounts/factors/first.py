"""The first second factor, set up before an account is usable: what the page shows, the proof, what is kept at the end.

A code by SMS is none of these: who enrols gives her number and proves it as steps of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.accounts.factors import enrolling, passkeys, totp
from core.accounts.factors.registry import list_offered
from core.kernel.errors import NotFound

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.accounts.factors.registry import Factor
    from core.accounts.models import User
    from core.kernel.actors import Actor
    from tenants.scope import CaisseRef

# Keeps what was proved, within the scope in which the account becomes usable.
Keep = Callable[["Actor"], None]


@dataclass(frozen=True, slots=True)
class FirstFactor:
    """One that can be set up on the way in.

    ``describe`` says what ``template`` shows. ``prove`` reads what was posted and raises a ``RelaisError`` unless it
    shows that the factor works; it writes nothing.
    """

    factor: Factor
    template: str
    describe: Callable[[HttpRequest, CaisseRef, User], dict[str, Any]]
    prove: Callable[[HttpRequest, CaisseRef, User], Keep]


def list_first(caisse: CaisseRef) -> list[FirstFactor]:
    """Return those that the caisse offers, the strongest first."""
    return [_READY[factor.name](factor) for factor in list_offered(caisse) if factor.name in _READY]


def get_first(caisse: CaisseRef, name: str) -> FirstFactor:
    """Return one of them by its name; raises ``NotFound``."""
    for one in list_first(caisse):
        if one.factor.name == name:
            return one
    raise NotFound


def _show_app(request: HttpRequest, caisse: CaisseRef, user: User) -> dict[str, Any]:
    sealed = request.POST.get("sealed", "")
    return {
        "offer": enrolling.offer_app(caisse=caisse, user=user, sealed=sealed),
        "typed": request.POST.get("label", ""),
    }


def _prove_app(request: HttpRequest, _caisse: CaisseRef, user: User) -> Keep:
    posted = request.POST
    proved = enrolling.prove_app(user=user, sealed=posted.get("sealed", ""), typed=posted.get("code", ""))
    label = posted.get("label", "")

    def keep(actor: Actor) -> None:
        enrolling.keep_app(actor=actor, user=user, label=label, proved=proved)

    return keep


def _show_passkey(request: HttpRequest, _caisse: CaisseRef, _user: User) -> dict[str, Any]:
    return {"typed": request.POST.get("label", "")}


def _prove_passkey(request: HttpRequest, caisse: CaisseRef, user: User) -> Keep:
    answer = {name: request.POST.get(name, "") for name in ("credential", "state")}
    made = enrolling.prove_passkey(request=request, caisse=caisse, user=user, **answer)
    host, label = passkeys.place_of(request, caisse).host, request.POST.get("label", "")

    def keep(actor: Actor) -> None:
        enrolling.keep_passkey(actor=actor, user=user, label=label, made=made, host=host)

    return keep


_READY: dict[str, Callable[[Factor], FirstFactor]] = {
    totp.KIND: lambda factor: FirstFactor(factor, "web/first_factor/totp.html", _show_app, _prove_app),
    passkeys.KIND: lambda factor: FirstFactor(factor, "web/first_factor/passkey.html", _show_passkey, _prove_passkey),
}
