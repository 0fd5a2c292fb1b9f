"""The caisse's console, under /console/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.console import doctor, history, views
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

# Pages of their own come first: what is left over is the key of a section.
urlpatterns = [
    path("", views.index, name="console"),
    path("doctor/", doctor.show, name="console_doctor"),
    path("branding/preview/", preview.show, name="console_branding_preview"),
    path("branding/contrast/", preview.judge, name="console_branding_contrast"),
    path("<slug:key>/", views.section, name="console_section"),
    path("<slug:key>/history/", history.history, name="console_history"),
    path("<slug:key>/undo/", history.undo, name="console_undo"),
]
