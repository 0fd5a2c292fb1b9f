"""Coming into the console, proving once more who one is, and leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.addresses import counted_address
from core.kernel.errors import RelaisError
from core.operator.policies import operator
from core.operator.redirects import next_or_home
from core.operator.services import sign_out_here
from core.operator.sign_in import prove_by_password, sign_in_by_password
from core.operator.views.saying import say
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.operator.requests import OperatorRequest


@public
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: OperatorRequest) -> HttpResponse:
    """Ask for e-mail, password and one-time password."""
    back = next_or_home(request)
    if request.method != "POST":
        if request.session.operator is not None:
            return HttpResponseRedirect(back)
        context = {"next": back, "enrolled": "enrolled" in request.GET}
        return render(request, "operator/sign_in.html", context)
    try:
        sign_in_by_password(
            session=request.session,
            email=request.POST.get("email", ""),
            password=request.POST.get("password", ""),
            typed=request.POST.get("code", ""),
            address=counted_address(request),
        )
    except RelaisError as error:
        context = {"next": back, "email": request.POST.get("email", ""), "refusal": say(error)}
        return render(request, "operator/sign_in.html", context, status=error.status)
    return HttpResponseRedirect(back)


@operator
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: OperatorRequest, _actor: Actor) -> HttpResponse:
    """Ask once more before something that matters."""
    back = next_or_home(request)
    if request.method != "POST":
        return render(request, "operator/prove.html", {"next": back})
    try:
        prove_by_password(
            session=request.session,
            operator=request.operator,
            password=request.POST.get("password", ""),
            typed=request.POST.get("code", ""),
            address=counted_address(request),
        )
    except RelaisError as error:
        return render(request, "operator/prove.html", {"next": back, "refusal": say(error)}, status=error.status)
    return HttpResponseRedirect(back)


@public
@never_cache
@require_POST
def sign_out(request: OperatorRequest) -> HttpResponse:
    """End this session at once; who has none is led to the sign-in as well."""
    sign_out_here(session=request.session)
    return redirect("operator_sign_in")
