"""@Private: an insured person registers herself with her number, her birth date and a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts.addresses import counted_address
from core.enrolment.joining import check_open
from core.enrolment.numbers import kind_of_number
from core.enrolment.registering import register_person
from core.kernel.errors import RelaisError, TooManyAttempts
from core.web.activating.keeping import Enrolment
from core.web.policies import public
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.web.requests import PortalRequest


@public
@never_cache
@sensitive_post_parameters("number", "birth_date", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: PortalRequest, code: str = "") -> HttpResponse:
    """Ask for the three; where they fit, the steps of the activation follow. Looking at the page uses nothing up."""
    check_open(request.caisse, "private")
    if request.method != "POST":
        return _page(request, code)
    posted = request.POST
    try:
        opened = register_person(
            caisse=request.caisse,
            number=posted.get("number", ""),
            birth_date=posted.get("birth_date", ""),
            code=posted.get("code", ""),
            language=get_language() or "",
            address=counted_address(request),
        )
    except RelaisError as error:
        return _page(request, posted.get("code", ""), error)
    Enrolment.start(request, opened)
    return redirect("activate")


def _page(request: PortalRequest, code: str, error: RelaisError | None = None) -> HttpResponse:
    kind = kind_of_number(request.caisse, "insured")
    section = check_open(request.caisse, "private")
    context: dict[str, Any] = {
        "code": code[:40],
        "number": request.POST.get("number", ""),
        "birth_date": request.POST.get("birth_date", ""),
        "example": kind.examples[0] if kind.examples else "",
        "inputmode": kind.widget().inputmode,
        "by_letter": "letter" in section.private_codes,
        "by_employer": "employer" in section.private_codes,
        "refusal": in_words(error) if error else "",
        "locked": isinstance(error, TooManyAttempts),
    }
    return render(request, "web/enrolment/private.html", context, status=error.status if error else 200)
