"""Acts for the company and reports of its people, under /p/<party>/company/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.areas import ACTING, COMPANY, AreaPage
from core.web.company import acting

COMPANY.add_page(
    AreaPage(
        "company_acts",
        N_("Who acted"),
        N_("Every act in the company's name: who, when, through whom."),
        order=40,
        group=ACTING,
    )
)
COMPANY.add_page(
    AreaPage(
        "company_incidents",
        N_("Reports on accesses"),
        N_("Lost phones and foreign acts that your people reported, and their way back."),
        order=41,
        administrators_only=True,
        group=ACTING,
    )
)

urlpatterns = [
    path("acts/", acting.list_acts, name="company_acts"),
    path("acts/export.xlsx", acting.export_acts, name="company_acts_export"),
    path("incidents/", acting.incidents, name="company_incidents"),
    path("incidents/export.xlsx", acting.export_incidents, name="company_incidents_export"),
    path("incidents/<uuid:incident_id>/enrol/", acting.enrol, name="company_incidents_enrol"),
]
