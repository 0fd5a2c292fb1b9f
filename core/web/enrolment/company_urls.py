"""Addresses of a company's page for its staff, under /p/<party>/company/staff/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.areas import COMPANY, USERS, AreaPage
from core.web.enrolment import company

COMPANY.add_page(
    AreaPage(
        "company_staff",
        N_("Leaflet for the staff"),
        N_("How your people come to an access of their own: the link, your code, and a leaflet to print."),
        order=60,
        administrators_only=True,
        kinds=frozenset({"employer", "agent"}),
        group=USERS,
    )
)

urlpatterns = [
    path("", company.show, name="company_staff"),
    path("leaflet.pdf", company.leaflet, name="company_staff_leaflet"),
    path("code/", company.replace, name="company_staff_code"),
]
