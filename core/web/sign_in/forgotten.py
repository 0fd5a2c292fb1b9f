"""Password forgotten: the name, the code from the mail, then second factor and new password as the sign-in asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts import forgotten
from core.accounts.addresses import counted_address
from core.accounts.forgotten import Asked
from core.accounts.levels import MAIL_CODE
from core.accounts.policy import sign_in_policy
from core.kernel.errors import RelaisError
from core.web.policies import public
from core.web.sign_in.names import describe_names
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest

KEY = "forgotten"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PortalRequest) -> HttpResponse:
    """Ask for the sign-in name; what comes next looks the same for every name."""
    if request.method != "POST":
        return _name_page(request)
    name = request.POST.get("name", "").strip()
    try:
        asked = forgotten.ask_code(caisse=request.caisse, name=name, address=counted_address(request))
    except RelaisError as error:
        return _name_page(request, error)
    request.session[KEY] = asked.as_dict()
    return redirect("sign_in_forgotten_code")


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PortalRequest) -> HttpResponse:
    """Ask for the code from the mail; a right one goes on as a sign-in does, with the second factor."""
    if KEY not in request.session:
        return redirect("sign_in_forgotten")
    asked = Asked.from_dict(request.session[KEY])
    if request.method != "POST":
        return _code_page(request, asked)
    try:
        user = forgotten.check_code(caisse=request.caisse, asked=asked, typed=request.POST.get("code", ""))
        del request.session[KEY]
        record_authentication(request, user, method=MAIL_CODE)
        response: HttpResponse = perform_login(request, Login(user=user))
    except RelaisError as error:
        return _code_page(request, asked, error)
    return response


def _name_page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "names": describe_names(request.caisse),
        "name": request.POST.get("name", ""),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/forgotten.html", context, status=error.status if error else 200)


def _code_page(request: PortalRequest, asked: Asked, error: RelaisError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "minutes": sign_in_policy(request.caisse).code_minutes,
        "tries_left": forgotten.count_tries_left(caisse=request.caisse, asked=asked),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/forgotten_code.html", context, status=error.status if error else 200)
