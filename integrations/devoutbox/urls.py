"""The address of the embedded outbox; included on the platform's host in the embedded mode."""

from __future__ import annotations

from django.urls import path

from integrations.devoutbox.views import show_enclosure, show_outbox

urlpatterns = [
    path("", show_outbox, name="dev_outbox"),
    path("enclosures/<str:name>", show_enclosure, name="dev_enclosure"),
]
