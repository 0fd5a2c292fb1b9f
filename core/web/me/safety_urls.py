"""One's own sessions, history of sign-ins and reports, under /me/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.areas import MINE, AreaPage
from core.web.me import safety

MINE.add_page(
    AreaPage(
        "me_sessions", N_("Sessions and devices"), N_("Where you are signed in now; sign out elsewhere."), order=40
    )
)
MINE.add_page(
    AreaPage("me_history", N_("Sign-ins"), N_("When, from where and how somebody signed in or tried to."), order=41)
)
MINE.add_page(
    AreaPage(
        "me_security",
        N_("Report and block"),
        N_("Phone lost, an act that was not yours, a suspicious request."),
        order=42,
    )
)

urlpatterns = [
    path("sessions/", safety.sessions, name="me_sessions"),
    path("sessions/others/end/", safety.end_others, name="me_sessions_end_others"),
    path("sessions/<uuid:session_id>/end/", safety.end_session, name="me_sessions_end"),
    path("history/", safety.sign_ins, name="me_history"),
    path("history/export.xlsx", safety.export, name="me_history_export"),
    path("security/", safety.security, name="me_security"),
    path("security/<uuid:incident_id>/receipt.pdf", safety.receipt, name="me_security_receipt"),
]
