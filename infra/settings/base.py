"""Everything that both the embedded default and production share."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

import themes
from infra import env

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.text("RELAIS_DATA", str(BASE_DIR / ".relais"))).resolve()
VERSION = "0.1.0"

DEBUG = False
EMBEDDED = False
# Whose one-time password the embedded outbox shows; nobody's in production.
DEMO_OPERATOR = ""

# --- Addresses -----------------------------------------------------------------------------
PLATFORM_DOMAIN = env.text("RELAIS_PLATFORM_DOMAIN", "localhost")
PUBLIC_SCHEME = "http"
PUBLIC_PORT = env.number("PORT", 8000)
# Exact hosts come from the host map (tenants.hosts); anything else is answered 404 there.
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "infra.urls.caisse"
CAISSE_URLCONF = "infra.urls.caisse"
PLATFORM_URLCONF = "infra.urls.platform"
SHARED_URLCONF = "infra.urls.shared"
CLOSED_URLCONF = "infra.urls.closed"
WSGI_APPLICATION = "infra.wsgi.application"
TRUSTED_PROXY_COUNT = env.number("RELAIS_TRUSTED_PROXIES", 0)
# Which proxy may say whose client certificate it has verified: by a secret, by its addresses, or by both.
CERTIFICATE_PROXY_SECRET = env.secret("RELAIS_CERTIFICATE_PROXY_SECRET", least=32)
CERTIFICATE_PROXIES = env.networks("RELAIS_CERTIFICATE_PROXIES")

# --- Apps ----------------------------------------------------------------------------------
THEME_APPS = themes.list_apps()  # folders with a theme.py, also below RELAIS_THEME_PATHS
# django-tenants is a library here, not an app: its commands would work around the scopes.
SHARED_APPS = ["tenants", "core.transfer", "core.operator"]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "core.audit",
    "core.outbox",
    "core.configuration",
    "core.notices",
    "core.accounts",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "core.documents",
    "core.terms",
    "core.enrolment",
    "core.messaging",
    "core.letters",
    *THEME_APPS,
]
PLAIN_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "core.catalogue",
    "core.web",
    "core.api",
    "core.jurisdictions.ch",
    "core.jurisdictions.dj",
    "core.jurisdictions.fr",
    "infra",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *PLAIN_APPS]
TENANT_MODEL = "tenants.Caisse"
TENANT_DOMAIN_MODEL = "tenants.Host"
PUBLIC_SCHEMA_NAME = "platform"
DATABASE_ROUTERS = ["tenants.router.SchemaRouter"]
AUTH_USER_MODEL = "core_accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Requests ------------------------------------------------------------------------------
MIDDLEWARE = [
    "infra.middleware.RequestTelemetryMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tenants.middleware.CaisseMiddleware",
    "core.accounts.middleware.SessionMiddleware",
    "core.accounts.middleware.CsrfMiddleware",
    "core.accounts.middleware.IdentityMiddleware",
    "core.operator.middleware.OperatorMiddleware",
    "core.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.web.middleware.ProblemMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "core.web.context.page",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

# --- Languages -----------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("de", "Deutsch"), ("it", "Italiano"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "infra" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Sign-in -------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["core.accounts.backends.PasswordBackend"]
PASSWORD_HASHERS = ["core.accounts.hashers.BoundedArgon2Hasher"]
SESSION_ENGINE = "core.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.web.views.errors.csrf_failure"
LOGIN_URL = "sign_in"
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "contact_email"
ACCOUNT_RATE_LIMITS = False  # its counters live in the cache and are not atomic; ours are rows

# --- Headers -------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# --- Static files --------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "infra" / "static"
STATICFILES_DIRS = [BASE_DIR / "infra" / "assets" / "dist"]
WHITENOISE_MAX_AGE = 31_536_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "tenants.cache.CaisseLocMemCache"}}

# --- REST ----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.accounts.api_auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.HasActor"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Relais",
    "DESCRIPTION": _("Declarations, messages, documents and receipts of one caisse."),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # a change names its revision: nothing of its body may be left out
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.document.complete",
    ],
}

# --- Work beside requests ------------------------------------------------------------------
BROKER_URL = env.text("RELAIS_BROKER_URL", "")
OUTBOX_SWEEP_SECONDS = env.number("RELAIS_OUTBOX_SWEEP_SECONDS", 5)
OUTBOX_LEASE_SECONDS = env.number("RELAIS_OUTBOX_LEASE_SECONDS", 120)
# Private networks in which portals may live, such as 10.20.0.0/16: a look at their addresses may go there.
HOST_CHECK_NETWORKS = env.text("RELAIS_HOST_CHECK_NETWORKS", "").replace(",", " ").split()
DELETION_WAIT_DAYS = env.number("RELAIS_DELETION_WAIT_DAYS", 30)
SLUG_KEPT_DAYS = env.number("RELAIS_SLUG_KEPT_DAYS", 180)
EXPORT_KEPT_DAYS = env.number("RELAIS_EXPORT_KEPT_DAYS", 7)
JOB_LEASE_SECONDS = env.number("RELAIS_JOB_LEASE_SECONDS", 30)

# --- Limits of a caisse that was given none of its own (tenants/quotas.py) -------------------
QUOTAS = {
    "storage_bytes": env.number("RELAIS_QUOTA_STORAGE_GIB", 100) * 2**30,
    "sms_per_hour": env.number("RELAIS_QUOTA_SMS_PER_HOUR", 1000),
    "sms_per_day": env.number("RELAIS_QUOTA_SMS_PER_DAY", 5000),
    "uploads_at_once": env.number("RELAIS_QUOTA_UPLOADS_AT_ONCE", 1),
    "api_per_minute": env.number("RELAIS_QUOTA_API_PER_MINUTE", 600),
    "background_share": env.number("RELAIS_QUOTA_BACKGROUND_SHARE", 2),
}

# --- Ports (bound in infra/wiring.py) ------------------------------------------------------
DOCUMENT_STORE = "localfolder"
VIRUS_SCANNER = "structure"
MAIL_SENDER = "devoutbox"
SMS_SENDER = "devoutbox"
LETTER_PRINTER = "devoutbox"
LETTER_FOLDER = ""
ELM_SCHEMA_DIR = env.text("RELAIS_ELM_SCHEMAS", "")

# --- Telemetry -----------------------------------------------------------------------------
OTLP_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "")
LOGGING_CONFIG = "infra.telemetry.logs.configure"
LOGGING = {"level": env.text("RELAIS_LOG_LEVEL", "INFO")}
