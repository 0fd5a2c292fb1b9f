"""Where a sign-in may lead back to: the page one came from, within this caisse, nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.urls import get_script_prefix
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest

_DEAD_ENDS = ("sign-in/", "sign-out/")


def is_safe_path(request: HttpRequest, url: str) -> bool:
    """Whether ``url`` is a page of this caisse on this host and no part of signing in or out."""
    if not url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return False
    path, prefix = urlsplit(url).path, get_script_prefix()
    return path.startswith(prefix) and ".." not in path and not path.removeprefix(prefix).startswith(_DEAD_ENDS)


def safe_next(request: HttpRequest) -> str:
    """Return the ``next`` of the query or form where it is safe, else an empty string."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted and is_safe_path(request, wanted) else ""
