"""Production: demands what the embedded default fills in; a missing value stops the start."""

from __future__ import annotations

from pathlib import Path

from infra import env
from infra.settings.base import *  # noqa: F403 -- settings are layered by Django's own convention

SECRET_KEY = env.text("RELAIS_SECRET_KEY")
PLATFORM_DOMAIN = env.text("RELAIS_PLATFORM_DOMAIN")
PUBLIC_SCHEME = "https"
PUBLIC_PORT = env.number("RELAIS_PUBLIC_PORT", 443)
_CONNECTION = {
    "ENGINE": "tenants.backend",
    "CONN_MAX_AGE": env.number("RELAIS_CONNECTION_SECONDS", 180),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    # A server that is cut off says nothing: without these a request would wait for minutes.
    "OPTIONS": {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    },
}
DATABASES = {"default": {**_CONNECTION, **env.database(env.text("RELAIS_DATABASE_URL"))}}
if _provisioner := env.text("RELAIS_PROVISIONER_URL", ""):
    # Only commands and the provisioning worker are given this address.
    DATABASES["provisioner"] = {**_CONNECTION, **env.database(_provisioner)}
LISTEN_DATABASE_URL = env.text("RELAIS_LISTEN_DATABASE_URL", env.text("RELAIS_DATABASE_URL"))

BROKER_URL = env.text("RELAIS_BROKER_URL")
DOCUMENT_STORE = "s3"
S3_ENDPOINT = env.text("RELAIS_S3_ENDPOINT")
S3_BUCKET = env.text("RELAIS_S3_BUCKET")
S3_KEY = env.text("RELAIS_S3_KEY")
S3_SECRET = env.text("RELAIS_S3_SECRET")
VIRUS_SCANNER = "clamav"
CLAMD_ADDRESS = env.text("RELAIS_CLAMD")
MAIL_SENDER = "smtp"
SMTP_URL = env.text("RELAIS_SMTP_URL")
MAIL_FROM = env.text("RELAIS_MAIL_FROM")
SMS_SENDER = "http"
SMS_GATEWAY_URL = env.text("RELAIS_SMS_URL")
SMS_GATEWAY_TOKEN = env.text("RELAIS_SMS_TOKEN")
# Without a folder nothing can be set to go by post.
LETTER_FOLDER = env.text("RELAIS_LETTER_FOLDER", "")
LETTER_PRINTER = "folder" if LETTER_FOLDER else "none"
SIGNING_KEY_FILE = Path(env.text("RELAIS_SIGNING_KEY_FILE"))

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("RELAIS_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
