"""Addresses of the pages on caisses; caisses are named by their id, which never changes."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.operator.caisses import own_parts  # noqa: F401 -- adds the parts of a caisse's page
from core.operator.menu import PLATFORM, MenuEntry, add_entry
from core.operator.overview import Part, add_part
from core.operator.views import caisse, caisses, notices, usage
from core.operator.views.attention import read_attention

_BENEATH = ("operator_caisse", "operator_host")
add_entry(MenuEntry("operator_caisses", N_("Caisses"), PLATFORM, order=10, beneath=_BENEATH))
add_entry(MenuEntry("operator_usage", N_("Usage"), PLATFORM, order=30))
add_entry(MenuEntry("operator_notices", N_("Notices for all"), PLATFORM, order=40))
add_part(Part("operator/home/_attention.html", read_attention, order=10))

_CAISSE = "caisses/<slug:caisse_id>/"
urlpatterns = [
    path("caisses/", caisses.show, name="operator_caisses"),
    path("caisses/list.xlsx", caisses.export, name="operator_caisses_export"),
    path(_CAISSE, caisse.show, name="operator_caisse"),
    path(f"{_CAISSE}suspend/", caisse.suspend, name="operator_caisse_suspend"),
    path(f"{_CAISSE}resume/", caisse.resume, name="operator_caisse_resume"),
    path(f"{_CAISSE}limits/", caisse.limits, name="operator_caisse_limits"),
    path("usage/", usage.show, name="operator_usage"),
    path("usage/usage.xlsx", usage.export, name="operator_usage_export"),
    path("notices/", notices.show, name="operator_notices"),
    path("notices/new/", notices.write, name="operator_notices_new"),
    path("notices/<uuid:notice_id>/end/", notices.end, name="operator_notices_end"),
]
