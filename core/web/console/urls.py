"""The caisse's console, under /console/."""

from __future__ import annotations

from django.urls import include, path

from core.configuration.registry import CONTACT, PERIODS
from core.kernel.text import N_
from core.web.console import addresses, doctor, figures, history, leaving, letters, terms, tokens, usage, views
from core.web.console.branding import preview
from core.web.console.menu import OPERATION, ConsolePage, add_page

add_page(
    ConsolePage(
        "console_doctor",
        N_("Examination"),
        N_("Whether everything behind the portal works, and what to do where it does not."),
        OPERATION,
        order=20,
        synonyms=N_("doctor, state, health, error, check, mail does not arrive"),
    )
)

add_page(
    ConsolePage(
        "console_terms",
        N_("Terms of use"),
        N_("Write and publish the terms, see what a new version changes, and who has accepted it."),
        CONTACT,
        order=30,
        synonyms=N_("charter, conditions, acceptance, agreement, contract"),
    )
)

add_page(
    ConsolePage(
        "console_letters",
        N_("Mails, SMS and letters"),
        N_("Every text that people receive: read it with sample values, write your own, go back to the platform's."),
        CONTACT,
        order=50,
        synonyms=N_("mail, letter, SMS, text, template, subject, merge field"),
    )
)

add_page(
    ConsolePage(
        "console_figures",
        N_("Dated figures"),
        N_("Every rate, ceiling and deadline with its days and its source, and what is still to be confirmed."),
        PERIODS,
        order=16,
        synonyms=N_("rate, ceiling, percent, limit, contribution, parameter"),
    )
)
add_page(
    ConsolePage(
        "console_addresses",
        N_("Addresses of the portal"),
        N_("Under which addresses your portal is reached, and how to get another."),
        OPERATION,
        order=10,
        synonyms=N_("host, domain, DNS, URL, link, certificate, web address"),
    )
)
add_page(
    ConsolePage(
        "console_usage",
        N_("Limits and usage"),
        N_("What this caisse may use of the platform, and how much of it is used."),
        OPERATION,
        order=30,
        synonyms=N_("quota, storage, disk space, SMS budget, volume, full"),
    )
)

add_page(
    ConsolePage(
        "console_tokens",
        N_("Access for programs"),
        N_("Tokens with which programs of yours read and change these settings by REST."),
        OPERATION,
        order=60,
        synonyms=N_("token, API, REST, interface, program"),
    )
)

add_page(
    ConsolePage(
        "console_leaving",
        N_("Exports and deletion"),
        N_("When the platform's operator exported everything, for which key, and whether a deletion was asked for."),
        OPERATION,
        order=40,
        synonyms=N_("export, backup, move, leave, copy of all data, delete"),
    )
)

# Pages of their own come first: what is left over is the key of a section.
urlpatterns = [
    path("", views.index, name="console"),
    path("leaving/", leaving.show, name="console_leaving"),
    path("usage/", usage.show, name="console_usage"),
    path("addresses/", addresses.show, name="console_addresses"),
    path("dated-figures/", figures.show, name="console_figures"),
    path("doctor/", doctor.show, name="console_doctor"),
    path("branding/preview/", preview.show, name="console_branding_preview"),
    path("branding/contrast/", preview.judge, name="console_branding_contrast"),
    path("terms-of-use/", terms.index, name="console_terms"),
    path("terms-of-use/<uuid:version_id>/", terms.version, name="console_terms_version"),
    path("terms-of-use/<uuid:version_id>/answers/", terms.answers, name="console_terms_answers"),
    path("terms-of-use/<uuid:version_id>/answers.xlsx", terms.export, name="console_terms_export"),
    path("tokens/", tokens.show, name="console_tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="console_tokens_revoke"),
    path("letters/", letters.index, name="console_letters"),
    path("letters/<str:text_code>/<slug:text_language>/", letters.text, name="console_letters_text"),
    path("leaflet/", include("core.web.enrolment.console_urls")),
    path("access-letters/", include("core.web.console.access_letters.urls")),
    path("people/", include("core.web.console.people.urls")),
    path("support/", include("core.web.console.support.urls")),
    path("<slug:key>/", views.section, name="console_section"),
    path("<slug:key>/history/", history.history, name="console_history"),
    path("<slug:key>/undo/", history.undo, name="console_undo"),
]
