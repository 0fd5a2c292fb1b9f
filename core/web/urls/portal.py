"""The portal's entrance and the language switch."""

from __future__ import annotations

from django.urls import include, path

from core.web.views import announcements, clients, due, language, portal, support_entry

urlpatterns = [
    path("", portal.home, name="home"),
    path("clients/", clients.show, name="clients"),
    path("clients/upload/", include("core.web.batches.urls")),
    path("clients/export.xlsx", clients.export, name="clients_export"),
    path("due/", due.show, name="due"),
    path("due/export.xlsx", due.export, name="due_export"),
    path("support/enter/", support_entry.enter, name="support_enter"),
    path("language/", language.choose, name="choose_language"),
    path("announcements/put-away/", announcements.put_away, name="put_away"),
]
