"""Choosing the language; remembered in this browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.web.languages import LANGUAGE_COOKIE, NATIVE_NAMES, ONE_YEAR_SECONDS
from core.web.policies import public

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@public
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Set the cookie and go back to the page one came from."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = request.META.get("SCRIPT_NAME", "") + "/"
    response = HttpResponseRedirect(back)
    if (language := request.POST.get("language", "")) in NATIVE_NAMES:
        path = request.META.get("SCRIPT_NAME") or "/"
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=ONE_YEAR_SECONDS,
            path=path,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response
