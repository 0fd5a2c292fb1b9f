"""The page on which a password from a letter is replaced by one's own, the last step of that sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts.errors import SignInInterrupted
from core.accounts.own_password import OwnPasswordStage
from core.kernel.errors import RelaisError
from core.web.password_rules import describe_rules
from core.web.policies import public
from core.web.sign_in.pending import find_stage, start_again
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PortalRequest) -> HttpResponse:
    """Ask for the new password; then the sign-in is complete."""
    stage = find_stage(request, OwnPasswordStage)
    if stage is None:
        return start_again(request)
    if request.method != "POST":
        return _page(request, stage)
    try:
        stage.choose(password=request.POST.get("password", ""), repeated=request.POST.get("again", ""))
    except SignInInterrupted:
        return start_again(request)
    except RelaisError as error:
        return _page(request, stage, error)
    with tenant_transaction(request.caisse):
        response: HttpResponse = stage.exit()
    return response


def _page(request: PortalRequest, stage: OwnPasswordStage, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "name": stage.user.sign_in_name,
        "forgotten": stage.has_forgotten,
        "rules": describe_rules(request.caisse, alone=stage.is_alone),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/own_password.html", context, status=error.status if error else 200)
