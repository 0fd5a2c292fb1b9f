"""A person's own second factors: what she has, and setting up, naming and removing them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import reentry
from core.accounts.factors import enrolling, list_offered, passkeys, recovery, totp
from core.accounts.levels import PASSKEY, TOTP
from core.accounts.phones import mask_mobile
from core.accounts.redirects import safe_next
from core.accounts.stages import OFFER_KEY
from core.kernel.actors import Actor
from core.kernel.errors import NotFound, RelaisError
from core.web.policies import person
from core.web.sign_in.keeping import KEPT, Needed, ask_first
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from core.accounts.models import User
    from core.web.requests import PortalRequest

P = ParamSpec("P")


def proved(
    view: Callable[Concatenate[PortalRequest, User, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Ask for as strong a proof as she can give, at most ten minutes old, before she changes how she signs in."""

    @wraps(view)
    def guarded(request: PortalRequest, user: User, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with tenant_transaction(request.caisse):
            level = enrolling.get_level_to_change(request.caisse, user)
        needed = Needed(level=level, or_recovery=True)
        return view(request, user, *args, **kwargs) if needed.is_met(request) else ask_first(request, needed)

    guarded.recent = True  # type: ignore[attr-defined]  # read by tests
    return guarded


@person
@require_safe
def show(request: PortalRequest, user: User) -> HttpResponse:
    """Show what she has set up, and what else she could."""
    return _page(request, user)


@person
@proved
@never_cache
@sensitive_post_parameters("code", "sealed")
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: PortalRequest, user: User) -> HttpResponse:
    """Set up an app for one-time passwords."""
    _check_offered(request, totp.KIND)
    if request.method != "POST":
        return _app_page(request, user)
    typed = {"label": request.POST.get("label", ""), "sealed": request.POST.get("sealed", "")}
    try:
        enrolling.add_app(
            actor=_actor(request, user), caisse=request.caisse, user=user, typed=request.POST.get("code", ""), **typed
        )
    except RelaisError as error:
        return _app_page(request, user, error)
    return _added(
        request, user, TOTP, gettext("The app is set up. From now on you sign in with its one-time passwords.")
    )


@person
@proved
@never_cache
@sensitive_post_parameters("credential")
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: PortalRequest, user: User) -> HttpResponse:
    """Set up a passkey."""
    _check_offered(request, passkeys.KIND)
    if request.method != "POST":
        return render(request, "web/me/factors/passkey.html")
    typed = {name: request.POST.get(name, "") for name in ("credential", "state", "label")}
    try:
        enrolling.add_passkey(actor=_actor(request, user), request=request, caisse=request.caisse, user=user, **typed)
    except RelaisError as error:
        context = {"refusal": in_words(error), "label": typed["label"]}
        return render(request, "web/me/factors/passkey.html", context, status=error.status)
    return _added(request, user, PASSKEY, gettext("The passkey is set up."))


@person
@proved
@never_cache
@require_safe
def challenge(request: PortalRequest, user: User) -> JsonResponse:
    """Give the page's script what a new passkey is asked."""
    asked = enrolling.ask_for_passkey(request=request, caisse=request.caisse, user=user)
    return JsonResponse(asked.as_json())


@person
@proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: PortalRequest, user: User) -> HttpResponse:
    """Make recovery codes, and show them this once."""
    with tenant_transaction(request.caisse):
        left, others = recovery.count_codes(user), enrolling.list_own(user)
    if not others:
        return redirect("me_factors")
    context: dict[str, Any] = {"left": left}
    if request.method == "POST":
        made = enrolling.make_recovery_codes(actor=_actor(request, user), caisse=request.caisse, user=user)
        context |= {"codes": made, "file": quote("\r\n".join(made))}
    return render(request, "web/me/factors/codes.html", context)


@person
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PortalRequest, user: User, factor_id: UUID) -> HttpResponse:
    """Show one app or passkey, and give it another name."""
    with tenant_transaction(request.caisse):
        row = enrolling.access_factor(user, factor_id)
    if request.method != "POST":
        return render(request, "web/me/factors/one.html", {"one": row})
    label = request.POST.get("label", "")
    enrolling.rename_factor(
        actor=_actor(request, user), caisse=request.caisse, user=user, factor_id=factor_id, label=label
    )
    messages.success(request, gettext("The name is saved."))
    return redirect("me_factors")


@person
@proved
@require_POST
def remove(request: PortalRequest, user: User, factor_id: UUID) -> HttpResponse:
    """Remove an app or a passkey."""
    keep = request.identity.session_id
    try:
        enrolling.remove_factor(
            actor=_actor(request, user), caisse=request.caisse, user=user, factor_id=factor_id, keep_session=keep
        )
    except NotFound:
        raise
    except RelaisError as error:
        return _page(request, user, error)
    messages.success(request, gettext("It is removed, and your other devices are signed out."))
    return redirect("me_factors")


@person
@require_POST
def later(request: PortalRequest, _user: User) -> HttpResponse:
    """Ask no more in this session whether she wants to set up another factor."""
    request.session.pop(OFFER_KEY, None)
    return redirect(safe_next(request) or "home")


def _page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        rows, left = enrolling.list_own(user), recovery.count_codes(user)
    offered = {factor.name for factor in list_offered(request.caisse)}
    context = {
        "apps": [row for row in rows if row.kind == totp.KIND],
        "passkeys": [row for row in rows if row.kind == passkeys.KIND],
        "offers_app": totp.KIND in offered,
        "offers_passkey": passkeys.KIND in offered,
        "mobile": mask_mobile(user.mobile) if user.mobile and "sms" in offered else "",
        "has_own": bool(rows),
        "left": left,
        "few": recovery.FEW,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/factors/list.html", context, status=error.status if error else 200)


def _app_page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "offer": enrolling.offer_app(caisse=request.caisse, user=user, sealed=request.POST.get("sealed", "")),
        "label": request.POST.get("label", ""),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/factors/app.html", context, status=error.status if error else 200)


def _added(request: PortalRequest, user: User, method: str, text: str) -> HttpResponse:
    """Say that it worked, and lead back who was sent here for it.

    Anybody else who has no recovery codes yet is led to them, since the next loss is the first one's.
    """
    request.session.pop(OFFER_KEY, None)
    reentry.note_proof(request.session, method)
    messages.success(request, text)
    if KEPT in request.session:
        return redirect("sign_in_again")
    with tenant_transaction(request.caisse):
        has_codes = recovery.has_codes(user)
    return redirect("me_factors" if has_codes else "me_factors_codes")


def _check_offered(request: PortalRequest, name: str) -> None:
    if name not in {factor.name for factor in list_offered(request.caisse)}:
        raise NotFound


def _actor(request: PortalRequest, user: User) -> Actor:
    level = request.identity.assurance_level
    return Actor(kind="party", name=user.name, user_id=user.id, assurance_level=level)
