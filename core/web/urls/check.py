"""The public check of a receipt."""

from __future__ import annotations

from django.urls import path

from core.web.views import check

urlpatterns = [
    path("", check.ask, name="check"),
    path("trust-list.json", check.trust_list, name="trust_list"),
    path("<str:code>/", check.show, name="check_code"),
]
