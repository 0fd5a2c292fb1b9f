"""Pages about oneself, under /me/."""

from __future__ import annotations

from django.urls import path

from core.web.me import views

urlpatterns = [
    path("", views.show, name="me"),
]
