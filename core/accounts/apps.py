"""Django's entry for the accounts room."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, parties and their ways in."""

    name = "core.accounts"
    label = "core_accounts"
