"""Django's entry for the outbox room."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Outbox entries of a caisse."""

    name = "core.outbox"
    label = "core_outbox"
