"""The stylesheet of a look that is not saved: its address says all of it, signed, for one session and one hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.configuration.sections import BrandingSection
from core.kernel.errors import NotFound
from core.web.branding import stylesheet
from core.web.policies import public

if TYPE_CHECKING:
    from uuid import UUID

    from core.web.requests import PortalRequest

_SECONDS = 3600


def draft_stylesheet_url(request: PortalRequest, branding: BrandingSection) -> str:
    """Return the address of the colours that somebody tries; it cannot be made up and ends by itself."""
    signed = signing.dumps([branding.accent, str(request.identity.session_id)], salt=_salt(request))
    return reverse("branding_draft", args=[signed])


@public
@require_GET
def css(request: PortalRequest, signed: str) -> HttpResponse:
    """The colours of a draft. A sandboxed frame sends no cookie, so the address itself is what is checked."""
    accent = _read(request, signed)
    text = stylesheet(BrandingSection(accent=accent))
    return HttpResponse(text, content_type="text/css", headers={"Cache-Control": "private, no-store"})


def _read(request: PortalRequest, signed: str) -> str:
    try:
        accent, _session = signing.loads(signed, salt=_salt(request), max_age=_SECONDS)
    except signing.BadSignature:
        raise NotFound from None
    return str(accent)


def _salt(request: PortalRequest) -> str:
    caisse_id: UUID | str = request.caisse.id
    return f"relais.branding.draft.{caisse_id}"
