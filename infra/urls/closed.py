"""What answers on the host of a suspended caisse: its colours, the languages, and one page for the rest."""

from __future__ import annotations

from django.urls import include, path, re_path

from core.web.views import closed

urlpatterns = [
    path("health/", include("core.web.urls.health")),
    path("branding/", include("core.web.urls.branding")),
    path("legal/", include("core.web.urls.legal")),
    path("language/", include("core.web.urls.language")),
    path("", closed.show, name="home"),
    path("sign-out/", closed.show, name="sign_out"),
    re_path("", closed.show, name="check"),
]
handler400 = "core.web.views.errors.bad_request"
handler403 = "core.web.views.errors.forbidden"
handler404 = "core.web.views.errors.not_found"
handler500 = "core.web.views.errors.server_error"
