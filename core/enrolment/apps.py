"""Django's entry for the room of enrolments."""

from __future__ import annotations

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """Applications for access."""

    name = "core.enrolment"
    label = "core_enrolment"

    def ready(self) -> None:
        """Declare the section and the texts of this room, and have what was left lying cleared away."""
        from core.accounts import upkeep  # noqa: PLC0415 -- models are loaded only now
        from core.enrolment import clearing, section, texts  # noqa: F401, PLC0415 -- models are loaded only now

        upkeep.register(clearing.remove_left_lying)
