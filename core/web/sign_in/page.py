"""The sign-in page itself, with what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from core.accounts.factors.passkeys import is_alone_enough
from core.web.sign_in.names import describe_names
from core.web.views.desk_case import in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.errors import RelaisError
    from core.web.requests import PortalRequest


def password_page(request: PortalRequest, back: str, error: RelaisError | None = None) -> HttpResponse:
    """Return the page that asks for name and password, or for a passkey where that alone is enough."""
    context = {
        "next": back,
        "names": describe_names(request.caisse),
        "name": request.POST.get("name", ""),
        "by_passkey": is_alone_enough(request.caisse),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/sign_in/password.html", context, status=error.status if error else 200)
