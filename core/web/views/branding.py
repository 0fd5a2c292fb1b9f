"""Stylesheet, logo and icon of a caisse, under addresses that change with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from core.configuration import configuration
from core.configuration.rasters import read_png
from core.configuration.sections import BrandingSection
from core.web.branding import stylesheet
from core.web.policies import public

if TYPE_CHECKING:
    from core.web.requests import PortalRequest

SVG = "image/svg+xml"
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
def image(request: PortalRequest, version: str, name: str) -> HttpResponse:
    """The caisse's logo or icon, as an image that can do nothing else."""
    del version
    content, kind = _find_image(configuration.get(request.caisse, BrandingSection), name)
    if not content:
        raise Http404
    response = HttpResponse(content, content_type=kind, headers={**FOREVER, "X-Content-Type-Options": "nosniff"})
    response._csp_replace = {"default-src": ["'none'"], "sandbox": []}  # type: ignore[attr-defined]  # django-csp's way
    return response


def _find_image(branding: BrandingSection, name: str) -> tuple[str | bytes, str]:
    match name:
        case "logo.svg":
            return branding.logo_svg, SVG
        case "logo.png" if branding.logo_png:
            return read_png(branding.logo_png), "image/png"
        case "favicon.svg":
            return branding.favicon_svg, SVG
    return "", SVG
