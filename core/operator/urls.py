"""The operators' console, under /operator/ on the platform's own host."""

from __future__ import annotations

from django.urls import include, path

from core.kernel.text import N_
from core.operator.menu import PEOPLE, PLATFORM, MenuEntry, add_entry
from core.operator.overview import Part, add_part
from core.operator.views import acts, enrol, home, me, parts, people, sign_in

add_entry(MenuEntry("operator_home", N_("Overview"), PLATFORM, order=0))
add_entry(MenuEntry("operator_people", N_("Operators"), PEOPLE, order=10))
add_entry(MenuEntry("operator_me", N_("My sign-in"), PEOPLE, order=20, beneath=("operator_prove",)))
add_entry(MenuEntry("operator_acts", N_("What was done"), PEOPLE, order=30))
add_part(Part("operator/home/_acts.html", parts.read_acts, order=90))

urlpatterns = [
    path("", home.show, name="operator_home"),
    path("sign-in/", sign_in.sign_in, name="operator_sign_in"),
    path("sign-in/challenge/", sign_in.challenge, name="operator_challenge"),
    path("sign-out/", sign_in.sign_out, name="operator_sign_out"),
    path("prove/", sign_in.prove, name="operator_prove"),
    path("enrol/<str:token>/", enrol.enrol, name="operator_enrol"),
    path("enrol/<str:token>/challenge/", enrol.challenge, name="operator_enrol_challenge"),
    path("me/", me.show, name="operator_me"),
    path("me/challenge/", me.challenge, name="operator_me_challenge"),
    path("me/passkey/", me.passkey, name="operator_me_passkey"),
    path("me/passkey/<uuid:passkey_id>/remove/", me.remove_passkey, name="operator_me_passkey_remove"),
    path("me/password/", me.password, name="operator_me_password"),
    path("me/password/remove/", me.remove_password, name="operator_me_password_remove"),
    path("me/session/end/", me.end_session, name="operator_me_session_end"),
    path("me/sign-out-everywhere/", me.sign_out_everywhere, name="operator_me_everywhere"),
    path("people/", people.show, name="operator_people"),
    path("people/operators.xlsx", people.export, name="operator_people_export"),
    path("people/add/", people.add, name="operator_people_add"),
    path("people/<uuid:operator_id>/<slug:step>/", people.step, name="operator_people_step"),
    path("acts/", acts.show, name="operator_acts"),
    path("acts/export/", acts.export, name="operator_acts_export"),
    path("", include("core.operator.creating.urls")),
    path("", include("core.operator.hosts.urls")),
    path("", include("core.operator.jobs.urls")),
    path("", include("core.operator.leaving.urls")),
    path("", include("core.operator.caisses.urls")),
    path("", include("core.operator.support.urls")),
]
