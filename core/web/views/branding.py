"""Stylesheet and logo of a caisse, under addresses that change with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from core.configuration import configuration
from core.configuration.sections import BrandingSection
from core.web.branding import stylesheet
from core.web.policies import public

if TYPE_CHECKING:
    from core.web.requests import PortalRequest

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@public
@require_GET
def css(request: PortalRequest, version: str) -> HttpResponse:
    """The caisse's colours."""
    del version
    text = stylesheet(configuration.get(request.caisse, BrandingSection))
    return HttpResponse(text, content_type="text/css", headers=FOREVER)


@public
@require_GET
def logo(request: PortalRequest, version: str) -> HttpResponse:
    """The caisse's logo, as an image that can do nothing else."""
    del version
    text = configuration.get(request.caisse, BrandingSection).logo_svg
    if not text:
        raise Http404
    response = HttpResponse(text, content_type="image/svg+xml", headers=FOREVER)
    response._csp_replace = {"default-src": ["'none'"], "sandbox": []}  # type: ignore[attr-defined]  # django-csp's way
    return response
