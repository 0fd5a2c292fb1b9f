"""Pages about the company, under /p/<party>/company/."""

from __future__ import annotations

from django.urls import include, path

from core.web.company import renounce, views

urlpatterns = [
    path("mandates/", include("core.web.company.mandates.urls")),
    path("", views.show, name="company"),
    path("", include("core.web.company.acting_urls")),
    path("staff/", include("core.web.enrolment.company_urls")),
    path("", include("core.web.company.users.urls")),
    *renounce.urlpatterns,
]
