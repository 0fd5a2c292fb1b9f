"""What answers on a caisse's host."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("core.api.urls")),
    path("activate/", include("core.web.urls.activate")),
    path("health/", include("core.web.urls.health")),
    path("branding/", include("core.web.urls.branding")),
    path("check/", include("core.web.urls.check")),
    path("clerk/", include("core.web.urls.desk")),
    path("console/", include("core.web.console.urls")),
    path("help/", include("core.web.incidents.urls")),
    path("legal/", include("core.web.urls.legal")),
    path("me/", include("core.web.me.urls")),
    path("p/<uuid:party>/", include("core.web.urls.party")),
    path("", include("core.web.enrolment.urls")),
    path("", include("core.web.sign_in.urls")),
    path("", include("core.web.urls.portal")),
]
handler400 = "core.web.views.errors.bad_request"
handler403 = "core.web.views.errors.forbidden"
handler404 = "core.web.views.errors.not_found"
handler500 = "core.web.views.errors.server_error"
