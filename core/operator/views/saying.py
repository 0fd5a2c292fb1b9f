"""An error in the reader's language, and the origin that the browser must name to a passkey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.kernel.errors import RelaisError


def say(error: RelaisError) -> str:
    """Return the error's sentence."""
    text = gettext(error.message)
    return text % error.params if error.params else text


def origin_of(request: HttpRequest) -> str:
    """Return this page's origin; the host map has let only the platform's own host come so far."""
    return f"{request.scheme}://{request.get_host()}"
