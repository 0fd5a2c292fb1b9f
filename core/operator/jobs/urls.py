"""Addresses of jobs."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.operator.jobs import listing, views
from core.operator.menu import PLATFORM, MenuEntry, add_entry
from core.operator.overview import Part, add_part

add_entry(MenuEntry("operator_jobs", N_("Work on caisses"), PLATFORM, order=25, beneath=("operator_job",)))
add_part(Part("operator/home/_jobs.html", views.read_unfinished, order=30))

urlpatterns = [
    path("jobs/", listing.show, name="operator_jobs"),
    path("jobs/list.xlsx", listing.export, name="operator_jobs_export"),
    path("jobs/<uuid:job_id>/", views.show, name="operator_job"),
    path("jobs/<uuid:job_id>/resume/", views.resume, name="operator_job_resume"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel, name="operator_job_cancel"),
]
