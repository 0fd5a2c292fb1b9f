"""Proving again who sits there, or more strongly, and back to where one was with everything that was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import reentry
from core.accounts.factors import list_offered
from core.accounts.levels import STRONG, TWO_FACTORS
from core.accounts.outside import certificates
from core.accounts.redirects import is_safe_path
from core.kernel.errors import NotFound, RelaisError
from core.web.policies import signed_in
from core.web.sign_in.keeping import KEPT, Needed, read_needed
from core.web.sign_in.means import find_means
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.factors import Asking, Factor
    from core.accounts.models import User
    from core.web.requests import PortalRequest
    from core.web.sign_in.means import Means


@signed_in
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PortalRequest) -> HttpResponse:
    """Ask for the password where it is needed, then for one of her factors."""
    needed = read_needed(request)
    if needed.is_met(request):
        return _back(request)
    means = find_means(request, _user(request), needed)
    if not means.can_reach:
        return _nothing_page(request, needed)
    if request.method != "POST":
        return _password_page(request, means) if _asks_first(means) else redirect("sign_in_again_ways")
    try:
        return _take_password(request, needed, means)
    except RelaisError as error:
        return _password_page(request, means, error)


@signed_in
@never_cache
@require_safe
def ways(request: PortalRequest) -> HttpResponse:
    """Let her choose among those of her factors that are strong enough."""
    needed = read_needed(request)
    means = find_means(request, _user(request), needed)
    if not means.factors and not means.strong_outside:
        return _nothing_page(request, needed)
    context = {
        "ways": means.factors,
        "outside": means.strong_outside,
        "start": "sign_in_again_way_start",
        "again": True,
        "fresh": needed.fresh,
    }
    return render(request, "web/sign_in/ways.html", context)


@signed_in
@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def way(request: PortalRequest, factor: str) -> HttpResponse:
    """Ask for one of her factors; a right answer leads back."""
    needed = read_needed(request)
    chosen = _find_way(request, needed, factor)
    if request.method != "POST":
        return _way_page(request, chosen)
    try:
        reentry.prove(_asking(request, chosen), chosen, request.POST.dict())
    except RelaisError as error:
        return _way_page(request, chosen, error)
    # The password may be missing, or have aged while a code was on its way: then it is asked for.
    return _back(request) if needed.is_met(request) else redirect("sign_in_again")


@signed_in
@never_cache
@require_POST
def start_way(request: PortalRequest, factor: str) -> HttpResponse:
    """Begin with one of her factors, or once more: an SMS is sent anew, and the earlier one stops working."""
    chosen = _find_way(request, read_needed(request), factor)
    try:
        reentry.start(_asking(request, chosen), chosen)
    except RelaisError as error:
        return _way_page(request, chosen, error)
    if "again" in request.POST:
        messages.success(request, gettext("A new code is on its way. The earlier one no longer counts."))
    return redirect(_address(chosen))


def _take_password(request: PortalRequest, needed: Needed, means: Means) -> HttpResponse:
    """Check the password, and go on to what is needed beside it; raises what the password or the factor refuses."""
    typed = request.POST.get("password", "")
    reentry.prove_password(caisse=request.caisse, session=request.session, user=_user(request), password=typed)
    if needed.is_met(request):
        request.session.cycle_key()
        return _back(request)
    if not means.factors:
        return redirect("sign_in_again_ways")
    # Who types a password has chosen not to use what would do without one.
    chosen = next((one for one in means.factors if one.level < STRONG), means.factors[0])
    reentry.start(_asking(request, chosen), chosen)
    return redirect(_address(chosen))


def _user(request: PortalRequest) -> User:
    user = request.identity.user
    if user is None:  # the policy has let in nobody without
        message = "nobody is signed in"
        raise RuntimeError(message)
    return user


def _asks_first(means: Means) -> bool:
    """Whether there is something to prove before a factor: a password, or an outside word where she has none."""
    return means.needs_first and (means.has_password or bool(means.outside_first))


def _list_ways(request: PortalRequest, needed: Needed) -> list[Factor]:
    found = reentry.list_ways(caisse=request.caisse, user=_user(request))
    return [one for one in found if needed.accepts(one)]


def _find_way(request: PortalRequest, needed: Needed, name: str) -> Factor:
    for one in _list_ways(request, needed):
        if one.name == name:
            return one
    raise NotFound


def _asking(request: PortalRequest, chosen: Factor) -> Asking:
    return reentry.asking(request=request, caisse=request.caisse, user=_user(request), way=chosen)


def _address(way: Factor) -> str:
    return reverse("sign_in_again_code") if way.name == "sms" else reverse("sign_in_again_way", args=[way.name])


def _back(request: PortalRequest) -> HttpResponse:
    """Lead back to the page; what was posted there is offered again, to be sent by one press."""
    kept = request.session.pop(KEPT, {})
    path = kept.get("path", "")
    if not path or not is_safe_path(request, path):
        return redirect("home")
    if "posted" not in kept:
        return redirect(path)
    return render(
        request, "web/sign_in/again_done.html", {"path": path, "posted": kept["posted"], "files": kept.get("files")}
    )


def _password_page(request: PortalRequest, means: Means, error: RelaisError | None = None) -> HttpResponse:
    context = {
        "refusal": in_words(error) if error else "",
        "name": _user(request).sign_in_name,
        "means": means,
        "has_others": bool(means.alone or means.outside_first),
    }
    return render(request, "web/sign_in/again.html", context, status=error.status if error else 200)


def _way_page(request: PortalRequest, chosen: Factor, error: RelaisError | None = None) -> HttpResponse:
    asked = _asking(request, chosen)
    context: dict[str, Any] = {
        **chosen.describe(asked),
        "way": chosen,
        "title": gettext("Confirm that it is you"),
        "action": _address(chosen),
        "challenge": reverse("sign_in_again_way_challenge"),
        "start": "sign_in_again_way_start",
        "others": "sign_in_again_ways",
        "again": True,
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/way.html", context, status=error.status if error else 200)


def _nothing_page(request: PortalRequest, needed: Needed) -> HttpResponse:
    """Say which ways would be strong enough, none of which she has, and lead to setting one up."""
    could = [one for one in list_offered(request.caisse) if one.level >= needed.level and not one.always]
    by_card = needed.level > TWO_FACTORS and certificates.is_offered(request.caisse)
    context = {"could": could, "by_card": by_card}
    return render(request, "web/sign_in/again_nothing.html", context, status=403)
