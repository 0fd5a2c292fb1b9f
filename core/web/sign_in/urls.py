"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import path

from core.web.sign_in import again, first_mobile, forgotten, openid, outside, own_password, passkey, remember, views

urlpatterns = [
    path("sign-in/", views.password, name="sign_in"),
    path("sign-in/", views.password, name="account_login"),
    path("sign-in/code/", views.way, {"factor": "sms"}, name="sign_in_code"),
    path("sign-in/code/again/", views.start_way, {"factor": "sms"}, name="sign_in_code_again"),
    path("sign-in/passkey/", passkey.sign_in, name="sign_in_passkey"),
    path("sign-in/passkey/challenge/", passkey.challenge, name="sign_in_passkey_challenge"),
    path("sign-in/by/passkey/challenge/", passkey.own_challenge, name="sign_in_way_challenge"),
    path("sign-in/again/by/passkey/challenge/", passkey.challenge_again, name="sign_in_again_way_challenge"),
    path("sign-in/ways/", views.ways, name="sign_in_ways"),
    path("sign-in/by/<slug:factor>/", views.way, name="sign_in_way"),
    path("sign-in/by/<slug:factor>/start/", views.start_way, name="sign_in_way_start"),
    path("sign-in/forgotten/", forgotten.begin, name="sign_in_forgotten"),
    path("sign-in/forgotten/code/", forgotten.code, name="sign_in_forgotten_code"),
    path("sign-in/remember/", remember.ask, name="sign_in_remember"),
    path("sign-in/mobile/", first_mobile.ask, name="sign_in_first_mobile"),
    path("sign-in/mobile/challenge/", first_mobile.challenge, name="sign_in_first_mobile_challenge"),
    path("sign-in/own-password/", own_password.choose, name="sign_in_own_password"),
    path("sign-in/again/", again.password, name="sign_in_again"),
    path("sign-in/again/code/", again.way, {"factor": "sms"}, name="sign_in_again_code"),
    path("sign-in/again/code/new/", again.start_way, {"factor": "sms"}, name="sign_in_again_code_new"),
    path("sign-in/again/ways/", again.ways, name="sign_in_again_ways"),
    path("sign-in/again/by/<slug:factor>/", again.way, name="sign_in_again_way"),
    path("sign-in/again/by/<slug:factor>/start/", again.start_way, name="sign_in_again_way_start"),
    path("sign-in/again/certificate/", outside.certificate_again, name="sign_in_again_certificate"),
    path("sign-in/again/openid/", openid.begin_again, name="sign_in_again_openid"),
    path("sign-in/certificate/", outside.certificate, name="sign_in_certificate"),
    path("sign-in/openid/", openid.begin, name="sign_in_openid"),
    path("sign-in/openid/back/", openid.back, name="sign_in_openid_back"),
    path("sign-in/openid/out/", openid.out, name="sign_in_openid_out"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
