"""Support access, under /console/support/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.console.menu import PEOPLE, ConsolePage, add_page
from core.web.console.support import views

add_page(
    ConsolePage(
        "console_support",
        N_("Support access"),
        N_("Let an operator of the platform look in for a purpose and a time; see what she does; end it."),
        PEOPLE,
        order=20,
        synonyms=N_("operator, help, remote, look in, provider, host, consent"),
    )
)

urlpatterns = [
    path("", views.support, name="console_support"),
    path("grant/", views.grant, name="console_support_grant"),
    path("<uuid:grant_id>/", views.acts, name="console_support_acts"),
    path("<uuid:grant_id>/acts.xlsx", views.export, name="console_support_export"),
    path("<uuid:grant_id>/answer/", views.answer, name="console_support_answer"),
    path("<uuid:grant_id>/end/", views.end, name="console_support_end"),
]
