"""Coming into the console, proving once more who one is, and leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.addresses import counted_address
from core.kernel.errors import RelaisError
from core.operator.factors import has_password_and_code
from core.operator.policies import operator
from core.operator.redirects import next_or_home
from core.operator.selectors import list_passkeys
from core.operator.services import sign_out_here
from core.operator.sign_in import prove_by_passkey, prove_by_password, sign_in_by_passkey, sign_in_by_password
from core.operator.views.saying import origin_of, say
from core.operator.webauthn import ask_to_use
from core.web.policies import public
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest


@public
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: OperatorRequest) -> HttpResponse:
    """Ask for a passkey, or for e-mail, password and one-time password."""
    back = next_or_home(request)
    if request.method != "POST":
        if request.session.operator is not None:
            return HttpResponseRedirect(back)
        context = {"next": back, "enrolled": "enrolled" in request.GET}
        return render(request, "operator/sign_in.html", context)
    try:
        _begin(request)
    except RelaisError as error:
        context = {"next": back, "email": request.POST.get("email", ""), "refusal": say(error)}
        return render(request, "operator/sign_in.html", context, status=error.status)
    rotate_token(request)
    return HttpResponseRedirect(back)


def _begin(request: OperatorRequest) -> None:
    if request.POST.get("way") == "passkey":
        sign_in_by_passkey(session=request.session, **_answer(request))
    else:
        email = request.POST.get("email", "")
        sign_in_by_password(session=request.session, email=email, **_entries(request))


def _answer(request: OperatorRequest) -> dict[str, Any]:
    typed = {name: request.POST.get(name, "") for name in ("credential", "state")}
    return typed | {"origin": origin_of(request), "address": counted_address(request)}


def _entries(request: OperatorRequest) -> dict[str, Any]:
    entries = {"password": request.POST.get("password", ""), "typed": request.POST.get("code", "")}
    return entries | {"address": counted_address(request)}


@public
@never_cache
@require_safe
def challenge(request: OperatorRequest) -> JsonResponse:
    """Give the page's script what a passkey is asked."""
    del request
    return JsonResponse(ask_to_use().as_json())


@operator
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """Ask once more before something that matters."""
    back = next_or_home(request)
    if request.method != "POST":
        return _prove_page(request, back)
    try:
        if request.POST.get("way") == "passkey":
            prove_by_passkey(session=request.session, operator=request.operator, **_answer(request))
        else:
            prove_by_password(session=request.session, operator=request.operator, **_entries(request))
    except RelaisError as error:
        return _prove_page(request, back, error)
    return HttpResponseRedirect(back)


def _prove_page(request: OperatorRequest, back: str, error: RelaisError | None = None) -> HttpResponse:
    with platform_transaction():
        has_passkey = bool(list_passkeys(request.operator))
    context = {
        "next": back,
        "has_passkey": has_passkey,
        "has_password": has_password_and_code(request.operator),
        "refusal": say(error) if error else "",
    }
    return render(request, "operator/prove.html", context, status=error.status if error else 200)


@public
@never_cache
@require_POST
def sign_out(request: OperatorRequest) -> HttpResponse:
    """End this session at once; who has none is led to the sign-in as well."""
    sign_out_here(session=request.session)
    return redirect("operator_sign_in")
