"""Addresses of a caisse's colours, logo and icon."""

from __future__ import annotations

from django.urls import path

from core.web.console.branding import drafts
from core.web.views import branding

urlpatterns = [
    path("draft/<str:signed>.css", drafts.css, name="branding_draft"),
    path("<slug:version>.css", branding.css, name="branding_css"),
    path("<slug:version>/<str:name>", branding.image, name="branding_image"),
]
