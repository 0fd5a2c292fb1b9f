"""Addresses of the pages on caisses that leave or arrive."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.operator.caisses.parts import CaissePart, add_caisse_part
from core.operator.leaving import bringing, discarding, listing, reading, views
from core.operator.menu import PLATFORM, MenuEntry, add_entry

reading.register()
add_entry(MenuEntry("operator_import", N_("Import of a caisse"), PLATFORM, order=22))
add_entry(MenuEntry("operator_deletions", N_("Deletions"), PLATFORM, order=35, beneath=("operator_deletion",)))
add_caisse_part(CaissePart("operator/caisse/_leaving.html", reading.read_part, order=75))

urlpatterns = [
    path("caisses/<slug:caisse_id>/export/", views.export, name="operator_caisse_export"),
    path("caisses/<slug:caisse_id>/delete/", views.delete, name="operator_caisse_delete"),
    path("caisses/<slug:caisse_id>/discard/", discarding.discard, name="operator_caisse_discard"),
    path("exports/<uuid:export_id>/", views.fetch, name="operator_export"),
    path("import/", bringing.bring, name="operator_import"),
    path("deletions/", listing.show, name="operator_deletions"),
    path("deletions/list.xlsx", listing.export, name="operator_deletions_export"),
    path("deletions/<uuid:deletion_id>/", views.deletion, name="operator_deletion"),
    path("deletions/<uuid:deletion_id>/confirm/", views.confirm, name="operator_deletion_confirm"),
    path("deletions/<uuid:deletion_id>/cancel/", views.cancel, name="operator_deletion_cancel"),
    path("deletions/<uuid:deletion_id>/certificate/<slug:part>/", views.certificate, name="operator_certificate"),
]
