"""Composition at start: ports are bound, bells installed, telemetry begun."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class InfraConfig(AppConfig):
    """The last app to become ready; everything below it is registered by then."""

    name = "infra"
    label = "infra"

    def ready(self) -> None:
        """Bind what the rooms left open."""
        from infra import wiring  # noqa: PLC0415 -- app ready

        wiring.bind()
        if settings.OTLP_ENDPOINT:
            from infra.telemetry import otlp  # noqa: PLC0415 -- the exporters are loaded only where they are used

            otlp.start(settings.OTLP_ENDPOINT, service="relais", version=settings.VERSION)
