"""The legal pages, under /legal/."""

from __future__ import annotations

from django.urls import path

from core.web.views import legal, requirements, terms

urlpatterns = [
    path("", legal.show, name="legal"),
    path("requirements/", requirements.show, name="requirements"),
    path("terms/", terms.publish, name="legal_terms"),
]
