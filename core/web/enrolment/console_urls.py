"""The caisse's leaflet, under /console/leaflet/."""

from __future__ import annotations

from django.urls import path

from core.configuration.registry import ACCESS
from core.kernel.text import N_
from core.web.console.menu import ConsolePage, add_page
from core.web.enrolment import console

add_page(
    ConsolePage(
        "console_leaflet",
        N_("Invitations and leaflet"),
        N_("Invite many companies at once, and print the leaflet with which insured persons register."),
        ACCESS,
        order=6,
        synonyms=N_("flyer, QR, poster, private, invite, adhesion, enrolment, charter, application, new employer"),
    )
)

urlpatterns = [
    path("", console.show, name="console_leaflet"),
]
