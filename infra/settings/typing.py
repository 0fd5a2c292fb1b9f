"""Settings for the type checker and for commands that need no database."""

from __future__ import annotations

from infra.settings.base import *  # noqa: F403 -- settings are layered by Django's own convention

SECRET_KEY = "only-for-static-checks"  # noqa: S105 -- signs nothing
DATABASES = {"default": {"ENGINE": "tenants.backend", "NAME": "none"}}
SIGNING_KEY_FILE = None
DEV_OUTBOX_FOLDER = DOCUMENT_FOLDER = DATA_DIR
LISTEN_DATABASE_URL = ""
S3_ENDPOINT = S3_BUCKET = S3_KEY = S3_SECRET = ""
SMTP_URL = MAIL_FROM = SMS_GATEWAY_URL = SMS_GATEWAY_TOKEN = CLAMD_ADDRESS = ""
