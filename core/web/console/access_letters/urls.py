"""Activation letters, under /console/access-letters/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.console.access_letters import campaign, listing, starting
from core.web.console.menu import PEOPLE, ConsolePage, add_page

add_page(
    ConsolePage(
        "console_access_letters",
        N_("Activation letters"),
        N_("Invite employers and insured persons by letter: one file for the printer, and what became of each letter."),
        PEOPLE,
        order=20,
        synonyms=N_("campaign, activation code, registration, invitation, mailing, print, envelope, returned letters"),
    )
)

_ONE = "<uuid:campaign_id>/"
urlpatterns = [
    path("", listing.index, name="console_access_letters"),
    path("campaigns.xlsx", listing.export, name="console_access_letters_list_export"),
    path("new/", starting.new, name="console_access_letters_new"),
    path("sample.png", starting.sample, name="console_access_letters_sample"),
    path(_ONE, campaign.show, name="console_access_letters_one"),
    path(f"{_ONE}progress/", campaign.progress, name="console_access_letters_progress"),
    path(f"{_ONE}letters.pdf", campaign.fetch, name="console_access_letters_fetch"),
    path(f"{_ONE}clear/", campaign.clear, name="console_access_letters_clear"),
    path(f"{_ONE}letters.xlsx", campaign.export, name="console_access_letters_export"),
]
