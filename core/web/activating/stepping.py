"""What the views of an activation's steps share: their order, refusals in words, and where the last one leads."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext

from core.accounts.invitations.errors import ActivationRefused, EmailInUse, StepTooEarly, TermsTextChanged
from core.accounts.invitations.naming import is_issued
from core.accounts.invitations.steps import check_order
from core.kernel.errors import RelaisError
from core.web.activating.keeping import DONE, Enrolment, find_enrolment
from core.web.activating.showing import show_code_page, show_step
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from core.accounts.invitations.steps import Step
    from core.accounts.models import User
    from core.web.requests import PortalRequest

    Handler = Callable[[PortalRequest, Enrolment], HttpResponse | None]
    View = Callable[[PortalRequest], HttpResponse]

# Where an error leads to another step than the one that was posted.
_ELSEWHERE: dict[type[RelaisError], Step] = {EmailInUse: "email", TermsTextChanged: "names"}


def step_view(step: Step) -> Callable[[Handler], View]:
    """Make a view of what a step does with a form: in order, refusals in words, then on to the next step."""

    def decorate(handle: Handler) -> View:
        @wraps(handle)
        def view(request: PortalRequest) -> HttpResponse:
            if request.method != "POST":
                return redirect("activate")
            try:
                found = _require(request)
                check_order(step, found.done)
                return handle(request, found) or redirect("activate")
            except ActivationRefused as error:
                Enrolment.stop(request)
                return show_code_page(request, error)
            except StepTooEarly as error:
                messages.info(request, in_words(error))
                return redirect("activate")
            except RelaisError as error:
                return _refuse(request, error, step)

        return view

    return decorate


def _require(request: PortalRequest) -> Enrolment:
    found = find_enrolment(request)
    if found is None:
        raise ActivationRefused
    return found


def _refuse(request: PortalRequest, error: RelaisError, step: Step) -> HttpResponse:
    found = find_enrolment(request)
    if found is None:
        return show_code_page(request, ActivationRefused())
    return show_step(request, found, error=error, wanted=_ELSEWHERE.get(type(error), step))


def welcome(request: PortalRequest, user: User) -> HttpResponse:
    """Lead to the sign-in; who was given a name by the caisse sees it first, until she has signed in."""
    Enrolment.stop(request)
    if is_issued(user.sign_in_name):
        request.session[DONE] = user.sign_in_name
        return redirect("activate")
    messages.success(request, gettext("Your access is active. Sign in with your e-mail and the password you chose."))
    return redirect("sign_in")
