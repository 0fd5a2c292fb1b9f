"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import path

from core.web.sign_in import again, views

urlpatterns = [
    path("sign-in/", views.password, name="sign_in"),
    path("sign-in/", views.password, name="account_login"),
    path("sign-in/code/", views.code, name="sign_in_code"),
    path("sign-in/code/again/", views.send_again, name="sign_in_code_again"),
    path("sign-in/again/", again.password, name="sign_in_again"),
    path("sign-in/again/code/", again.code, name="sign_in_again_code"),
    path("sign-in/again/code/new/", again.send_again, name="sign_in_again_code_new"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
