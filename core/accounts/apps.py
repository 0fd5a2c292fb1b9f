"""Django's entry for the accounts room."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, parties and their ways in."""

    name = "core.accounts"
    label = "core_accounts"

    def ready(self) -> None:
        """Say which second factors there are, so that no caisse shuts itself out."""
        from core.accounts import policy  # noqa: PLC0415 -- app ready

        policy.register()
