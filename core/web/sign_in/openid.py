"""Signing in by the caisse's OpenID provider: the way there, the way back, and the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.accounts import levels, reentry
from core.accounts.addresses import counted_address
from core.accounts.openid import flow, links, pending
from core.accounts.openid.errors import OpenIdInterrupted, OpenIdOther, OpenIdUnknown, OpenIdUnreachable
from core.accounts.openid.provider import settings_of
from core.accounts.redirects import safe_next
from core.accounts.sessions import METHODS_KEY
from core.kernel.errors import NotFound, RelaisError
from core.web.policies import person, public
from core.web.sign_in.outside import complete
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from core.accounts.models import User
    from core.accounts.openid.flow import Proof, Purpose
    from core.web.requests import PortalRequest


@public
@never_cache
@require_GET
def begin(request: PortalRequest) -> HttpResponse:
    """Go to the provider to sign in."""
    return go(request, purpose="sign_in", back=safe_next(request), user_id=None)


@person
@never_cache
@require_GET
def begin_again(request: PortalRequest, user: User) -> HttpResponse:
    """Go to the provider to prove anew who sits there, before what matters."""
    return go(request, purpose="reentry", back="", user_id=user.id)


def go(request: PortalRequest, *, purpose: Purpose, back: str, user_id: UUID | None) -> HttpResponse:
    """Lead to the provider; only from a page of ours or an address that somebody typed, never from elsewhere.

    A form could not lead there: the pages' policy allows forms to our own address alone.
    """
    if not settings_of(request.caisse).is_offered:
        raise NotFound
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return redirect("sign_in")
    address = request.build_absolute_uri(reverse("sign_in_openid_back"))
    try:
        url = flow.begin(
            caisse=request.caisse,
            session=request.session,
            redirect_uri=address,
            purpose=purpose,
            back=back,
            user_id=user_id,
        )
    except RelaisError as error:
        return _failed(request, error, again=purpose == "reentry")
    return redirect(url)


@public
@never_cache
@require_GET
def back(request: PortalRequest) -> HttpResponse:
    """Take what the provider answers: sign in, or offer to link the account."""
    if not settings_of(request.caisse).is_offered:
        raise NotFound
    again = flow.purpose_of(request.session) == "reentry"
    try:
        visit, proof = flow.finish(caisse=request.caisse, session=request.session, answer=request.GET.dict())
        if visit.purpose == "link":
            return _offer_link(request, visit.user_id, proof)
        user = links.verify_proof(caisse=request.caisse, proof=proof, address=counted_address(request))
        if visit.purpose == "reentry":
            return _confirm(request, user, visit.user_id, proof)
        return complete(request, user, levels.openid(proof.level), back=visit.back, at=proof.at)
    except OpenIdUnknown as error:
        if again:
            return _failed(request, OpenIdOther(**error.params), again=True)
        pending.keep(request.session, proof)
        return _failed(request, error, can_link=True)
    except RelaisError as error:
        return _failed(request, error, again=again)


@public
@never_cache
@require_GET
def out(request: PortalRequest) -> HttpResponse:
    """Say that one is signed out here, and lead to the end of the session at the provider."""
    settings = settings_of(request.caisse)
    if not settings.is_offered:
        raise NotFound
    try:
        address = flow.sign_out_address(request.caisse, request.build_absolute_uri(reverse("sign_in")))
    except OpenIdUnreachable:
        address = ""
    return render(request, "web/sign_in/openid_out.html", {"name": settings.name, "address": address})


def came_from_elsewhere(request: PortalRequest) -> bool:
    """Whether this session was opened by the provider's word, so that one may still be signed in there."""
    names = {levels.openid(level) for level in range(levels.KNOWLEDGE, levels.STRONG + 1)}
    used = {one["method"] for one in request.session.get(METHODS_KEY, [])}
    return bool(used & names) and settings_of(request.caisse).is_offered


def _offer_link(request: PortalRequest, user_id: str, proof: Proof) -> HttpResponse:
    user = request.identity.user
    if user is None or str(user.id) != user_id:
        raise OpenIdInterrupted  # somebody else sits there by now
    pending.keep(request.session, proof)
    return redirect("me_openid")


def _confirm(request: PortalRequest, proved: User, left_as: str, proof: Proof) -> HttpResponse:
    """Add the proof to her session where it is she who came back; what else is needed is asked for on the next page."""
    user = request.identity.user
    if user is None or str(user.id) != left_as:
        raise OpenIdInterrupted  # somebody else sits there by now
    if proved.id != user.id:
        raise OpenIdOther(name=settings_of(request.caisse).name)
    method = levels.openid(proof.level)
    reentry.prove_outside(caisse=request.caisse, session=request.session, user=user, method=method, at=proof.at)
    return redirect("sign_in_again")


def _failed(request: PortalRequest, error: RelaisError, *, can_link: bool = False, again: bool = False) -> HttpResponse:
    context = {
        "again": again and request.identity.is_authenticated,
        "name": settings_of(request.caisse).name,
        "refusal": in_words(error),
        "can_link": can_link,
        "link_url": f"{reverse('sign_in')}?{urlencode({'next': reverse('me_openid')})}",
    }
    return render(request, "web/sign_in/openid_failed.html", context, status=error.status)
