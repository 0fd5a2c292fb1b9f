"""Activation of an access: the code from the letter or mail, a password, the mobile number, its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.addresses import counted_address
from core.accounts.invitations import activation as steps
from core.accounts.invitations.errors import ActivationRefused
from core.accounts.passwords import AS_A_RULE, PasswordClasses
from core.accounts.phones import mask_mail, mask_mobile, mask_name
from core.accounts.policy import sign_in_policy
from core.kernel.errors import RelaisError
from core.kernel.text import N_
from core.web.policies import public
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.invitations.activation import SentCode
    from core.accounts.models import Activation
    from core.web.requests import PortalRequest

# What the browser's session keeps: which activation was opened, and which code was sent. No secret.
KEY = "activation"
_STEPS = {"begin": N_("Code"), "password": N_("Password"), "mobile": N_("Mobile"), "code": N_("Confirmation")}


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PortalRequest) -> HttpResponse:
    """Show the step that comes next; a typed code opens the first. Looking at the page uses nothing up."""
    if request.method != "POST":
        found = _find(request)
        return _step_page(request, found) if found else _code_page(request)
    try:
        found = steps.open_activation(
            caisse=request.caisse, typed=request.POST.get("code", ""), address=counted_address(request)
        )
    except RelaisError as error:
        return _code_page(request, error)
    request.session[KEY] = {"id": str(found.id)}
    request.session.cycle_key()
    return redirect("activate")


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_POST
def password(request: PortalRequest) -> HttpResponse:
    """Keep the password for the end."""
    found = _find(request)
    if found is None:
        return _lost(request)
    try:
        steps.choose_password(
            caisse=request.caisse,
            activation=found,
            password=request.POST.get("password", ""),
            repeated=request.POST.get("again", ""),
        )
    except RelaisError as error:
        return _refuse(request, found, error, "password")
    return redirect("activate")


@public
@never_cache
@require_POST
def mobile(request: PortalRequest) -> HttpResponse:
    """Keep the number and send a code there; without a number, ask for another one."""
    found = _find(request)
    if found is None:
        return _lost(request)
    kept, typed = request.session[KEY], request.POST.get("mobile", "")
    if "change" in request.POST:
        request.session[KEY] = {"id": kept["id"]}
        return redirect("activate")
    typed = found.mobile if "again" in request.POST else typed
    try:
        sent = steps.send_mobile_code(
            caisse=request.caisse, activation=found, typed=typed, binding=kept.get("binding", "")
        )
    except RelaisError as error:
        return _refuse(request, found, error, "mobile")
    request.session[KEY] = kept | {"code_id": str(sent.id), "binding": sent.binding}
    return redirect("activate")


@public
@never_cache
@sensitive_post_parameters("code")
@require_POST
def confirm(request: PortalRequest) -> HttpResponse:
    """Evaluate the code by SMS; a right one makes the account usable and leads to the sign-in."""
    found, sent = _find(request), _sent(request)
    if found is None or sent is None:
        return _lost(request)
    try:
        steps.complete_activation(
            caisse=request.caisse, activation=found, sent=sent, typed=request.POST.get("code", "")
        )
    except RelaisError as error:
        return _refuse(request, found, error, "code")
    del request.session[KEY]
    messages.success(request, gettext("Your access is active. Sign in with your e-mail and the password you chose."))
    return redirect("sign_in")


@public
@require_POST
def leave(request: PortalRequest) -> HttpResponse:
    """Put the code away; whoever comes back types it again and goes on where she was."""
    request.session.pop(KEY, None)
    return redirect("activate")


def _find(request: PortalRequest) -> Activation | None:
    kept = request.session.get(KEY)
    if not kept:
        return None
    try:
        return steps.get_activation(caisse=request.caisse, activation_id=UUID(kept["id"]))
    except ActivationRefused:
        del request.session[KEY]
        return None


def _sent(request: PortalRequest) -> SentCode | None:
    kept = request.session.get(KEY, {})
    return steps.SentCode(UUID(kept["code_id"]), kept["binding"]) if "code_id" in kept else None


def _lost(request: PortalRequest) -> HttpResponse:
    return _code_page(request, ActivationRefused())


def _refuse(request: PortalRequest, found: Activation, error: RelaisError, step: str) -> HttpResponse:
    if isinstance(error, ActivationRefused):
        request.session.pop(KEY, None)
        return _code_page(request, error)
    return _step_page(request, found, error, step)


def _code_page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    context = {"step": "begin", "steps": _list_steps(), "refusal": in_words(error) if error else ""}
    return render(request, "web/activate/begin.html", context, status=error.status if error else 200)


def _step_page(
    request: PortalRequest, found: Activation, error: RelaisError | None = None, step: str = ""
) -> HttpResponse:
    sent, policy = _sent(request), sign_in_policy(request.caisse)
    step = step or steps.step_of(found, sent)
    context: dict[str, Any] = {
        "step": step,
        "steps": _list_steps(),
        "name": mask_name(found.user.name),
        "mail": mask_mail(found.user.sign_in_name),
        "mobile": mask_mobile(found.mobile) if found.mobile else "",
        "typed": request.POST.get("mobile", ""),
        "minutes": policy.code_minutes,
        "tries_left": steps.count_tries_left(caisse=request.caisse, sent=sent) if sent and step == "code" else 0,
        "shortest": policy.password_length,
        "classes": in_words(PasswordClasses()) if policy.password_classes == AS_A_RULE else "",
        "refusal": in_words(error) if error else "",
    }
    return render(request, f"web/activate/{step}.html", context, status=error.status if error else 200)


def _list_steps() -> list[dict[str, str]]:
    return [{"key": key, "label": gettext(label)} for key, label in _STEPS.items()]
