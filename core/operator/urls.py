"""The operators' console, under /operator/ on the platform's own host."""

from __future__ import annotations

from django.urls import include, path

from core.kernel.text import N_
from core.operator.menu import PLATFORM, MenuEntry, add_entry
from core.operator.overview import Part, add_part
from core.operator.views import home, parts, sign_in

add_entry(MenuEntry("operator_home", N_("Overview"), PLATFORM, order=0))
add_part(Part("operator/home/_acts.html", parts.read_acts, order=90))

urlpatterns = [
    path("", home.show, name="operator_home"),
    path("sign-in/", sign_in.sign_in, name="operator_sign_in"),
    path("sign-out/", sign_in.sign_out, name="operator_sign_out"),
    path("prove/", sign_in.prove, name="operator_prove"),
    path("", include("core.operator.creating.urls")),
    path("", include("core.operator.hosts.urls")),
    path("", include("core.operator.jobs.urls")),
]
