"""Addresses of enrolment at the desk, under /clerk/applications/."""

from __future__ import annotations

from django.urls import path

from core.web.enrolment import desk_case, desk_counter, desk_inviting, desk_leaflet, desk_list

_ONE = "<uuid:application_id>/"
urlpatterns = [
    path("", desk_list.applications, name="desk_applications"),
    path("applications.xlsx", desk_list.export, name="desk_applications_export"),
    path("new/", desk_counter.begin, name="desk_application_new"),
    path("invite/", desk_inviting.many, name="desk_application_invite"),
    path("invite/<uuid:party_id>/", desk_inviting.one, name="desk_party_invite"),
    path("leaflet/<uuid:party_id>/", desk_leaflet.of_employer, name="desk_party_leaflet"),
    path(_ONE, desk_case.show, name="desk_application"),
    path(f"{_ONE}approve/", desk_case.approve, name="desk_application_approve"),
    path(f"{_ONE}refuse/", desk_case.refuse, name="desk_application_refuse"),
    path(f"{_ONE}remind/", desk_case.remind, name="desk_application_remind"),
    path(f"{_ONE}codes/<uuid:user_id>/", desk_case.reissue, name="desk_application_reissue"),
    path(f"{_ONE}paper/", desk_counter.paper, name="desk_application_paper"),
]
