"""The entrance to what belongs to a person herself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from core.web.policies import person

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.web.requests import PortalRequest


@person
def show(request: PortalRequest, user: User) -> HttpResponse:
    """List what she can see and change about her own access."""
    return render(request, "web/me/index.html", {"person": user})
