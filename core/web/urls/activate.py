"""The activation of an access, under /activate/: short, since people type it from a letter."""

from __future__ import annotations

from django.urls import path

from core.web.views import activate

urlpatterns = [
    path("", activate.begin, name="activate"),
    path("password/", activate.password, name="activate_password"),
    path("mobile/", activate.mobile, name="activate_mobile"),
    path("confirm/", activate.confirm, name="activate_confirm"),
    path("leave/", activate.leave, name="activate_leave"),
]
