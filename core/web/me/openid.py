"""A person's own links to the caisse's OpenID provider: made, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.openid import links, pending
from core.accounts.openid.provider import settings_of
from core.accounts.outside import certificates
from core.accounts.outside.actors import actor_of
from core.kernel.errors import Conflict
from core.kernel.text import N_
from core.web.areas import MINE, AreaPage
from core.web.policies import person, recent
from core.web.sign_in.openid import go
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import User
    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


@person
@recent
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, user: User) -> HttpResponse:
    """Show what is linked and what waits to be; a POST links that, or leaves it."""
    if request.method != "POST":
        return _page(request, user)
    proof = pending.find(request.session, settings_of(request.caisse).issuer)
    pending.drop(request.session)
    if "leave" in request.POST or proof is None or not pending.is_in_by_own_means(request.session):
        return redirect("me_openid")
    try:
        with tenant_transaction(request.caisse):
            links.link_account(actor=actor_of(user), user_id=user.id, proof=proof)
    except Conflict as error:
        return _page(request, user, error)
    messages.success(request, gettext("Linked. From now on you can sign in with it."))
    return redirect("me_openid")


@person
@recent
@require_GET
def link(request: PortalRequest, user: User) -> HttpResponse:
    """Go to the provider to prove an account there; it is linked afterwards, by a press of a button."""
    return go(request, purpose="link", back=reverse("me_openid"), user_id=user.id)


@person
@recent
@require_POST
def remove(request: PortalRequest, user: User, key_id: UUID) -> HttpResponse:
    """Undo a link."""
    with tenant_transaction(request.caisse):
        certificates.remove_key(actor=actor_of(user), key_id=key_id, user_id=user.id)
    messages.success(request, gettext("Undone. That account opens nothing here any more."))
    return redirect("me_openid")


def _page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    settings = settings_of(request.caisse)
    with tenant_transaction(request.caisse):
        keys = certificates.list_keys(user.id, "openid")
    context = {
        "keys": [(one, one.issuer == settings.issuer) for one in keys],
        "name": settings.name,
        "is_offered": settings.is_offered,
        "pending": pending.find(request.session, settings.issuer) if settings.is_offered else None,
        "by_own_means": pending.is_in_by_own_means(request.session),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/openid.html", context, status=error.status if error else 200)


MINE.add_page(
    AreaPage(
        "me_openid",
        N_("Account elsewhere"),
        N_("Sign in with an account that you have elsewhere."),
        order=45,
        offered=lambda caisse: settings_of(caisse).is_offered,
    )
)
urlpatterns = [
    path("openid/", show, name="me_openid"),
    path("openid/link/", link, name="me_openid_link"),
    path("openid/<uuid:key_id>/remove/", remove, name="me_openid_remove"),
]
