"""Pages about the company, under /p/<party>/company/."""

from __future__ import annotations

from django.urls import include, path

from core.web.company import views

urlpatterns = [
    path("", views.show, name="company"),
    path("", include("core.web.company.acting_urls")),
]
