"""Addresses of a person's own second factors, under /me/factors/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.areas import MINE, AreaPage
from core.web.me import factors

urlpatterns = [
    path("", factors.show, name="me_factors"),
    path("app/", factors.app, name="me_factors_app"),
    path("passkey/", factors.passkey, name="me_factors_passkey"),
    path("passkey/challenge/", factors.challenge, name="me_factors_passkey_challenge"),
    path("codes/", factors.codes, name="me_factors_codes"),
    path("later/", factors.later, name="me_factors_later"),
    path("<uuid:factor_id>/", factors.one, name="me_factors_one"),
    path("<uuid:factor_id>/remove/", factors.remove, name="me_factors_remove"),
]

MINE.add_page(
    AreaPage(
        name="me_factors",
        title=N_("How I sign in"),
        help=N_("Passkeys, apps for one-time passwords and recovery codes: set up, name and remove them."),
        order=10,
    )
)
