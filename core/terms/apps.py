"""Django's entry for the room of terms."""

from __future__ import annotations

from django.apps import AppConfig


class TermsConfig(AppConfig):
    """Terms of use of a caisse."""

    name = "core.terms"
    label = "core_terms"

    def ready(self) -> None:
        """Hear of publications, bind the effects, add this room's check, show the terms to new users, renew."""
        from core.terms import doctor, enrolling, memory, own, renewing, telling  # noqa: PLC0415 -- models are loaded only now

        memory.start_listening()
        telling.register()
        doctor.register()
        enrolling.register()
        renewing.register()
        own.register()
