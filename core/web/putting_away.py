"""Announcements that somebody has read and put away; remembered in her browser only, as digests of their texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.accounts.cookies import cookie_of
from core.web.languages import ONE_YEAR_SECONDS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_DIGEST = re.compile(r"[0-9a-f]{12}")
_MOST = 30


def list_put_away(request: HttpRequest) -> list[str]:
    """Return the digests that this browser brings."""
    return _DIGEST.findall(request.COOKIES.get(cookie_of(request, "read").name, "")[: _MOST * 13])


def put_away(request: HttpRequest, response: HttpResponse, digest: str) -> None:
    """Add a digest to the browser's cookie; the oldest go when they become many."""
    if not _DIGEST.fullmatch(digest):
        return
    cookie = cookie_of(request, "read")
    kept = [one for one in list_put_away(request) if one != digest][-_MOST + 1 :]
    cookie.write(response, ".".join([*kept, digest]))
    response.cookies[cookie.name]["max-age"] = ONE_YEAR_SECONDS
