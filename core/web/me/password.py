"""Changing one's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts.own.password import change_password, is_alone, is_to_be_reminded
from core.kernel.errors import RelaisError
from core.web.password_rules import describe_rules
from core.web.policies import person
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest


@person
@never_cache
@sensitive_post_parameters("present", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, user: User) -> HttpResponse:
    """Ask for the present password and a new one; this session goes on, all others end."""
    if request.method != "POST":
        return _page(request, user)
    try:
        change_password(
            caisse=request.caisse,
            user=user,
            session_id=request.identity.session_id,
            present=request.POST.get("present", ""),
            password=request.POST.get("password", ""),
            repeated=request.POST.get("again", ""),
        )
    except RelaisError as error:
        return _page(request, user, error)
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request.session.cycle_key()
    messages.success(request, gettext("Your password is changed. You are signed out everywhere else."))
    return redirect("me")


def _page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "name": user.sign_in_name,
        "has_password": user.has_usable_password(),
        "changed_at": user.password_changed_at,
        "reminded": is_to_be_reminded(request.caisse, user),
        "rules": describe_rules(request.caisse, alone=is_alone(caisse=request.caisse, user=user)),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/password.html", context, status=error.status if error else 200)
