"""Signing in by the certificate that the browser presents, and how any sign-in from outside is completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts import reentry
from core.accounts.addresses import counted_address
from core.accounts.levels import CERTIFICATE
from core.accounts.outside import certificates, proxy
from core.accounts.outside.errors import CertificateOther
from core.accounts.redirects import safe_next
from core.kernel.errors import NotFound, RelaisError
from core.web.policies import person, public
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: PortalRequest) -> HttpResponse:
    """Say which certificate the browser presents, and sign in by it; who is in already is proved more strongly."""
    if not certificates.is_offered(request.caisse):
        raise NotFound
    if request.method != "POST":
        return _page(request)
    try:
        user = _verify(request)
    except RelaisError as error:
        return _page(request, error)
    return complete(request, user, CERTIFICATE, back=safe_next(request))


@person
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_again(request: PortalRequest, user: User) -> HttpResponse:
    """Prove by one's own certificate who sits there, before what matters; the session goes on."""
    if not certificates.is_offered(request.caisse):
        raise NotFound
    if request.method != "POST":
        return _page(request, again=True)
    try:
        if _verify(request).id != user.id:
            raise CertificateOther
    except RelaisError as error:
        return _page(request, error, again=True)
    reentry.prove_outside(caisse=request.caisse, session=request.session, user=user, method=CERTIFICATE)
    return redirect("sign_in_again")


def complete(request: PortalRequest, user: User, method: str, *, back: str, at: float | None = None) -> HttpResponse:
    """Go on with what a sign-in still needs, or add the proof to the session that is open for the same person.

    ``at`` says when it was proved, if not just now. Raises what a second factor that is still needed raises, such as
    ``no_second_factor``.
    """
    known = request.identity.user
    if known is not None and known.id == user.id:
        reentry.prove_outside(caisse=request.caisse, session=request.session, user=user, method=method, at=at)
        return redirect(back or "home")
    if known is not None:
        request.session.flush()  # another person's account: nothing of the session before goes on
    record_authentication(request, user, method=method, at=at)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=back or None))
    return response


def _verify(request: PortalRequest) -> User:
    shown = certificates.present_certificate(request)
    return certificates.verify_certificate(caisse=request.caisse, certificate=shown, address=counted_address(request))


def _page(request: PortalRequest, error: RelaisError | None = None, *, again: bool = False) -> HttpResponse:
    context = {
        "again": again,
        "shown": proxy.read_certificate(request),
        "next": safe_next(request),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/certificate.html", context, status=error.status if error else 200)
