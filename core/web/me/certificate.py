"""A person's own certificates: registered while the browser presents one, and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.outside import certificates, proxy
from core.accounts.outside.actors import actor_of
from core.kernel.errors import Conflict, InvalidInput
from core.kernel.text import N_
from core.web.areas import MINE, AreaPage
from core.web.policies import person, recent
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
    """Show what is registered and what the browser presents; a POST registers that."""
    if request.method != "POST":
        return _page(request, user)
    try:
        shown = certificates.present_certificate(request)
        with tenant_transaction(request.caisse):
            certificates.register_certificate(actor=actor_of(user), user_id=user.id, certificate=shown)
    except (InvalidInput, Conflict) as error:
        return _page(request, user, error)
    messages.success(request, gettext("Registered. From now on this certificate opens your account."))
    return redirect("me_certificate")


@person
@recent
@require_POST
def remove(request: PortalRequest, user: User, key_id: UUID) -> HttpResponse:
    """Make a certificate useless here."""
    with tenant_transaction(request.caisse):
        certificates.remove_key(actor=actor_of(user), key_id=key_id, user_id=user.id)
    messages.success(request, gettext("Removed. This certificate opens nothing here any more."))
    return redirect("me_certificate")


def _page(request: PortalRequest, user: User, error: RelaisError | None = None) -> HttpResponse:
    with tenant_transaction(request.caisse):
        keys = certificates.list_keys(user.id, "certificate")
    shown = proxy.read_certificate(request)
    context = {
        "keys": keys,
        "shown": shown,
        "is_known": shown is not None and any(one.fingerprint == shown.fingerprint for one in keys),
        "is_offered": certificates.is_offered(request.caisse),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/me/certificate.html", context, status=error.status if error else 200)


MINE.add_page(
    AreaPage(
        "me_certificate",
        N_("Certificates"),
        N_("Sign in by a card or a certificate of your company."),
        order=40,
        offered=certificates.is_offered,
    )
)
urlpatterns = [
    path("certificate/", show, name="me_certificate"),
    path("certificate/<uuid:key_id>/remove/", remove, name="me_certificate_remove"),
]
