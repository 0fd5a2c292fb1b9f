"""Django's entry for the configuration room; joins the making of a caisse."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    """Configuration of a caisse."""

    name = "core.configuration"
    label = "core_configuration"

    def ready(self) -> None:
        """Hear of changes, join the making of a caisse, the jobs and the directory, and add this room's checks."""
        from core.configuration import (  # noqa: PLC0415 -- app ready
            configuration,
            directory,
            doctor,
            figures,
            floors,
            jobs,
            provisioning,
        )

        configuration.start_listening()
        provisioning.register()
        floors.register()
        figures.register()
        jobs.register()
        directory.register()
        doctor.register()
