"""The caisse's console, under /console/."""

from __future__ import annotations

from django.urls import path

from core.web.console import doctor, views

urlpatterns = [
    path("", views.index, name="console"),
    path("doctor/", doctor.show, name="console_doctor"),
    path("<slug:key>/", views.section, name="console_section"),
    path("<slug:key>/history/", views.history, name="console_history"),
]
