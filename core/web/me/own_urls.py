"""Addresses of one's own password, profile and remembered browsers."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from core.accounts.policy import sign_in_policy
from core.kernel.text import N_
from core.web.areas import MINE, AreaPage
from core.web.me import browsers, password, profile


class ReachConverter(StringConverter):
    """How the portal reaches somebody."""

    regex = "email|mobile"


register_converter(ReachConverter, "reach")
MINE.add_page(
    AreaPage("me_profile", N_("Profile"), N_("Your name, language, e-mail, mobile, and your data as a file."), 10)
)
MINE.add_page(AreaPage("me_password", N_("Password"), N_("Choose another password."), 20))
MINE.add_page(
    AreaPage(
        "me_browsers",
        N_("Remembered browsers"),
        N_("Where your password alone lets you in for some days."),
        order=40,
        offered=lambda caisse: sign_in_policy(caisse).trusted_device_days > 0,
    )
)

urlpatterns = [
    path("profile/", profile.show, name="me_profile"),
    path("profile/data/", profile.export_page, name="me_profile_data"),
    path("profile/data/file/", profile.export, name="me_profile_file"),
    path("profile/<reach:what>/", profile.change, name="me_profile_change"),
    path("profile/<reach:what>/code/", profile.confirm, name="me_profile_confirm"),
    path("password/", password.change, name="me_password"),
    path("browsers/", browsers.show, name="me_browsers"),
    path("browsers/<uuid:device_id>/forget/", browsers.forget, name="me_browsers_forget"),
]
