"""Settings for the type checker and for commands that need no database."""

from __future__ import annotations

from infra.settings.base import *  # noqa: F403 -- settings are layered by Django's own convention

SECRET_KEY = "only-for-static-checks"  # noqa: S105 -- signs nothing
DATABASES = {"default": {"ENGINE": "tenants.backend", "NAME": "none"}}
SIGNING_KEY_FILE = None
DEV_OUTBOX_FOLDER = DOCUMENT_FOLDER = DATA_DIR  # noqa: F405 -- from base
LISTEN_DATABASE_URL = ""
