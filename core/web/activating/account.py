"""Taking the access of a letter into an account that exists: sign in, look for whom it is, say yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.invitations import joining
from core.accounts.invitations.errors import AccountNotFitting, ActivationRefused
from core.accounts.phones import mask_name
from core.kernel.actors import Actor
from core.web.activating.keeping import Enrolment, find_enrolment
from core.web.activating.showing import show_code_page
from core.web.policies import person, recent
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@person
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent
def join(request: PortalRequest, user: User) -> HttpResponse:
    """Show for whom the letter is and who is signed in; a yes uses the code up."""
    try:
        found = find_enrolment(request)
    except ActivationRefused as error:
        return show_code_page(request, error)
    if found is None:
        return redirect("activate")
    try:
        if request.method != "POST":
            return _page(request, user, found)
        actor = Actor(kind="party", name=user.name, user_id=user.id, assurance_level=request.identity.assurance_level)
        joining.join_with_account(actor=actor, caisse=request.caisse, activation=found.row, user=user)
    except ActivationRefused as error:
        Enrolment.stop(request)
        return show_code_page(request, error)
    except AccountNotFitting as error:
        return _page(request, user, found, error)
    Enrolment.stop(request)
    messages.success(request, gettext("The access is in your account now. You find it in the menu at the top."))
    return redirect("home")


def _page(request: PortalRequest, user: User, found: Enrolment, error: RelaisError | None = None) -> HttpResponse:
    may_join = joining.may_join(found.row)
    refused = error or (None if may_join else AccountNotFitting())
    parties = joining.list_parties(caisse=request.caisse, activation=found.row)
    context = {
        "account": user,
        "parties": [mask_name(name) for name in parties],
        "may_join": may_join,
        "refusal": in_words(refused) if refused else "",
    }
    return render(request, "web/activate/account.html", context, status=refused.status if refused else 200)
