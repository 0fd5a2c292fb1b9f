"""One's own places in companies, under /me/access/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.areas import MINE, AreaPage
from core.web.me.access import views

MINE.add_page(
    AreaPage(
        "me_access",
        N_("Companies and substitutes"),
        N_("For which companies you enter, who stands in for you, and asking for more."),
        order=40,
    )
)
urlpatterns = [
    path("access/", views.show, name="me_access"),
    path("access/join/", views.join, name="me_access_join"),
    path("access/ask/", views.ask, name="me_access_ask"),
    path("access/requests/<uuid:wish_id>/withdraw/", views.withdraw, name="me_access_withdraw"),
    path("access/substitute/", views.substitute, name="me_access_substitute"),
    path("access/substitute/<uuid:substitution_id>/end/", views.end_substitution, name="me_access_substitute_end"),
]
