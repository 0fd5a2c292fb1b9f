"""A party's mandates, under /p/<party>/company/mandates/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.areas import ACTING, COMPANY, AreaPage
from core.web.company.mandates import lists, many, one, requests, views

COMPANY.add_page(
    AreaPage(
        "company_mandates", N_("Mandates"), N_("Who acts for whom, in what and until when."), order=30, group=ACTING
    )
)
_ONE, _REQUEST = "<uuid:mandate_id>/", "requests/<uuid:asked_id>/"

urlpatterns = [
    path("", views.show, name="company_mandates"),
    path("export.xlsx", views.export, name="company_mandates_export"),
    path("ask/", requests.ask, name="company_mandates_ask"),
    path("many/", many.many, name="company_mandates_workbook"),
    path("many/template.xlsx", many.template, name="company_mandates_template"),
    path("many/<uuid:list_id>/", lists.show, name="company_mandates_list"),
    path("many/<uuid:list_id>/progress/", lists.progress, name="company_mandates_list_progress"),
    path(_REQUEST, requests.answer, name="company_mandates_request"),
    path(_ONE, one.show, name="company_mandates_one"),
    path(f"{_ONE}change/", one.change, name="company_mandates_change"),
    path(f"{_ONE}end/", one.end, name="company_mandates_end"),
    path(f"{_ONE}confirm/", one.confirm, name="company_mandates_confirm"),
]
