"""What answers at the root of a host that several caisses share, each under a path of its own."""

from __future__ import annotations

from django.urls import include, path

from infra.views import home

urlpatterns = [
    path("", home.show, name="platform_home"),
    path("health/", include("core.web.urls.health")),
    path("i18n/", include("core.web.urls.language")),
]
handler400 = "core.web.views.errors.bad_request"
handler403 = "core.web.views.errors.forbidden"
handler404 = "core.web.views.errors.not_found"
handler500 = "core.web.views.errors.server_error"
