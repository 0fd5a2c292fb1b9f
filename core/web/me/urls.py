"""Pages about oneself, under /me/."""

from __future__ import annotations

from django.urls import include, path

from core.web.me import certificate, openid, views

urlpatterns = [
    path("", views.show, name="me"),
    path("", include("core.web.me.own_urls")),
    path("", include("core.web.me.safety_urls")),
    path("factors/", include("core.web.me.factors_urls")),
    path("", include("core.web.me.access.urls")),
    *certificate.urlpatterns,
    *openid.urlpatterns,
]
