"""One's own name, language, e-mail and mobile, and all that is kept, as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.names import show_name
from core.accounts.own import profile
from core.accounts.own.data import collect_own_data
from core.accounts.own.profile import Sent
from core.accounts.phones import mask_mobile
from core.accounts.policy import sign_in_policy
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.kernel.errors import RelaisError
from core.web.languages import NATIVE_NAMES
from core.web.policies import person, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.accounts.models import User
    from core.web.requests import PortalRequest

# What the session keeps of a code that is on its way to a new address or number.
KEY = "own_codes"
_ASK = {"email": profile.ask_email, "mobile": profile.ask_mobile}
_CONFIRM = {"email": profile.confirm_email, "mobile": profile.confirm_mobile}


@person
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, user: User) -> HttpResponse:
    """Show what is known, and change name and language."""
    if request.method != "POST":
        return _page(request, user)
    typed = {name: request.POST.get(name, "") for name in ("given_name", "family_name", "language")}
    try:
        profile.change_profile(caisse=request.caisse, user=user, **typed)
    except RelaisError as error:
        return _page(request, user, error, typed)
    messages.success(request, gettext("Saved."))
    return redirect("me_profile")


@person
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent
def change(request: PortalRequest, user: User, what: str) -> HttpResponse:
    """Ask for a new address or number and send a code there."""
    if request.method != "POST":
        return _change_page(request, user, what)
    try:
        sent = _ASK[what](caisse=request.caisse, user=user, typed=request.POST.get("to", ""))
    except RelaisError as error:
        return _change_page(request, user, what, error)
    request.session[KEY] = {**request.session.get(KEY, {}), what: sent.as_dict()}
    return redirect("me_profile_confirm", what=what)


@person
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@recent
def confirm(request: PortalRequest, user: User, what: str) -> HttpResponse:
    """Ask for the code that went there; a right one makes address or number hers."""
    kept = request.session.get(KEY, {})
    if what not in kept:
        return redirect("me_profile_change", what=what)
    sent = Sent.from_dict(kept[what])
    if request.method != "POST":
        return _confirm_page(request, what, sent)
    try:
        _CONFIRM[what](caisse=request.caisse, user=user, sent=sent, typed=request.POST.get("code", ""))
    except RelaisError as error:
        return _confirm_page(request, what, sent, error)
    request.session[KEY] = {name: one for name, one in kept.items() if name != what}
    messages.success(request, gettext("Saved."))
    return redirect("me_profile")


@person
@require_POST
@recent
def export(request: PortalRequest, user: User) -> HttpResponse:
    """All that is kept about her own account, as a file."""
    with tenant_transaction(request.caisse):
        data = collect_own_data(user)
    body = json.dumps(data, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@person
@require_GET
def export_page(request: PortalRequest, user: User) -> HttpResponse:
    """Say what the file holds."""
    del user
    return render(request, "web/me/data.html")


def _page(
    request: PortalRequest, user: User, error: RelaisError | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    shown = typed or {"given_name": user.given_name, "family_name": user.family_name, "language": user.language}
    context: dict[str, Any] = {
        **shown,
        "person": user,
        "sign_in_name": show_name(user.sign_in_name),
        "mobile": mask_mobile(user.mobile) if user.mobile else "",
        "offered": [
            (code, NATIVE_NAMES[code]) for code in configuration.get(request.caisse, LanguagesSection).languages
        ],
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/profile.html", context, status=error.status if error else 200)


def _change_page(request: PortalRequest, user: User, what: str, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "what": what,
        "to": request.POST.get("to", ""),
        "now": user.contact_email if what == "email" else mask_mobile(user.mobile) if user.mobile else "",
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/profile_change.html", context, status=error.status if error else 200)


def _confirm_page(request: PortalRequest, what: str, sent: Sent, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "what": what,
        "to": sent.to,
        "minutes": sign_in_policy(request.caisse).code_minutes,
        "tries_left": profile.count_tries_left(caisse=request.caisse, sent=sent),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/profile_confirm.html", context, status=error.status if error else 200)
