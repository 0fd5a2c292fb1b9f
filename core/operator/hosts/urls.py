"""Addresses of the pages on a caisse's addresses."""

from __future__ import annotations

from django.urls import path

from core.operator.caisses.parts import CaissePart, add_caisse_part
from core.operator.hosts import rows, views

add_caisse_part(CaissePart("operator/caisse/_hosts.html", rows.read_part, order=20))
_CAISSE = "caisses/<slug:caisse_id>/hosts/"

urlpatterns = [
    path(_CAISSE, views.show, name="operator_hosts"),
    path(f"{_CAISSE}add/", views.add, name="operator_host_add"),
    path(f"{_CAISSE}check/", views.check, name="operator_host_check"),
    path(f"{_CAISSE}primary/", views.choose, name="operator_host_primary_own"),
    path(f"{_CAISSE}<uuid:host_id>/primary/", views.choose, name="operator_host_primary"),
    path(f"{_CAISSE}<uuid:host_id>/remove/", views.remove, name="operator_host_remove"),
]
