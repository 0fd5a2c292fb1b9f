"""Addresses of a caisse's colours and logo."""

from __future__ import annotations

from django.urls import path

from core.web.views import branding

urlpatterns = [
    path("<slug:version>.css", branding.css, name="branding_css"),
    path("<slug:version>/logo.svg", branding.logo, name="branding_logo"),
]
