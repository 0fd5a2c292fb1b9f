"""Where a sign-in may lead back to: the page of the console one came from, nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import reverse

from core.accounts.redirects import is_safe_path

if TYPE_CHECKING:
    from django.http import HttpRequest

_DEAD_ENDS = ("sign-in/", "sign-out/", "prove/", "enrol/")


def next_or_home(request: HttpRequest) -> str:
    """Return the ``next`` of the query or form where it is a page of the console, else its first page."""
    home = reverse("operator_home")
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    path = urlsplit(wanted).path
    inside = path.startswith(home) and not path.removeprefix(home).startswith(_DEAD_ENDS)
    return wanted if inside and is_safe_path(request, wanted) else home
