"""The portal's entrance and the language switch."""

from __future__ import annotations

from django.urls import path

from core.web.views import announcements, language, portal, support_entry

urlpatterns = [
    path("", portal.home, name="home"),
    path("support/enter/", support_entry.enter, name="support_enter"),
    path("language/", language.choose, name="choose_language"),
    path("announcements/put-away/", announcements.put_away, name="put_away"),
]
