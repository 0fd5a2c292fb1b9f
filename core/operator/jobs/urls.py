"""Addresses of jobs."""

from __future__ import annotations

from django.urls import path

from core.operator.jobs import views
from core.operator.overview import Part, add_part

add_part(Part("operator/home/_jobs.html", views.read_unfinished, order=30))

urlpatterns = [
    path("jobs/<uuid:job_id>/", views.show, name="operator_job"),
    path("jobs/<uuid:job_id>/resume/", views.resume, name="operator_job_resume"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel, name="operator_job_cancel"),
]
