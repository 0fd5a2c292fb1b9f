"""Addresses of the wizard, below those of the caisses."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.operator.creating import made, views
from core.operator.menu import PLATFORM, MenuEntry, add_entry

made.register()
add_entry(MenuEntry("operator_caisse_new", N_("New caisse"), PLATFORM, order=20))

urlpatterns = [
    path("caisses/new/", views.new, name="operator_caisse_new"),
    path("caisses/new/check/", views.check_slug, name="operator_caisse_new_check"),
    path("caisses/new/<uuid:job_id>/", views.place, name="operator_caisse_new_place"),
    path("caisses/new/<uuid:job_id>/administrator/", views.administrator, name="operator_caisse_new_administrator"),
    path("caisses/new/<uuid:job_id>/review/", views.review, name="operator_caisse_new_review"),
    path("caisses/new/<uuid:job_id>/drop/", views.drop, name="operator_caisse_new_drop"),
    path("caisses/new/<uuid:job_id>/correct/", views.correct, name="operator_caisse_new_correct"),
]
