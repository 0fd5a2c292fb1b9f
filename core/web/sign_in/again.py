"""Proving again who sits there, and back to where one was with everything that was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts import reentry
from core.accounts.phones import mask_mobile
from core.accounts.policy import sign_in_policy
from core.accounts.redirects import is_safe_path
from core.kernel.errors import RelaisError
from core.web.policies import KEPT, signed_in
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest


@signed_in
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PortalRequest) -> HttpResponse:
    """Ask for the password, then for a code."""
    if request.method != "POST":
        return _back(request) if reentry.is_recent(request.session) else _password_page(request)
    try:
        reentry.prove_password(
            caisse=request.caisse,
            session=request.session,
            user=_user(request),
            password=request.POST.get("password", ""),
        )
    except RelaisError as error:
        return _password_page(request, error)
    return redirect("sign_in_again_code")


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: PortalRequest) -> HttpResponse:
    """Ask for the code; a right one leads back."""
    if reentry.KEY not in request.session:
        return redirect("sign_in_again")
    if request.method != "POST":
        return _code_page(request)
    try:
        reentry.prove_code(
            caisse=request.caisse, session=request.session, user=_user(request), typed=request.POST.get("code", "")
        )
    except RelaisError as error:
        return _code_page(request, error)
    # The password may have aged while the code was on its way: then it is asked for once more.
    return _back(request) if reentry.is_recent(request.session) else redirect("sign_in_again")


@signed_in
@never_cache
@require_POST
def send_again(request: PortalRequest) -> HttpResponse:
    """Send a new code; the earlier one stops working."""
    if reentry.KEY not in request.session:
        return redirect("sign_in_again")
    try:
        reentry.send_code(caisse=request.caisse, session=request.session, user=_user(request))
    except RelaisError as error:
        return _code_page(request, error)
    return redirect("sign_in_again_code")


def _user(request: PortalRequest) -> User:
    user = request.identity.user
    if user is None:  # the policy has let in nobody without
        message = "nobody is signed in"
        raise RuntimeError(message)
    return user


def _back(request: PortalRequest) -> HttpResponse:
    """Lead back to the page; what was posted there is offered again, to be sent by one press."""
    kept = request.session.pop(KEPT, {})
    path = kept.get("path", "")
    if not path or not is_safe_path(request, path):
        return redirect("home")
    if "posted" not in kept:
        return redirect(path)
    return render(request, "web/sign_in/again_done.html", {"path": path, "posted": kept["posted"]})


def _password_page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    context = {"refusal": in_words(error) if error else "", "name": _user(request).sign_in_name}
    return render(request, "web/sign_in/again.html", context, status=error.status if error else 200)


def _code_page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "mobile": mask_mobile(_user(request).mobile),
        "minutes": sign_in_policy(request.caisse).code_minutes,
        "tries_left": reentry.count_tries_left(caisse=request.caisse, session=request.session),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/again_code.html", context, status=error.status if error else 200)
