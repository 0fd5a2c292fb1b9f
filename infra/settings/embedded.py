"""The default: one machine, nothing installed beforehand, mail and SMS kept in /dev/outbox/."""

from __future__ import annotations

from infra.embedded import local
from infra.settings.base import *  # noqa: F403 -- settings are layered by Django's own convention
from infra.settings.base import BROKER_URL, DATA_DIR, INSTALLED_APPS

EMBEDDED = True
DEMO_OPERATOR = "olga@relais.example"
INSTALLED_APPS = [*INSTALLED_APPS, "integrations.devoutbox"]
_local = local.read(DATA_DIR)

SECRET_KEY = _local.secret_key
DATABASES = _local.databases
BROKER_URL = BROKER_URL or _local.broker_url
SIGNING_KEY_FILE = DATA_DIR / "signing" / "keys.json"
DOCUMENT_FOLDER = DATA_DIR / "documents"
DEV_OUTBOX_FOLDER = DATA_DIR / "dev-outbox"
WHITENOISE_AUTOREFRESH = False
