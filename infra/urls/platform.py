"""What answers on the platform's own host."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from infra.views import home

urlpatterns = [
    path("", home.show, name="platform_home"),
    path("health/", include("core.web.urls.health")),
    path("i18n/", include("core.web.urls.language")),
    path("operator/", include("core.operator.urls")),
]
if settings.EMBEDDED:
    urlpatterns += [path("dev/outbox/", include("integrations.devoutbox.urls"))]
handler400 = "core.web.views.errors.bad_request"
handler403 = "core.web.views.errors.forbidden"
handler404 = "core.web.views.errors.not_found"
handler500 = "core.web.views.errors.server_error"
