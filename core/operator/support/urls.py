"""Addresses of support access, beneath a caisse's page."""

from __future__ import annotations

from django.urls import path

from core.operator.support import (
    acts,  # noqa: F401 -- keeps the platform's record
    part,  # noqa: F401 -- adds the part of a caisse's page
    views,
)

_CAISSE = "caisses/<slug:caisse_id>/support/"
urlpatterns = [
    path(f"{_CAISSE}ask/", views.ask, name="operator_caisse_support_ask"),
    path(f"{_CAISSE}<uuid:grant_id>/enter/", views.enter, name="operator_caisse_support_enter"),
]
