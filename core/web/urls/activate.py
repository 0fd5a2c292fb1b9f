"""The activation of an access, under /activate/: short, since people type it from a letter."""

from __future__ import annotations

from django.urls import path

from core.web.activating import account, factor
from core.web.views import activate

urlpatterns = [
    path("", activate.begin, name="activate"),
    path("email/", activate.give_email, name="activate_email"),
    path("email/confirm/", activate.confirm_email, name="activate_email_code"),
    path("names/", activate.give_names, name="activate_names"),
    path("password/", activate.choose_password, name="activate_password"),
    path("mobile/", activate.give_mobile, name="activate_mobile"),
    path("confirm/", activate.confirm_mobile, name="activate_confirm"),
    path("factor/", factor.set_up, name="activate_factor"),
    path("factor/challenge/", factor.challenge, name="activate_factor_challenge"),
    path("account/", account.join, name="activate_account"),
    path("leave/", activate.leave, name="activate_leave"),
]
