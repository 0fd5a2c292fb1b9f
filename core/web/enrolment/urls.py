"""Addresses of enrolment that are open to everybody: the form under /join/, the registration under /private/."""

from __future__ import annotations

from django.urls import path

from core.web.enrolment import join, private

urlpatterns = [
    path("join/", join.begin, name="join"),
    path("join/charter/", join.answer, name="join_answer"),
    path("join/details/", join.details, name="join_details"),
    path("join/confirm/", join.confirm, name="join_confirm"),
    path("join/sent/", join.done, name="join_done"),
    path("join/leave/", join.leave, name="join_leave"),
    path("private/", private.register, name="private"),
    path("private/<slug:code>/", private.register, name="private_code"),
]
