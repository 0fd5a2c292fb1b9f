"""The users of a company, under /p/<party>/company/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.areas import COMPANY, USERS, AreaPage
from core.web.company.users import inviting, leave, listing, matrix, one, requests, reviewing, themes

_PAGES = (
    (
        "company_users",
        N_("Users"),
        N_("Who may enter for your company, in what and until when; invite, change, end."),
        10,
    ),
    (
        "company_themes",
        N_("Themes of the company"),
        N_("Which of the caisse’s themes your company uses here, and which it declines."),
        20,
    ),
    ("company_requests", N_("Requests for access"), N_("Who asks for a theme, a client, or to become a user."), 30),
    ("company_review", N_("Review of accesses"), N_("These people have access: is that still right?"), 40),
    ("company_changes", N_("Who changed what"), N_("Every change among the users of your company, newest first."), 45),
)
for _name, _title, _help, _order in _PAGES:
    COMPANY.add_page(AreaPage(_name, _title, _help, order=_order, administrators_only=True, own_only=True, group=USERS))

_ONE = "users/<uuid:membership_id>/"
urlpatterns = [
    path("users/", listing.users, name="company_users"),
    path("users/export.xlsx", listing.export, name="company_users_export"),
    path("users/invite/", inviting.invite, name="company_users_invite"),
    path("users/table/", matrix.matrix, name="company_users_matrix"),
    path(_ONE, one.show, name="company_users_one"),
    path(f"{_ONE}change/", one.change, name="company_users_change"),
    path(f"{_ONE}code/", one.reissue, name="company_users_code"),
    path(f"{_ONE}resume/", one.resume, name="company_users_resume"),
    path(f"{_ONE}substitute/", one.substitute, name="company_users_substitute"),
    path(f"{_ONE}substitute/<uuid:substitution_id>/end/", one.end_substitution, name="company_users_substitute_end"),
    path(f"{_ONE}leave/", leave.leave, name="company_users_leave"),
    path("themes/", themes.themes, name="company_themes"),
    path("requests/", requests.requests, name="company_requests"),
    path("requests/<uuid:wish_id>/", requests.answer, name="company_requests_answer"),
    path("requests/<uuid:wish_id>/admit/", requests.admit, name="company_requests_admit"),
    path("review/", reviewing.reviewing, name="company_review"),
    path("changes/", listing.changes, name="company_changes"),
]
